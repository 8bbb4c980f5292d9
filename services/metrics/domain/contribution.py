"""What one snapshot adds to every cell and counter."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

import msgspec
from msgspec import structs

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Status
from services.metrics.domain import counting, people
from services.metrics.domain.measures import MEASURES
from services.metrics.domain.measures.family import Amount
from services.metrics.domain.periods import hour_of
from services.metrics.domain.rules import Rules, ServiceRules

_OF_JOURNEY = tuple(family.of_journey for family in MEASURES)


class Contribution(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Amounts per local hour and cell, and per counter. A day and a month are sums of hours, since
    every amount falls into one instant; so they are not kept here.

    The counters belong to the month that the hour `opened` is in. While `is_open`, another version
    may change all of it.
    """

    service: str = ""
    clock: str = ""
    opened: int = 0
    is_open: bool = False
    hours: dict[int, dict[str, int]] = {}
    counters: dict[str, int] = {}

    def standing(self, *, is_open: bool) -> "Contribution":
        """The same amounts of a journey that stands otherwise."""
        return self if self.is_open == is_open else structs.replace(self, is_open=is_open)

    def taken_back(self) -> "Contribution":
        """Nothing any more, where there was something."""
        hours: dict[int, dict[str, int]] = {hour: {} for hour in self.hours}
        return Contribution(self.service, self.clock, self.opened, hours=hours)


NOTHING = Contribution()


class Counted(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The contribution that was counted last for an id, of which version, and of which essence;
    0 where that was not looked at.
    """

    version: int
    contribution: Contribution
    essence: int = 0


def contribution(snapshot: JourneySnapshot | Bucket, rules: Rules) -> Contribution:
    """The amounts of one snapshot; a journey that is no more has none. Raises KeyError for a
    service that the catalogue lacks.
    """
    service = rules.services[snapshot.service]
    if isinstance(snapshot, Bucket):
        return _bucket(snapshot, service)
    opened = hour_of(snapshot.opened, service.zone)
    if is_no_more(snapshot):
        return Contribution(service.service, snapshot.clock, opened, hours={opened: {}})
    amounts = chain.from_iterable(of_journey(snapshot) for of_journey in _OF_JOURNEY)
    hours = _by_hour(amounts, service)
    hours.setdefault(opened, {})
    people.note(hours, snapshot, service.zone)
    return Contribution(
        service.service,
        snapshot.clock,
        opened,
        snapshot.status is not Status.FINAL,
        hours,
        _summed(counting.of_journey(snapshot, service)),
    )


def is_no_more(snapshot: JourneySnapshot | Bucket) -> bool:
    """Whether a journey was erased, or lives on under another id."""
    if isinstance(snapshot, Bucket):
        return False
    return snapshot.erased or snapshot.superseded_by is not None


def _bucket(bucket: Bucket, service: ServiceRules) -> Contribution:
    hours = _by_hour(chain.from_iterable(f.of_bucket(bucket) for f in MEASURES), service)
    people.note_unlinked(hours)
    return Contribution(
        service.service,
        bucket.clock,
        hour_of(bucket.hour, service.zone),
        not bucket.final,
        hours,
        _summed(counting.of_bucket(bucket, service)),
    )


def _by_hour(amounts: Iterable[Amount], service: ServiceRules) -> dict[int, dict[str, int]]:
    hours: dict[int, dict[str, int]] = {}
    known: dict[datetime, dict[str, int]] = {}  # most amounts of a journey share a few instants
    for at, name, count in amounts:
        if count:
            cells = known.get(at)
            if cells is None:
                cells = known[at] = hours.setdefault(hour_of(at, service.zone), {})
            cells[name] = cells[name] + count if name in cells else count
    return hours


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    counters: dict[str, int] = {}
    for name, count in counts:
        if count:
            counters[name] = counters.get(name, 0) + count
    return counters


def minus(now: dict[str, int], was: dict[str, int]) -> dict[str, int]:
    """What is to be added to `was` to make it `now`; nothing for what is equal in both."""
    if now == was:
        return {}
    changes = {name: n - was.get(name, 0) for name, n in now.items() if n != was.get(name, 0)}
    changes.update({name: -n for name, n in was.items() if name not in now})
    return changes
