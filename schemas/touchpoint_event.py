"""TouchpointEvent v1: what a channel reports, as it lies on `touchpoints.v1`."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from schemas.model import Contract, Instant, Name, Pseudonym
from schemas.vocabulary import (
    SCALE_RANGE,
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Driver,
    IdentityKind,
    Initiator,
    Outcome,
    Polarity,
    Provenance,
    Quality,
    Scale,
    Stage,
)

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LANGUAGE_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_TAG)]


class DriverMention(Contract):
    """1 = chosen, 0 = offered and not chosen; a driver that was not offered is absent."""

    driver: Driver
    polarity: Polarity
    chosen: Literal[0, 1]


class Feedback(Contract):
    """One question of a survey: offered, answered or dismissed (the event's action says which).

    `answer` is there exactly when the action is `answered`; its range is the scale's. A theme of a
    group (provenance `moderated` or `estimated`) is `answered` with `drivers` alone.
    """

    about: About
    construct: Construct | None = None  # type: ignore[assignment]
    scale: Scale | None = None
    answer: int | None = None
    instrument: Name
    wording: Name | None = None
    offer_id: ShortText | None = None
    drivers: tuple[DriverMention, ...] = ()

    @model_validator(mode="after")
    def _answer_is_on_its_scale(self) -> Self:
        if self.answer is None:
            return self
        if self.construct is None or self.scale is None:
            raise ValueError("an answer needs its construct and scale")
        low, high = SCALE_RANGE[self.scale]
        if not low <= self.answer <= high:
            raise ValueError(f"the answer is not on the scale {self.scale}")
        return self


class Contact(Contract):
    """A citizen who asked for help; None means that nobody noted it."""

    reason: ContactReason | None = None
    avoidable: bool | None = None
    reached: bool | None = None


class TouchpointEvent(Contract):
    """One contact between citizen and service. Times are UTC; `count` above 1 is an aggregated
    tally of unlinked people.
    """

    uid: UUID
    agency: Name
    service: Name
    channel: Channel
    touchpoint: Name
    stage: Stage
    action: Action
    initiator: Initiator
    assisted: bool = False
    outcome: Outcome | None = None
    transferred_to: Name | None = None
    case: Pseudonym | None = None
    feedback: Feedback | None = None
    contact: Contact | None = None
    provenance: Provenance = Provenance.OBSERVED
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    identity_kind: IdentityKind
    key_id: Name
    clock: Name = "live"
    sequence: Annotated[int, Field(ge=0, le=2**53)] = 0
    device: ShortText | None = None
    language: Language | None = None
    quality: Quality = Quality.VALID
    clock_skew: bool = False
    received_at: Instant
    protocol: Name
    protocol_version: ShortText

    @model_validator(mode="after")
    def _is_fit_for_a_journey(self) -> Self:
        if self.identity_kind is IdentityKind.ONCE:
            return self
        if self.count > 1:
            raise ValueError("only unlinked people can be tallied together")
        if self.quality is not Quality.VALID:
            raise ValueError("only an event of quality valid may be linked")
        return self


class TouchpointRecord(Contract):
    """The CloudEvent on the topic: `source` + `id` are the idempotency key, `time` is when it
    happened.
    """

    specversion: Literal["1.0"] = "1.0"
    type: Literal["gov.throughline.touchpoint.recorded.v1"] = (
        "gov.throughline.touchpoint.recorded.v1"
    )
    source: Annotated[str, StringConstraints(min_length=2, max_length=500, pattern="^/")]
    id: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    time: Instant
    subject: Pseudonym
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["touchpoint_event.v1.json"] = "touchpoint_event.v1.json"
    data: TouchpointEvent
