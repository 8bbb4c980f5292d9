"""How many series Prometheus is given at most, and that showing them costs little."""

from pathlib import Path

import pytest
from prometheus_client import generate_latest

from benchmarks.scrape import collector, series_in, worst
from schemas.catalogue import load
from services.metrics.adapters.exposition import Exposition
from services.metrics.domain import flows
from services.metrics.domain.rules import Rules, rules_from

CATALOGUES = Path("deploy/catalogue")
# What a scrape of so many takes is in docs/benchmarks.md.
MOST_SERIES = 33_000
# A service that is met on a dozen channels has about 1,600; a Prometheus on one machine takes a
# million, so that a country's thousand services need two.
MOST_OF_A_SERVICE = 1_600


def demo() -> Rules:
    """The catalogue of the demo."""
    files = sorted(CATALOGUES.glob("*.yaml"))
    return rules_from(load([(file.name, file.read_text()) for file in files]))


def series(rules: Rules) -> int:
    """The lines of a scrape that are no comments."""
    return series_in(generate_latest(collector(rules)))


def test_the_worst_catalogue_is_within_the_budget() -> None:
    assert series(worst()) <= MOST_SERIES


def test_a_service_of_the_demo_is_within_the_budget() -> None:
    assert series(demo()) <= MOST_OF_A_SERVICE * len(demo().services)


def test_no_label_is_a_touchpoint_where_people_give_their_opinion() -> None:
    opinion = ("survey_", "driver_")
    named = [flow for flow in flows.FLOWS if flow.name.startswith(opinion)]
    assert len(named) == 7
    assert [flow for flow in named if "touchpoint" in flow.labels] == []


def test_the_library_writes_each_series_but_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is nearly all that a scrape costs it: `python -m benchmarks.scrape`."""
    exposition = Exposition(collector(demo()))
    first = exposition.text()

    def write(_: object) -> bytes:
        pytest.fail("the library wrote a series again")

    monkeypatch.setattr("services.metrics.adapters.exposition.generate_latest", write)
    assert exposition.text() == first
