"""Never more citizens are told than there are, and all of them where each has one journey."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.journey import JourneySnapshot
from schemas.metric import MetricMessage, key_of
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import PeriodKind, Unit
from services.metrics.domain.behind import told_of
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, contribution
from services.metrics.domain.formulas import BY_SERIES
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.messages import Books, series_of
from services.metrics.domain.periods import Shelf, Watermarks, calendar, quarter_of
from services.metrics.domain.rules import rules_from
from services.metrics.domain.shelves import Shelves
from tests.builders import ORIGIN, at, by
from tests.folding import fold_log
from tests.unit.test_domain_against_oracle import (
    CATALOGUE,
    CLOCK,
    RULES,
    SERVICE,
    events,
    last_tick,
)

METRIC_RULES = rules_from(CATALOGUE)
SCOPE, ENDED = METRIC_RULES.scopes[SERVICE], Watermarks({CLOCK: None}, frozenset({CLOCK}))
PERIODS = (PeriodKind.MONTH, PeriodKind.QUARTER)
# A month ends somewhere among the events, and with the second of these a quarter.
BOUNDARIES = (at("2026-01-31 23:00"), at("2026-03-31 22:00"))
MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def people(draw: st.DrawFn) -> list[list[TouchpointRecord]]:
    """The events of some citizens with one service."""
    shift = draw(st.sampled_from(BOUNDARIES)) - ORIGIN - timedelta(hours=draw(st.integers(0, 50)))
    return [
        [_of(str(who), event, shift) for event in draw(events())]
        for who in range(draw(st.integers(1, 3)))
    ]


def _of(who: str, event: TouchpointRecord, later: timedelta) -> TouchpointRecord:
    return by(who, event).model_copy(update={"time": event.time + later})


def told(journeys: Sequence[JourneySnapshot], kind: PeriodKind) -> Iterator[MetricMessage]:
    """All messages of every month or quarter."""
    changes = Changes(Shelves(METRIC_RULES, Closings()))
    for journey in journeys:
        changes.replace(NOTHING, contribution(journey, METRIC_RULES))
    spans: dict[str, Counter[str]] = {}
    for block, cells in changes.cells().items():
        if block.kind is Shelf.MONTH:
            start = block.start if kind is PeriodKind.MONTH else quarter_of(block.start)
            spans.setdefault(start, Counter()).update(cells)
    for start, sums in spans.items():
        books = Books(SCOPE, calendar(kind, start), {CLOCK: sums}, ENDED)
        for series in series_of(books, [f for f in FORMULAS if kind in f.periods]):
            formula = BY_SERIES[series.metric_id, series.level]
            made = told_of(series, formula, books)
            if made is not None:
                yield made


def counts(message: MetricMessage, *, once: bool) -> dict[str, float]:
    """What the message counts, by name; of a channel's share not the whole, which is of others."""
    sums = message.of_citizens if once else message
    assert sums is not None
    formula = BY_SERIES[message.metric_id, message.level]
    found = {f"bin {name}": float(n) for name, n in (sums.distribution or {}).items()}
    if formula.unit is Unit.SHARE and formula.method is not Method.ADJUSTED_MEAN:
        found["hits"] = sums.numerator or 0
    return found if formula.beside else found | {"n": sums.n}


def distinct(
    folks: Sequence[Sequence[JourneySnapshot]], kind: PeriodKind
) -> dict[str, Counter[str]]:
    """By number and count, how many of these people are in it: each of them is counted alone."""
    found: dict[str, Counter[str]] = {}
    for own in folks:
        for message in told(own, kind):
            here = found.setdefault(key_of(message), Counter())
            here.update(name for name, n in counts(message, once=False).items() if n > 0)
    return found


@pytest.mark.parametrize("kind", PERIODS)
@given(happened=people())
@MANY
def test_no_more_citizens_are_told_than_there_are(
    kind: PeriodKind, happened: list[list[TouchpointRecord]]
) -> None:
    folks = [fold_log([*own, last_tick(own)], RULES).journeys for own in happened]
    truth = distinct(folks, kind)
    everybody = [journey for own in folks for journey in own]
    is_plain = all(len(own) == 1 and _is_plain(own[0]) for own in folks)
    for message in told(everybody, kind):
        if message.of_citizens is None:
            continue
        assert message.citizens == message.of_citizens.n
        there = truth[key_of(message)]
        for name, n in counts(message, once=True).items():
            assert 0 <= n <= there[name], (message.metric_id, name)
            if is_plain and (name == "n" or not name.startswith("bin")):
                assert n == there[name], (message.metric_id, name)


def _is_plain(journey: JourneySnapshot) -> bool:
    """Never taken up again, and nothing of it is in a month after its end."""
    last = max(visit.last for visit in journey.touchpoints)
    return journey.alone and (journey.ended is None or _month(last) <= _month(journey.ended))


def _month(time: datetime) -> str:
    return time.astimezone(SCOPE.zone).strftime("%Y-%m")
