"""The improvement register: what was found, what was changed, and the number before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.catalogue import Service
from schemas.improvement import Change
from schemas.vocabulary import PeriodKind
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.measures.measure import Measure
from services.publish.domain.moved import Moved, moved
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period, UnknownPeriod, day_title

ASSOCIATION = "Association: nothing else was compared, so it proves no effect"
COMPARED = "Compared with a service where this was not changed"
NOT_YET = "Association so far: the service it is compared with has no number for these months"


@dataclass(frozen=True)
class BeforeAfter:
    """One service's number in the whole month before the change and the one after."""

    service_id: str
    name: str
    before: Figure
    after: Figure
    moved: Moved | None


@dataclass(frozen=True)
class Improvement:
    """One change with what came of it. `number` is its mark on the trends."""

    number: int
    id: str
    dated: str
    day: date
    touchpoint: str
    place: str
    owner: str
    changed: str
    measure: Measure
    found_in: str
    found: Figure
    before_month: str
    after_month: str
    here: BeforeAfter
    comparison: BeforeAfter | None
    effect: Moved | None
    verdict: str


@dataclass(frozen=True)
class Catalogued:
    """Where to look a service up, and its numbers."""

    service: Service
    numbers: Numbers


def improvements(
    service: Service, numbers: Numbers, of: Callable[[str], Catalogued]
) -> tuple[Improvement, ...]:
    """Every change of a service, the oldest first; `of` finds the service it is compared with."""
    dated = sorted(service.changes, key=lambda change: (change.date, change.id))
    return tuple(
        _improvement(number, change, Catalogued(service, numbers), of)
        for number, change in enumerate(dated, start=1)
    )


def _improvement(
    number: int, change: Change, here: Catalogued, of: Callable[[str], Catalogued]
) -> Improvement:
    before, after = _months_around(change.date)
    own = _before_after(here, change, change.touchpoint)
    other = _before_after(of(change.comparison), change, None) if change.comparison else None
    place = here.service.by_touchpoint.get(change.touchpoint or "")
    return Improvement(
        number=number,
        id=change.id,
        dated=day_title(change.date),
        day=change.date,
        touchpoint=change.touchpoint or "",
        place=place.name if place else "The service as a whole",
        owner=change.owner,
        changed=change.changed,
        measure=measure_of(change.finding.metric_id),
        found_in=_period(change.finding.period).title,
        found=_figure(here.numbers, change, _period(change.finding.period), change.touchpoint),
        before_month=before.title,
        after_month=after.title,
        here=own,
        comparison=other,
        effect=_effect(own, other),
        verdict=_verdict(own, other),
    )


def _before_after(at: Catalogued, change: Change, touchpoint: str | None) -> BeforeAfter:
    first, second = (
        _figure(at.numbers, change, month, touchpoint) for month in _months_around(change.date)
    )
    return BeforeAfter(at.service.id, at.service.name, first, second, moved(first, second))


def _effect(here: BeforeAfter, other: BeforeAfter | None) -> Moved | None:
    """How much more it moved here than where nothing was changed."""
    if other is None or here.moved is None or other.moved is None:
        return None
    return here.moved.less(other.moved)


def _verdict(here: BeforeAfter, other: BeforeAfter | None) -> str:
    if other is None:
        return ASSOCIATION
    return COMPARED if _effect(here, other) else NOT_YET


def _figure(numbers: Numbers, change: Change, period: Period, touchpoint: str | None) -> Figure:
    metric_id = change.finding.metric_id
    return figure(numbers.first(period, metric_id, touchpoint), metric_id, period.kind)


def _months_around(day: date) -> tuple[Period, Period]:
    """The whole months before and after that of the change, which has something of both."""
    first = day.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Period(PeriodKind.MONTH, before), Period(PeriodKind.MONTH, after)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except UnknownPeriod:  # the 13th month: the contract's pattern lets it by
        return Period(PeriodKind.MONTH, date.min)
