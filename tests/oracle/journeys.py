"""The journeys in a whole list of touchpoint events, as they are after unlimited time.

Everything about a journey is looked up in its list of events; nothing is kept while reading.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from uuid import UUID

from schemas.catalogue import Catalogue, Windows
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import (
    Action,
    Channel,
    IdentityKind,
    Initiator,
    Outcome,
    Stage,
    Turn,
)
from tests.oracle.belonging import VISIT, Events, deal, order
from tests.oracle.standing import Standing, case_of, standing, started, turn

SURVEY = (Action.OFFERED, Action.ANSWERED, Action.DISMISSED)
# What a citizen chooses a channel by; a visit is how an informed journey starts.
_CHOICES = (
    *(Action.VISITED, Action.CONTACTED),
    *(Action.STARTED, Action.RESUMED, Action.SUBMITTED),
)
PREDECESSOR_REACH = timedelta(days=400)


def is_choice(event: TouchpointRecord) -> bool:
    """Whether a citizen chose the channel by it."""
    return event.data.initiator is Initiator.CITIZEN and event.data.action in _CHOICES


@dataclass(frozen=True)
class At:
    """What happened at one touchpoint of a journey."""

    count: int
    first: datetime
    last: datetime
    channel: Channel


@dataclass(frozen=True)
class Contacted:
    """A contact, and whether the citizen had made another within 7 or 28 days."""

    event: TouchpointRecord
    repeat_7d: bool
    repeat_28d: bool


@dataclass(frozen=True)
class Before:
    """The journey before another, as it stood when that one opened: what came later is not told."""

    events: Events
    ended: datetime
    next_opened: datetime
    predecessor: "Before | None"

    @property
    def earlier(self) -> Events:
        """What had happened in it strictly before the next one opened."""
        return tuple(e for e in self.events if e.time < self.next_opened)

    @property
    def opened(self) -> datetime:
        """The time of its first event."""
        return self.events[0].time

    @property
    def last_channel(self) -> Channel | None:
        """The last channel the citizen had chosen."""
        chosen = [e.data.channel for e in self.earlier if is_choice(e)]
        return chosen[-1] if chosen else None


@dataclass(frozen=True)
class Journey:
    """One journey: its events and how it ended."""

    events: Events
    standing: Standing
    predecessor: Before | None
    alone: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """Clock, service and person."""
        return _person(self.events[0])

    @property
    def opener(self) -> UUID:
        """The id of the event that opened it, which is the journey's id."""
        return self.events[0].data.uid

    @property
    def ids(self) -> frozenset[tuple[str, str]]:
        """Which events belong."""
        return frozenset((e.source, e.id) for e in self.events)

    @property
    def case(self) -> str | None:
        """The case it carries."""
        return case_of(self.events)

    @property
    def opened(self) -> datetime:
        """The time of its first event."""
        return self.events[0].time

    @cached_property
    def started(self) -> datetime | None:
        """When the transaction began."""
        return started(self.standing.moving)

    @property
    def submitted(self) -> datetime | None:
        """When it was first handed in."""
        return _first(self.standing.moving, Action.SUBMITTED)

    @property
    def decided(self) -> datetime | None:
        """When it was first decided."""
        return _first(self.events, Action.DECIDED)

    @property
    def ended(self) -> datetime:
        """When it ended, by an action or by silence."""
        assert self.standing.ended is not None
        return self.standing.ended

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self.standing.outcome

    @property
    def turn(self) -> Turn:
        """Whose move was next when it ended."""
        return turn(self.standing.moving)[0]

    @property
    def resumed(self) -> int:
        """How often a saved run was taken up again."""
        return sum(e.data.action is Action.RESUMED for e in self.events)

    @property
    def visits(self) -> int:
        """Runs of events with less than 30 minutes between them."""
        return 1 + sum(b.time - a.time >= VISIT for a, b in pairwise(self.events))

    @cached_property
    def milestones(self) -> dict[Stage, datetime]:
        """The first event of each stage."""
        return {e.data.stage: e.time for e in reversed(self.events)}

    @cached_property
    def channels(self) -> list[tuple[Channel, Initiator]]:
        """The channels in order; a run of one channel and initiator is one.

        Of what the citizen does only that counts by which a channel is chosen.
        """
        told = [e for e in self.events if e.data.initiator is not Initiator.CITIZEN or is_choice(e)]
        return [key for key, _ in groupby((e.data.channel, e.data.initiator) for e in told)]

    @cached_property
    def first_channel(self) -> Channel | None:
        """The first one the citizen chose."""
        return next((c for c, who in self.channels if who is Initiator.CITIZEN), None)

    @cached_property
    def touchpoints(self) -> dict[str, At]:
        """What happened where."""
        by_place: dict[str, list[TouchpointRecord]] = defaultdict(list)
        for event in self.events:
            by_place[event.data.touchpoint].append(event)
        return {
            place: At(len(own), own[0].time, own[-1].time, own[0].data.channel)
            for place, own in by_place.items()
        }

    @cached_property
    def last_touchpoint(self) -> str | None:
        """Where in the transaction the citizen was seen last."""
        own = [
            e.data.touchpoint
            for e in self.events
            if e.data.stage is Stage.TRANSACTION and e.data.initiator is Initiator.CITIZEN
        ]
        return own[-1] if own else None

    @cached_property
    def survey(self) -> list[TouchpointRecord]:
        """The steps of the survey chain, in order."""
        return [e for e in self.events if e.data.action in SURVEY and e.data.feedback is not None]

    @cached_property
    def contacts(self) -> list[Contacted]:
        """The contacts; earlier ones of the citizen are looked for in the predecessors too."""
        return [
            Contacted(e, self._repeats(e, timedelta(days=7)), self._repeats(e, timedelta(days=28)))
            for e in self.events
            if e.data.action is Action.CONTACTED
        ]

    def _repeats(self, contact: TouchpointRecord, within: timedelta) -> bool:
        return contact.data.initiator is Initiator.CITIZEN and any(
            e.data.action is Action.CONTACTED
            and e.data.initiator is Initiator.CITIZEN
            and e.time >= contact.time - within
            for e in events_before(self, contact)
        )


