"""The numbers the metrics service makes of the fold's snapshots, against the oracle's."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.journey import Bucket, JourneySnapshot
from schemas.metric import MetricMessage
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Flag, PeriodKind
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, contribution
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.messages import Books, message_of, series_of
from services.metrics.domain.periods import Watermarks, calendar
from services.metrics.domain.rules import rules_from
from services.metrics.domain.shelves import Shelves
from tests.builders import ORIGIN, by, record
from tests.folding import fold_log
from tests.oracle.buckets import buckets
from tests.oracle.journeys import journeys
from tests.oracle.measures import Cell, numbers
from tests.told_numbers import number_of
from tests.unit.test_domain_against_oracle import (
    CATALOGUE,
    CLOCK,
    RULES,
    SERVICE,
    events,
    last_tick,
)

METRIC_RULES = rules_from(CATALOGUE)
ENDED = Watermarks({CLOCK: None}, frozenset({CLOCK}))
COUNTED = (
    *(Action.VISITED, Action.STARTED, Action.COMPLETED, Action.CONTACTED, Action.CONTACTED),
    *(Action.OFFERED, Action.ANSWERED, Action.ANSWERED, Action.ANSWERED),
)
PERIODS = (PeriodKind.DAY, PeriodKind.MONTH)


@st.composite
def people(draw: st.DrawFn) -> list[TouchpointRecord]:
    """A few citizens and some unlinked people, with a service at once."""
    return [
        by(str(who), e)
        for who in range(draw(st.integers(2, 3)))
        for e in draw(events(["once"] if who == 0 else ["citizen"], COUNTED))
    ]


def messages(
    snapshots: Sequence[JourneySnapshot | Bucket], kind: PeriodKind
) -> Iterator[MetricMessage]:
    """All messages of every day or month, as the metrics service makes them."""
    changes = Changes(Shelves(METRIC_RULES, Closings()))
    for snapshot in snapshots:
        changes.replace(NOTHING, contribution(snapshot, METRIC_RULES))
    sums = {
        block.start: n for block, n in changes.cells().items() if block.kind.value == kind.value
    }
    formulas = {(f.metric_id, f.level): f for f in FORMULAS if kind in f.periods}
    for start, cells in sums.items():
        period = calendar(kind, start)
        books = Books(METRIC_RULES.scopes[SERVICE], period, {CLOCK: cells}, ENDED)
        for series in series_of(books):
            if (series.metric_id, series.level) not in formulas:
                continue
            made = message_of(series, formulas[series.metric_id, series.level], books)
            if made is not None:
                yield made


def cell_of(message: MetricMessage) -> Cell:
    named = message.dimensions.model_dump(exclude_none=True, exclude={"agency", "service"})
    zone = METRIC_RULES.services[SERVICE].zone
    start: date = message.period_start.astimezone(zone).date()
    return Cell(message.metric_id, SERVICE, message.period, start, tuple(sorted(named.items())))


def one(ident: str, minutes: int, action: Action, **changes: Any) -> TouchpointRecord:
    time = ORIGIN + timedelta(minutes=minutes)
    return record(ident, time=time, action=action, clock=CLOCK, **changes)


ASKED = {"about": "journey", "instrument": "exit", "construct": "satisfaction", "scale": "1..5"}
WITHIN_EXACTLY_AN_HOUR = [one("a", 0, Action.STARTED), one("b", 60, Action.COMPLETED)]
ANSWERED_AT_ONCE = [
    one("a", 0, Action.OFFERED, feedback=ASKED),
    one("b", 0, Action.ANSWERED, feedback=ASKED | {"answer": 4}),
]


@pytest.mark.parametrize("period", PERIODS)
@example(happened=WITHIN_EXACTLY_AN_HOUR)
@example(happened=ANSWERED_AT_ONCE)
@given(happened=people())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_every_number_is_the_oracles(period: PeriodKind, happened: list[TouchpointRecord]) -> None:
    folded = fold_log([*happened, last_tick(happened)], RULES)
    made = list(messages([*folded.journeys, *folded.buckets], period))
    said = {cell_of(m): m for m in made if m.n > 0}
    folks, unlinked = journeys(happened, CATALOGUE), buckets(happened, CATALOGUE)
    every = numbers(folks, unlinked, CATALOGUE, [period])
    wanted = {cell: number for cell, number in every.items() if number.n > 0}
    assert {
        cell: number_of(m, wanted[cell]) for cell, m in said.items() if cell in wanted
    } == wanted
    assert said.keys() == wanted.keys()
    assert [m for m in made if Flag.PROVISIONAL in m.flags] == []
