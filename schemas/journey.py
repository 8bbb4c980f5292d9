"""What lies on `journeys.v1`: journey snapshots, buckets of unlinked events, progress of a clock.

A snapshot carries answers and times, never scores. Versions only grow, within one id.
One file, a little long, because it is one topic: whoever reads it needs all three.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.model import Contract, Count, Instant, Name, Pseudonym
from schemas.touchpoint_event import DriverMention, ShortText
from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Driver,
    Identity,
    Initiator,
    Outcome,
    Polarity,
    Provenance,
    Quality,
    Reason,
    RevisionReason,
    Scale,
    Stage,
    Status,
    Turn,
)

# epoch * 2^44 + source offset: exact in a double, which is what Redis' scripts count in.
Version = Annotated[int, Field(ge=0, lt=2**53)]


class Milestone(Contract):
    """The first touchpoint event of a stage."""

    stage: Stage
    time: Instant


class ChannelChoice(Contract):
    """A channel the journey moved to. Runs of one channel and initiator are one choice."""

    time: Instant
    channel: Channel
    initiator: Initiator


class TouchpointVisit(Contract):
    """All that happened at one touchpoint of the journey."""

    touchpoint: Name
    stage: Stage
    count: Count
    first: Instant
    last: Instant
    channel: Channel
    initiator: Initiator


class SurveyStep(Contract):
    """One step of the survey chain: offered, answered or dismissed, as the action says."""

    time: Instant
    action: Action
    touchpoint: Name
    channel: Channel
    provenance: Provenance
    about: About
    construct: Construct | None = None  # type: ignore[assignment]
    scale: Scale | None = None
    answer: int | None = None
    instrument: Name
    wording: Name | None = None
    offer_id: ShortText | None = None
    drivers: tuple[DriverMention, ...] = ()


class ContactMade(Contract):
    """A contact; the repeat flags say that the citizen had made another within 7 or 28 days."""

    time: Instant
    touchpoint: Name
    channel: Channel
    initiator: Initiator
    provenance: Provenance
    reason: ContactReason | None = None
    avoidable: bool | None = None
    reached: bool | None = None
    repeat_7d: bool = False
    repeat_28d: bool = False


class Predecessor(Contract):
    """The journey of the same citizen and service that ended last before this one opened."""

    id: UUID
    ended: Instant
    last_citizen_channel: Channel | None = None


class JourneySnapshot(Contract):
    """One journey as it stands.

    `first_channel` is its first citizen-initiated one, `last_touchpoint` its last
    citizen-initiated touchpoint of the transaction stage. `alone`: all earlier journeys of the
    citizen and service had ended when it opened, and it was never taken up again after its own end.
    `superseded_by` or `erased` make it a journey that is no more: it counts nowhere.
    """

    id: UUID
    version: Version
    revision: Count = 0
    revision_reason: RevisionReason | None = None
    clock: Name
    pseudonym: Pseudonym
    identity: Identity
    agency: Name
    service: Name
    case: Pseudonym | None = None
    status: Status
    turn: Turn
    outcome: Outcome
    transferred_to: Name | None = None
    opened: Instant
    started: Instant | None = None
    submitted: Instant | None = None
    decided: Instant | None = None
    ended: Instant | None = None
    closed: Instant | None = None
    saved: bool = False
    assisted: bool = False
    resumed: Count = 0
    visits: Count = 1
    entries: Count
    milestones: tuple[Milestone, ...] = ()
    channels: tuple[ChannelChoice, ...] = ()
    first_channel: Channel | None = None
    touchpoints: tuple[TouchpointVisit, ...] = ()
    last_touchpoint: Name | None = None
    survey: tuple[SurveyStep, ...] = ()
    contacts: tuple[ContactMade, ...] = ()
    predecessor: Predecessor | None = None
    alone: bool = False
    superseded_by: UUID | None = None
    erased: bool = False


class BucketAnswer(Contract):
    """How many unlinked people gave one answer."""

    about: About
    construct: Construct  # type: ignore[assignment]
    scale: Scale
    wording: Name | None = None
    instrument: Name
    answer: int
    count: Annotated[int, Field(ge=1)]


class BucketContact(Contract):
    """How many unlinked people made contact for one reason."""

    reason: ContactReason | None = None
    avoidable: bool | None = None
    count: Annotated[int, Field(ge=1)]


class BucketDriver(Contract):
    """How many forms of unlinked people offered a driver and had it chosen one way; `chosen` is
    absent where it was chosen as neither, or as both.
    """

    about: About
    instrument: Name
    driver: Driver
    chosen: Polarity | None = None
    count: Annotated[int, Field(ge=1)]


class SurveyChain(Contract):
    """The survey chain of one instrument; an answered survey counts by its first question."""

    instrument: Name
    offered: Count = 0
    answered: Count = 0
    dismissed: Count = 0


class Bucket(Contract):
    """Unlinked events of one hour of the service's time zone at one touchpoint and channel.

    The hour is the time of everything in it. `final` buckets have left the journey service's state.
    """

    version: Version
    clock: Name
    agency: Name
    service: Name
    touchpoint: Name
    stage: Stage
    channel: Channel
    quality: Quality
    provenance: Provenance
    hour: Instant
    actions: dict[Action, Annotated[int, Field(ge=1)]] = {}
    chain: tuple[SurveyChain, ...] = ()
    answers: tuple[BucketAnswer, ...] = ()
    contacts: tuple[BucketContact, ...] = ()
    drivers: tuple[BucketDriver, ...] = ()
    final: bool = False


class Account(Contract):
    """Where the accepted touchpoint events of one partition and clock went.

    Control records are not counted; a record that breaks the contract names no clock that could be
    trusted and is counted under `live`.
    """

    applied: Count = 0
    duplicate: Count = 0
    late: Count = 0
    rejected: dict[Reason, Annotated[int, Field(ge=1)]] = {}


class Progress(Contract):
    """How far one partition is in one clock, sent on every tick of that clock."""

    partition: Annotated[int, Field(ge=0)]
    clock: Name
    watermark: Instant
    last: bool = False
    applied: Annotated[int, Field(ge=-1)]
    account: Account