@dataclass(frozen=True)
class Account:
    """Where the accepted events of one clock went, whatever the ticks were."""

    applied: int
    duplicate: int


def journeys(records: Iterable[TouchpointRecord], catalogue: Catalogue) -> list[Journey]:
    """Every journey of every linked person in `records`, whatever their order."""
    people: dict[tuple[str, str, str], list[TouchpointRecord]] = defaultdict(list)
    for record in records:
        if record.data.identity_kind is not IdentityKind.ONCE:
            people[_person(record)].append(record)
    return [
        journey
        for (_, service, _), own in people.items()
        for journey in journeys_of(own, catalogue.services[service].windows)
    ]


def journeys_of(events: Sequence[TouchpointRecord], windows: Windows) -> list[Journey]:
    """The journeys of one person with one service on one clock."""
    dealt = deal(events, windows)
    return [
        Journey(
            own,
            standing(own, windows),
            _before(own[0], dealt, windows),
            _is_alone(own, dealt, windows),
        )
        for own in dealt
    ]


def accounts(records: Iterable[TouchpointRecord]) -> dict[str, Account]:
    """The account of each clock. A twin is a repeated (source, id) of one person and service."""
    copies: dict[str, Counter[tuple[str, str, str, str]]] = defaultdict(Counter)
    for r in records:
        copies[r.data.clock][r.subject, r.data.service, r.source, r.id] += 1
    return {clock: Account(len(seen), seen.total() - len(seen)) for clock, seen in copies.items()}


def events_before(journey: Journey, event: TouchpointRecord) -> list[TouchpointRecord]:
    """What the citizen had done before `event` in this journey and in those before it."""
    own, earlier = list(journey.events[: journey.events.index(event)]), journey.predecessor
    while earlier is not None:
        own, earlier = [*earlier.earlier, *own], earlier.predecessor
    return own


def _person(record: TouchpointRecord) -> tuple[str, str, str]:
    return record.data.clock, record.data.service, record.subject


def _first(events: Sequence[TouchpointRecord], action: Action) -> datetime | None:
    return next((e.time for e in events if e.data.action is action), None)


def _is_alone(own: Events, dealt: Sequence[Events], windows: Windows) -> bool:
    """Whether it had the citizen to itself: all that began before it were over, and no event took
    it up again after it was.
    """
    opener = own[0]
    earlier = [[e for e in other if order(e) < order(opener)] for other in dealt]
    ends = [standing(known, windows, opener.time).ended for known in earlier if known]
    is_first = all(ended is not None and ended < opener.time for ended in ends)
    return is_first and not any(_reopens(own, place, windows) for place in range(1, len(own)))


def _reopens(own: Events, place: int, windows: Windows) -> bool:
    was = standing(own[:place], windows, own[place].time)
    return was.ended is not None and own[place] in standing(own[: place + 1], windows).moving


def _before(opener: TouchpointRecord, dealt: Sequence[Events], windows: Windows) -> Before | None:
    """The one that ended last, strictly before `opener`, at most 400 days earlier; of those that
    ended together the one that opened last.
    """
    candidates = []
    for own in dealt:
        known = tuple(e for e in own if order(e) < order(opener))
        ended = standing(known, windows, opener.time).ended
        if ended is not None and opener.time - PREDECESSOR_REACH <= ended < opener.time:
            candidates.append((ended, known[0].time, order(known[0]), known))
    if not candidates:
        return None
    ended, _, _, known = max(candidates)
    return Before(known, ended, opener.time, _before(known[0], dealt, windows))
