"""On a real Prometheus that scrapes the running stack every expression of the dashboards returns
data, every rule is evaluated, and no alert fires that says something is broken.
"""

from collections.abc import Iterator

import pytest

from deploy.grafana.boards import expressions
from deploy.grafana.query import concrete
from deploy.prometheus.alerts import ALERTS
from deploy.prometheus.recordings import RECORDINGS
from tests.integration.prometheus_server import RealPrometheus
from tests.system.conftest import Played
from tests.system.watched import living

SPAN = "10s"
_FIRING = 'ALERTS{alertstate="firing"}'
pytestmark = [
    pytest.mark.kafka,
    pytest.mark.redis,
    pytest.mark.prometheus,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module", autouse=True)
def live_citizens(
    prometheus: RealPrometheus,  # noqa: ARG001  it watches from the start
    played: Played,
) -> Iterator[None]:
    """Citizens who come and go, one of them refused, as long as the tests look."""
    with living(played.stack, played.plan, flows=10):
        yield


@pytest.mark.parametrize("expression", expressions())
def test_the_expression_returns_data(prometheus: RealPrometheus, expression: str) -> None:
    assert prometheus.wait_for(concrete(expression, SPAN), seconds=60), expression


@pytest.mark.parametrize("recording", [rule.name for rule in RECORDINGS])
def test_the_recording_is_recorded(prometheus: RealPrometheus, recording: str) -> None:
    assert prometheus.wait_for(recording, seconds=60), recording


def test_every_alert_is_asked_without_an_error(prometheus: RealPrometheus) -> None:
    rules = [rule for group in prometheus.rules() for rule in group["rules"]]
    asked = {rule["name"] for rule in rules if rule["type"] == "alerting"}
    assert asked == {alert.name for alert in ALERTS}
    assert {rule["name"]: rule["lastError"] for rule in rules if rule.get("lastError")} == {}


def test_a_healthy_stack_raises_no_alert_but_of_what_its_sources_do(
    prometheus: RealPrometheus,
) -> None:
    """Nobody connected some of them, and those of the history send latecomers."""
    firing = {alert["metric"]["alertname"] for alert in prometheus.ask(_FIRING)}
    assert firing - {"SourceNeverHeard", "RefusalsGrow", "EventsLate"} == set()
