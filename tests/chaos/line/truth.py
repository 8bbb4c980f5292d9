"""What the whole stream comes to, by the oracle: nothing here asks a service."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord

from schemas.catalogue import Catalogue
from schemas.codec import decode
from schemas.control import Tick
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import PeriodKind
from tests.chaos.line.nets import Series, nets
from tests.oracle.buckets import Counts, Place, buckets
from tests.oracle.journeys import accounts, journeys
from tests.oracle.measures import Cell, Number, numbers
from tests.oracle.standing import standing, turn
from tests.system.topic import kind_of
from tests.unit.test_domain_against_oracle import of_oracle

Person = tuple[str, str, str]
Told = Mapping[str, Any]
PERIODS = (PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.QUARTER)


@dataclass(frozen=True)
class Placed:
    """A touchpoint event and where it lies."""

    partition: int
    offset: int
    record: TouchpointRecord
    is_late: bool


@dataclass(frozen=True)
class Stream:
    """The log as it lies there: events in order, and how far each partition goes."""

    events: tuple[Placed, ...]
    ends: Mapping[int, int]

    @property
    def taken(self) -> list[TouchpointRecord]:
        """What was in time, repeats among it."""
        return [one.record for one in self.events if not one.is_late]

    def of(self, person: Person) -> Iterator[Placed]:
        """All events of one person with one service on one clock, as they arrived."""
        for one in self.events:
            data = one.record.data
            if (data.clock, data.service, one.record.subject) == person:
                yield one


@dataclass(frozen=True)
class Truth:
    """All that the line must say in the end."""

    journeys: Mapping[Person, Sequence[Told]]
    buckets: Mapping[Place, Counts]
    accounts: Mapping[str, tuple[int, int, int]]
    numbers: Mapping[Cell, Number]
    nets: Mapping[Series, int]


@dataclass
class _Clocks:
    """The newest tick of each clock in one partition: what is older by the grace is late."""

    newest: dict[str, datetime] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def take(self, tick: Tick, appended: datetime) -> None:
        at = tick.time or appended
        self.newest[tick.clock] = max(at, self.newest.get(tick.clock, at))
        self.ended |= {tick.clock} if tick.last else set()

    def is_late(self, event: TouchpointRecord, catalogue: Catalogue) -> bool:
        clock, grace = event.data.clock, catalogue.services[event.data.service].windows.grace
        newest = self.newest.get(clock)
        return clock in self.ended or (newest is not None and event.time < newest - grace)


def stream_of(records: Iterable[ConsumerRecord], catalogue: Catalogue) -> Stream:
    """The records of touchpoints.v1, in the order of each partition."""
    clocks: dict[int, _Clocks] = defaultdict(_Clocks)
    events, ends = [], {}
    for one in sorted(records, key=lambda r: (r.partition, r.offset)):
        known = clocks[one.partition]
        ends[one.partition] = one.offset + 1
        if kind_of(one) == "tick":
            appended = datetime.fromtimestamp(one.timestamp / 1000, UTC)
            known.take(decode(Tick, one.value), appended)
        else:
            event = decode(TouchpointRecord, one.value)
            is_late = known.is_late(event, catalogue)
            events.append(Placed(one.partition, one.offset, event, is_late))
    return Stream(tuple(events), ends)


def truth_of(stream: Stream, catalogue: Catalogue, now: datetime) -> Truth:
    """By whole lists. The named clock is after its end; on the live one it is `now`."""
    everyone, unlinked = journeys(stream.taken, catalogue), buckets(stream.taken, catalogue)
    people: dict[Person, list[Told]] = defaultdict(list)
    for journey in everyone:
        windows = catalogue.services[journey.key[1]].windows
        current = standing(journey.events, windows, now)
        so_far = {
            "ended": current.ended,
            "outcome": current.outcome,
            "turn": turn(current.moving)[0],
        }
        people[journey.key].append(as_listed({**of_oracle(journey), **so_far}))
    late = Counter(one.record.data.clock for one in stream.events if one.is_late)
    return Truth(
        journeys={person: by_opening(own) for person, own in people.items()},
        buckets=unlinked,
        accounts={
            clock: (account.applied, account.duplicate, late[clock])
            for clock, account in accounts(stream.taken).items()
        },
        numbers={
            cell: number
            for cell, number in numbers(everyone, unlinked, catalogue, PERIODS, now).items()
            if number.n > 0
        },
        nets=nets(everyone, unlinked, catalogue, now),
    )


def as_listed(told: dict[str, Any]) -> Told:
    """A journey whose survey is in an order that can be known from outside: steps that tie in all
    but their ids (a form's answers come at one instant) lie as the hashes of these do.
    """
    steps = sorted(told["survey"], key=lambda step: (*step[:-1], str(step[-1])))
    return {**told, "survey": steps}


def by_opening(journeys_of_one: Iterable[Told]) -> list[Told]:
    """In the order they opened."""
    return sorted(journeys_of_one, key=lambda told: (told["opened"], str(told["ended"])))
