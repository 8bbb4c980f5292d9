"""A real Prometheus reads every expression of the dashboards, and makes the right numbers of it.

That every expression finds data is asked of the running stack, in tests/system/test_dashboard.py.
"""

import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIServer

import pytest
from prometheus_client import CollectorRegistry, Counter, start_http_server

from deploy.grafana.boards import BOARDS, expressions
from deploy.grafana.query import concrete, most
from deploy.local.process import Processes
from deploy.prometheus import build as scraping
from tests.integration.prometheus_server import RealPrometheus

pytestmark = pytest.mark.prometheus
SPAN = "6s"
SERVICE = {"agency": "passport-office", "service": "passport-renewal"}
ENDED = {"success": 8, "negative_but_correct": 1, "abandoned": 4, "informed": 5}
ANSWERS = {"1": 1, "2": 2, "3": 3, "4": 6, "5": 12}


class Exporter:
    """Our metrics' names and labels with numbers that grow by the same amounts at every scrape."""

    def __init__(self, registry: CollectorRegistry) -> None:
        names = ["agency", "service", "channel", "outcome", "identity"]
        answer = ["agency", "service", "construct", "scale", "answer"]
        self.ended, self.reopened, self.answers, self.withdrawn = (
            Counter(f"throughline_{name}", "x", labels, registry=registry)
            for name, labels in (
                ("journeys_ended", names),
                ("journeys_ended_retracted", names),
                ("survey_answers", answer),
                ("survey_answers_retracted", answer),
            )
        )
        self.grow(0)

    def grow(self, times: int = 1) -> None:
        """Add one round of everything; one of the two refusals that ended was reopened."""
        for outcome, n in ENDED.items():
            labels = {**SERVICE, "channel": "website", "outcome": outcome, "identity": "linked"}
            self.ended.labels(**labels).inc((n + 1) * times)
            self.reopened.labels(**labels).inc(times)
        for answer, n in ANSWERS.items():
            asked = {**SERVICE, "construct": "satisfaction", "scale": "1..5", "answer": answer}
            self.answers.labels(**asked).inc(n * times)
            self.withdrawn.labels(**asked).inc(0)


@pytest.fixture(scope="module")
def exporter() -> Iterator[WSGIServer]:
    """Serves the metrics and makes them grow four times a second."""
    registry = CollectorRegistry()
    numbers, stopped = Exporter(registry), threading.Event()

    def grow() -> None:
        while not stopped.wait(0.25):
            numbers.grow()

    server, serving = start_http_server(0, "127.0.0.1", registry)
    growing = threading.Thread(target=grow)
    growing.start()
    yield server
    stopped.set()
    growing.join()
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture(scope="module")
def prometheus(
    exporter: WSGIServer,
    prometheus_program: str,
    processes: Processes,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealPrometheus]:
    folder = tmp_path_factory.mktemp("prometheus") / "server"
    address = f"127.0.0.1:{exporter.server_port}"
    addresses = {"metrics": address}
    with RealPrometheus.running(prometheus_program, folder, processes, addresses) as server:
        yield server


@pytest.mark.parametrize("expression", expressions())
def test_prometheus_reads_every_expression(prometheus: RealPrometheus, expression: str) -> None:
    assert prometheus.formatted(concrete(expression, SPAN))


def first_of(title: str) -> str:
    [panel] = [p for board in BOARDS for p in board.panels if p.title == title]
    return concrete(panel.queries[0].expression, SPAN)


def test_completion_is_what_ended_complete_of_what_ended_and_is_no_mere_information(
    prometheus: RealPrometheus,
) -> None:
    [sample] = prometheus.wait_for(first_of("Completion"))
    assert sample["metric"]["service"] == "passport-renewal"
    assert float(sample["value"][1]) == pytest.approx(9 / 13, rel=1e-6)


def test_satisfied_are_the_two_best_answers_of_all(prometheus: RealPrometheus) -> None:
    [sample] = prometheus.wait_for(first_of("Satisfied answers"))
    assert float(sample["value"][1]) == pytest.approx(18 / 24, rel=1e-6)


def test_ended_is_net_of_what_was_reopened(prometheus: RealPrometheus) -> None:
    found = prometheus.wait_for(first_of("Journeys ended, by outcome"))
    net = {sample["metric"]["outcome"]: float(sample["value"][1]) for sample in found}
    assert net.keys() == ENDED.keys()
    per_one = net["negative_but_correct"]
    assert {outcome: n / per_one for outcome, n in net.items()} == pytest.approx(ENDED)


def test_counters_of_journeys_lose_their_instance_and_the_process_keeps_its_own(
    prometheus: RealPrometheus,
) -> None:
    [ended] = prometheus.wait_for("count by (instance) (throughline_journeys_ended_total)")
    assert ended["metric"]["instance"] == "throughline"
    [up] = prometheus.wait_for('up{job="throughline-metrics"}')
    assert up["metric"]["instance"].startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("counted", "found"),
    [
        ("{zone='a'} 3, {zone='b'} 7, {zone='c'} 0", {"b": 7, "a": 3}),
        ("{zone='a'} 0, {zone='b'} 0", {"none": 0}),
        ("", {}),
    ],
)
def test_the_most_are_sorted_and_none_of_them_is_told_by_a_name(
    prometheus: RealPrometheus, counted: str, found: dict[str, int]
) -> None:
    series = [
        f'label_replace(vector({number}), "zone", {label}, "", "")'
        for label, number in re.findall(r"zone=('\w')} (\d)", counted)
    ]
    samples = prometheus.ask(most(2, f"({' or '.join(series) or 'absent(up)'})", "zone", "none"))
    told = {sample["metric"]["zone"]: float(sample["value"][1]) for sample in samples}
    assert list(told.items()) == list(found.items())


def test_an_expression_that_does_not_parse_is_told(prometheus: RealPrometheus) -> None:
    with pytest.raises(ValueError, match="parse error"):
        prometheus.formatted("sum by (service (x)")


def test_the_committed_scrape_configuration_is_accepted(prometheus_program: str) -> None:
    tool = Path(prometheus_program).with_name("promtool")
    done = subprocess.run(
        [tool, "check", "config", scraping.FOLDER / "prometheus.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
