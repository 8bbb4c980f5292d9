"""What one snapshot adds to every cell, and what changes when another version takes its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Status
from services.metrics.domain import flows
from services.metrics.domain.measures import MEASURES
from services.metrics.domain.measures.family import Amount, cell
from services.metrics.domain.periods import day_of
from services.metrics.domain.rules import Rules, ServiceRules

UNFINAL = cell("unfinal")
"""How many journeys and buckets of a period can still change."""

Cells = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Contribution:
    """Amounts per local day and cell, and per counter. A month is the sum of its days, since
    every amount falls into one instant; so months are not kept here.
    """

    service: str = ""
    clock: str = ""
    days: Cells = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)


NOTHING = Contribution()


@dataclass(frozen=True)
class Counted:
    """The contribution that was counted last for an id, and of which version."""

    version: int
    contribution: Contribution


@dataclass(frozen=True)
class Difference:
    """What replaces an old contribution by a new one. Counters grow on one side or the other and
    are never netted: the retracted share is itself a figure.
    """

    cells: Mapping[
        tuple[str, str, str], Mapping[str, int]
    ]  # (service, clock, day) -> cell -> amount
    added: Mapping[str, int]
    retracted: Mapping[str, int]


def contribution(snapshot: JourneySnapshot | Bucket, rules: Rules) -> Contribution:
    """The amounts of one snapshot; a journey that is no more has none. Raises KeyError for a
    service that the catalogue lacks.
    """
    service = rules.services[snapshot.service]
    if isinstance(snapshot, Bucket):
        return _bucket(snapshot, service)
    if snapshot.superseded_by is not None or snapshot.erased:
        return NOTHING
    amounts = (a for family in MEASURES for a in family.of_journey(snapshot))
    days = _by_day(amounts, service)
    if snapshot.status is not Status.FINAL:
        _mark_unfinal(days)
    counters = _summed(flows.of_journey(snapshot, service))
    return Contribution(snapshot.service, snapshot.clock, days, counters)


def _bucket(bucket: Bucket, service: ServiceRules) -> Contribution:
    days = _by_day((a for family in MEASURES for a in family.of_bucket(bucket)), service)
    if not bucket.final:
        _mark_unfinal(days)
    counters = _summed(flows.of_bucket(bucket, service))
    return Contribution(bucket.service, bucket.clock, days, counters)


def _by_day(amounts: Iterable[Amount], service: ServiceRules) -> dict[str, dict[str, int]]:
    days: dict[str, dict[str, int]] = {}
    known: dict[datetime, dict[str, int]] = {}  # most amounts of a journey share a few instants
    for at, name, count in amounts:
        if count:
            cells = known.get(at)
            if cells is None:
                cells = known[at] = days.setdefault(day_of(at, service.zone), {})
            cells[name] = cells.get(name, 0) + count
    return days


def _mark_unfinal(days: Mapping[str, dict[str, int]]) -> None:
    for cells in days.values():
        cells[UNFINAL] = 1


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    counters: dict[str, int] = {}
    for name, count in counts:
        if count:
            counters[name] = counters.get(name, 0) + count
    return counters


def difference(old: Contribution, new: Contribution) -> Difference:
    """What to add so that `new` is counted instead of `old`."""
    cells = {}
    for (service, clock, day), was, now in _side_by_side(old, new):
        if changes := _minus(now, was):
            cells[service, clock, day] = changes
    counters = _minus(new.counters, old.counters)
    return Difference(
        cells=cells,
        added={name: n for name, n in counters.items() if n > 0},
        retracted={name: -n for name, n in counters.items() if n < 0},
    )


_Side = tuple[tuple[str, str, str], Mapping[str, int], Mapping[str, int]]


def _side_by_side(old: Contribution, new: Contribution) -> Iterator[_Side]:
    is_same_place = (old.service, old.clock) == (new.service, new.clock)
    for day, was in old.days.items():
        now = new.days.get(day, {}) if is_same_place else {}
        yield (old.service, old.clock, day), was, now
    for day, now in new.days.items():
        if not is_same_place or day not in old.days:
            yield (new.service, new.clock, day), {}, now


def _minus(now: Mapping[str, int], was: Mapping[str, int]) -> dict[str, int]:
    changes = {name: n - was.get(name, 0) for name, n in now.items() if n != was.get(name, 0)}
    changes.update({name: -n for name, n in was.items() if name not in now})
    return changes
