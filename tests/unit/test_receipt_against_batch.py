"""The real log through the journey service's fold: the same journeys as the batch, row for row."""

from collections import Counter
from datetime import timedelta
from math import ceil
from typing import Any

import pytest

from schemas.catalogue import Windows
from schemas.control import Tick
from schemas.journey import JourneySnapshot
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Initiator, Outcome, Status
from services.journey.domain.rules import rules_from
from tests.builders import pseudonym
from tests.folding import Folded, fold_log
from tests.oracle.belonging import order
from tests.oracle.measures import bucket_of
from tests.oracle.receipt import CONFIRMED, DECIDED, LOG, Receipt, Row, batch, read
from tests.receipt_events import CLOCK, events_of
from tests.unit.schemas.test_catalogue import catalogue

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the log is not part of a clone")
RULES = rules_from(catalogue(id="building-permit"), epoch=1)
ROWS_A_TICK = 1000


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read(LOG)


@pytest.fixture(scope="module")
def cases(rows: list[Row]) -> dict[str, Receipt]:
    return batch(rows, Windows())


@pytest.fixture(scope="module")
def imported(rows: list[Row]) -> Folded:
    """In the order of time, with a tick after every thousand rows, as the import sends them."""
    events = sorted(events_of(rows), key=order)
    log: list[TouchpointRecord | Tick] = []
    for first in range(0, len(events), ROWS_A_TICK):
        chunk = events[first : first + ROWS_A_TICK]
        log += [*chunk, Tick(clock=CLOCK, time=chunk[-1].time)]
    return fold_log([*log, last_tick(events)], RULES)


def last_tick(events: list[TouchpointRecord]) -> Tick:
    return Tick(clock=CLOCK, time=max(e.time for e in events), last=True)


def of_snapshot(one: JourneySnapshot) -> dict[str, Any]:
    return {
        "person": one.pseudonym,
        "events": {t.touchpoint: t.count for t in one.touchpoints},
        "opened": one.opened,
        "started": one.started,
        "ended": one.ended,
        "outcome": one.outcome,
        "status": one.status,
        "channel": {c.channel for c in one.channels if c.initiator is Initiator.CITIZEN},
    }


def of_batch(case: Receipt, rows: list[Row]) -> dict[str, Any]:
    places = {CONFIRMED: "receipt", DECIDED: "decision"}
    own = [places.get(row.activity, "handling") for row in rows if row.task in case.tasks]
    return {
        "person": pseudonym(case.case),
        "events": dict(Counter(own)),
        "opened": case.opened,
        "started": case.submitted,
        "ended": case.ended,
        "outcome": case.outcome,
        "status": Status.FINAL,
        "channel": {case.channel},
    }


@pytest.fixture(scope="module")
def wanted(rows: list[Row], cases: dict[str, Receipt]) -> list[dict[str, Any]]:
    by_case: dict[str, list[Row]] = {}
    for row in rows:
        by_case.setdefault(row.case, []).append(row)
    return _sorted([of_batch(case, by_case[case.case]) for case in cases.values()])


def _sorted(journeys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(journeys, key=lambda j: str(j["person"]))


def test_the_import_gives_the_batchs_journeys(
    imported: Folded, wanted: list[dict[str, Any]]
) -> None:
    assert _sorted([of_snapshot(j) for j in imported.journeys]) == wanted


def test_the_import_applies_every_row_once(imported: Folded) -> None:
    told = imported.account(CLOCK)
    assert (told.applied, told.duplicate, told.late, told.rejected) == (8577, 0, 0, {})
    assert imported.rejections == ()


def test_the_logs_own_order_with_every_row_twice_gives_the_same(
    rows: list[Row], wanted: list[dict[str, Any]]
) -> None:
    events = events_of(rows)
    folded = fold_log([*events, *events, last_tick(events)], RULES)
    assert _sorted([of_snapshot(j) for j in folded.journeys]) == wanted
    assert (folded.account(CLOCK).applied, folded.account(CLOCK).duplicate) == (8577, 8577)


@pytest.mark.parametrize("quantile", [0.5, 0.9, 1.0])
def test_percentiles_of_duration_lie_in_the_batchs_buckets(
    imported: Folded, cases: dict[str, Receipt], quantile: float
) -> None:
    lengths = [
        j.ended - j.started
        for j in imported.journeys
        if j.outcome is Outcome.SUCCESS and j.ended is not None and j.started is not None
    ]
    true = [case.length for case in cases.values() if case.outcome is Outcome.SUCCESS]
    assert bucket_of(_rank(lengths, quantile)) == bucket_of(_rank(true, quantile))


def _rank(lengths: list[timedelta], quantile: float) -> timedelta:
    return sorted(lengths)[ceil(quantile * len(lengths)) - 1]
