"""The fields of `schemas.journey`, in the same order, to be encoded by msgspec.

That is ten times as fast as pydantic, and a test shows that both write the same bytes. A field
without a default is always written, one with a default only when it is not None, as the contract
does.
"""

from datetime import datetime
from uuid import UUID

import msgspec


class Wire(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """Written without what is None."""


class MilestoneWire(Wire, frozen=True):
    """As `schemas.journey.Milestone`."""

    stage: str
    time: datetime


class ChoiceWire(Wire, frozen=True):
    """As `schemas.journey.ChannelChoice`."""

    time: datetime
    channel: str
    initiator: str


class VisitWire(Wire, frozen=True):
    """As `schemas.journey.TouchpointVisit`."""

    touchpoint: str
    stage: str
    count: int
    first: datetime
    last: datetime
    channel: str
    initiator: str


class DriverWire(Wire, kw_only=True, frozen=True):
    """As `schemas.touchpoint_event.DriverMention`."""

    driver: str
    polarity: str
    chosen: int


class StepWire(Wire, kw_only=True, frozen=True):
    """As `schemas.journey.SurveyStep`."""

    time: datetime
    action: str
    touchpoint: str
    channel: str
    provenance: str
    about: str
    construct: str | None = None
    scale: str | None = None
    answer: int | None = None
    instrument: str
    wording: str | None = None
    offer_id: str | None = None
    drivers: list[DriverWire]


class ContactWire(Wire, kw_only=True, frozen=True):
    """As `schemas.journey.ContactMade`."""

    time: datetime
    touchpoint: str
    channel: str
    initiator: str
    provenance: str
    reason: str | None = None
    avoidable: bool | None = None
    reached: bool | None = None
    repeat_7d: bool
    repeat_28d: bool


class PredecessorWire(Wire, kw_only=True, frozen=True):
    """As `schemas.journey.Predecessor`."""

    id: UUID
    ended: datetime
    last_citizen_channel: str | None = None


class SnapshotWire(Wire, kw_only=True, frozen=True):
    """As `schemas.journey.JourneySnapshot`."""

    id: UUID
    version: int
    revision: int
    revision_reason: str | None = None
    clock: str
    pseudonym: str
    identity: str
    agency: str
    service: str
    case: str | None = None
    status: str
    turn: str
    outcome: str
    transferred_to: str | None = None
    opened: datetime
    started: datetime | None = None
    submitted: datetime | None = None
    decided: datetime | None = None
    ended: datetime | None = None
    closed: datetime | None = None
    saved: bool
    assisted: bool
    resumed: int
    visits: int
    entries: int
    milestones: list[MilestoneWire]
    channels: list[ChoiceWire]
    first_channel: str | None = None
    touchpoints: list[VisitWire]
    last_touchpoint: str | None = None
    survey: list[StepWire]
    contacts: list[ContactWire]
    predecessor: PredecessorWire | None = None
    alone: bool
    superseded_by: UUID | None = None
    erased: bool
