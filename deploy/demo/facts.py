"""What is true of one journey, or of one person nobody can name: facts without a sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Driver,
    Identity,
    Outcome,
    Polarity,
    Provenance,
    Quality,
    Scale,
    Stage,
)


@dataclass(frozen=True)
class Stay:
    """How often a journey met a touchpoint, when, and on which channel first."""

    first: datetime
    last: datetime
    count: int = 1
    channel: Channel = Channel.WEBSITE
    stage: Stage = Stage.TRANSACTION


@dataclass(frozen=True)
class Left:
    """Where the citizen was last seen in the transaction before the end."""

    place: str
    channel: Channel
    time: datetime


@dataclass(frozen=True)
class Call:
    """A citizen asked for help. `follows`: so long after the last time in the same matter."""

    time: datetime
    channel: Channel
    reason: ContactReason | None = None
    avoidable: bool | None = None
    reached: bool | None = None
    follows: timedelta | None = None


@dataclass(frozen=True)
class Opinion:
    """One answer, said at `place`. `drivers` are those the form offered: None is neither side."""

    time: datetime
    instrument: str
    wording: str | None
    answer: int
    construct: Construct = Construct.SATISFACTION
    scale: Scale = Scale.ONE_TO_FIVE
    about: About = About.JOURNEY
    place: str = "survey"
    drivers: Mapping[Driver, Polarity | None] | None = None


@dataclass(frozen=True)
class Offer:
    """A survey was offered; `answered` says what became of it."""

    time: datetime
    instrument: str
    channel: Channel = Channel.EMAIL
    answered: bool = False


@dataclass(frozen=True)
class Dismissal:
    """An offer was dismissed."""

    time: datetime
    instrument: str


@dataclass(frozen=True)
class Before:
    """The journey before: when it ended and on which channel its citizen was last."""

    ended: datetime
    channel: Channel | None


@dataclass(frozen=True)
class JourneyTruth:
    """What is true of one journey in the end.

    `chosen` are the channels that the citizen chose, one after the other, each unlike the one
    before; `stayed_on` the last of them before the end. `back` are the touchpoints that were left
    for another and come back to. `is_sent_aside`: between start and submission (or end) it met a
    touchpoint outside the transaction.
    """

    service: str
    identity: Identity
    outcome: Outcome
    ended: datetime
    opened: datetime
    began: datetime | None = None
    submitted: datetime | None = None
    decided: datetime | None = None
    left: Left | None = None
    chosen: tuple[Channel, ...] = ()
    stayed_on: Channel | None = None
    is_assisted: bool = False
    resumed: int = 0
    places: Mapping[str, Stay] | None = None
    back: frozenset[str] = frozenset()
    is_sent_aside: bool = False
    calls: tuple[Call, ...] = ()
    offers: tuple[Offer, ...] = ()
    dismissals: tuple[Dismissal, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    before: Before | None = None

    @property
    def first_channel(self) -> Channel | None:
        """The first one the citizen chose."""
        return self.chosen[0] if self.chosen else None

    @property
    def met(self) -> Mapping[str, Stay]:
        """The touchpoints in the order of their first visit."""
        found = self.places or {}
        return dict(sorted(found.items(), key=lambda one: one[1].first))

    @property
    def milestones(self) -> Mapping[Stage, datetime]:
        """When each stage was first met."""
        found: dict[Stage, datetime] = {}
        for stay in self.met.values():
            found.setdefault(stay.stage, stay.first)
        return found

    @property
    def latest(self) -> tuple[Opinion, ...]:
        """The answers that count, in the order of time: the last one to each question."""
        found: dict[tuple[object, ...], Opinion] = {}
        for one in sorted(self.opinions, key=lambda o: o.time):
            key = (one.instrument, one.construct, one.about, one.place)
            found.pop(key, None)
            found[key] = one
        return tuple(found.values())


@dataclass(frozen=True)
class Glimpse:
    """Events of people nobody can name: they count where they happened and in no journey.

    `is_first`: an answer to the first question of its instrument, which stands for the survey.
    `themes` are what a group named about `about`, without an answer.
    """

    service: str
    place: str
    time: datetime
    action: Action = Action.VISITED
    channel: Channel = Channel.WEBSITE
    instrument: str | None = None
    opinion: Opinion | None = None
    is_first: bool = True
    call: Call | None = None
    quality: Quality = Quality.VALID
    times: int = 1
    provenance: Provenance = Provenance.OBSERVED
    themes: Mapping[Driver, Polarity | None] | None = None
    about: About = About.TOUCHPOINT
