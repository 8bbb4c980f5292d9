"""The real log by two roads: straight from the CSV, and as touchpoint events through the oracle."""

from collections import Counter
from datetime import UTC, timedelta
from math import ceil

import pytest

from schemas.catalogue import Windows
from tests.builders import pseudonym
from tests.oracle.journeys import Journey, journeys
from tests.oracle.receipt import LOG, Receipt, Row, batch, read
from tests.receipt_events import events_of
from tests.unit.schemas.test_catalogue import catalogue

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the log is not part of a clone")
WINDOWS = Windows()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read(LOG)


@pytest.fixture(scope="module")
def cases(rows: list[Row]) -> dict[str, Receipt]:
    return batch(rows, WINDOWS)


def test_the_log_is_the_one_its_description_tells_of(
    rows: list[Row], cases: dict[str, Receipt]
) -> None:
    assert (len(rows), len(cases)) == (8577, 1434)
    assert Counter(c.outcome.value for c in cases.values()) == {"success": 1283, "undecided": 151}


def test_durations_of_the_decided_are_as_described(cases: dict[str, Receipt]) -> None:
    lengths = sorted(c.length / timedelta(days=1) for c in cases.values() if c.outcome == "success")
    p50, p90 = (lengths[ceil(q * len(lengths)) - 1] for q in (0.5, 0.9))
    assert [round(x, 2) for x in (p50, p90)] == [0.0, 12.07]
    assert round(lengths[-1], 1) == 275.8


def test_as_touchpoint_events_the_oracle_finds_the_same_journeys(
    rows: list[Row], cases: dict[str, Receipt]
) -> None:
    known = catalogue(id="building-permit")
    found = {j.key[2]: _as_receipt(j) for j in journeys(events_of(rows), known)}
    assert found == {pseudonym(c.case): _in_utc(c) for c in cases.values()}


def _in_utc(case: Receipt) -> tuple[object, ...]:
    times = (case.opened, case.submitted, case.ended)
    return (case.tasks, *(t.astimezone(UTC) for t in times), case.outcome, case.channel)


def _as_receipt(journey: Journey) -> tuple[object, ...]:
    assert {channel for channel, _ in journey.channels} == {journey.first_channel}
    assert journey.submitted == journey.started
    return (
        frozenset(e.id for e in journey.events),
        journey.opened,
        journey.submitted,
        journey.ended,
        journey.outcome,
        journey.first_channel,
    )
