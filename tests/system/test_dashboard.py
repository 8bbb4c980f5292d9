"""On a real Prometheus that scrapes the running stack every expression of the dashboards returns
data, every rule is evaluated, and no alert fires that says something is broken.
"""

from collections.abc import Iterator

import pytest

from deploy.grafana.boards import expressions
from deploy.grafana.query import concrete
from deploy.local.process import Processes
from deploy.prometheus.alerts import ALERTS
from deploy.prometheus.recordings import RECORDINGS
from tests.integration.prometheus_server import RealPrometheus
from tests.system.conftest import Played
from tests.system.watched import living, watching

SPAN = "10s"
pytestmark = [
    pytest.mark.kafka,
    pytest.mark.redis,
    pytest.mark.prometheus,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module", autouse=True)
def live_citizens(played: Played) -> Iterator[None]:
    """Citizens who come and go, one of them refused, as long as the tests look."""
    with living(played.stack, played.plan, flows=10):
        yield


@pytest.fixture(scope="module")
def server(
    played: Played,
    processes: Processes,
    prometheus_program: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealPrometheus]:
    folder = tmp_path_factory.mktemp("prometheus") / "server"
    with watching(played.stack, prometheus_program, folder, processes) as running:
        yield running


@pytest.mark.parametrize("expression", expressions())
def test_the_expression_returns_data(server: RealPrometheus, expression: str) -> None:
    assert server.wait_for(concrete(expression, SPAN), seconds=60), expression


@pytest.mark.parametrize("recording", [rule.name for rule in RECORDINGS])
def test_the_recording_is_recorded(server: RealPrometheus, recording: str) -> None:
    assert server.wait_for(recording, seconds=60), recording


def test_every_alert_is_asked_without_an_error(server: RealPrometheus) -> None:
    rules = [rule for group in server.rules() for rule in group["rules"]]
    asked = {rule["name"] for rule in rules if rule["type"] == "alerting"}
    assert asked == {alert.name for alert in ALERTS}
    assert {rule["name"]: rule["lastError"] for rule in rules if rule.get("lastError")} == {}


def test_a_healthy_stack_raises_no_alert_but_of_sources_that_nobody_connected(
    server: RealPrometheus,
) -> None:
    unconnected = {"SourceNeverHeard", "RefusalsGrow"}
    found = {sample["metric"]["alertname"] for sample in server.ask('ALERTS{alertstate="firing"}')}
    assert found - unconnected == set()
