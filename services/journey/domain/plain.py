"""A plain event, as nearly all are: of a person, without answers or notes, and in good order.

It is read three times as fast as by the contract. Only what the contract takes is taken here, and
comes to the same arrival; anything else is left to `reading`, which knows what is wrong with it.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal
from uuid import UUID

import msgspec

from schemas.touchpoint_event import LANGUAGE_TAG
from schemas.vocabulary import (
    IDENTITY_OF_KIND,
    Action,
    Channel,
    IdentityKind,
    Initiator,
    Outcome,
    Provenance,
    Stage,
)
from services.journey.domain.arrival import Arrival
from services.journey.domain.entries import Entry, hash_of
from services.journey.domain.step import SourceRecord

if TYPE_CHECKING:
    ActionWord = str
    ChannelWord = str
    InitiatorWord = str
    OutcomeWord = str
    ProvenanceWord = str
    StageWord = str
    PersonWord = str
else:
    # Plain strings, as the fold holds them: enum members would have to be made into some.
    ActionWord = Literal[tuple(map(str, Action))]
    ChannelWord = Literal[tuple(map(str, Channel))]
    InitiatorWord = Literal[tuple(map(str, Initiator))]
    OutcomeWord = Literal[tuple(map(str, Outcome))]
    ProvenanceWord = Literal[tuple(map(str, Provenance))]
    StageWord = Literal[tuple(map(str, Stage))]
    PersonWord = Literal[tuple(str(kind) for kind in IdentityKind if kind != IdentityKind.ONCE)]

# `$` of the contract is the very end; Python's is also before a last line break.
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}\Z")]
_Pseudonym = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{24}\Z")]
_ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Language = Annotated[str, msgspec.Meta(pattern=LANGUAGE_TAG.replace("$", r"\Z"))]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_IDENTITIES: Final = {str(kind): str(identity) for kind, identity in IDENTITY_OF_KIND.items()}
# The contract cuts what is finer than a microsecond off, msgspec rounds it.
_is_finer = re.compile(rb"\.[0-9]{7}").search


class PlainEvent(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """What `schemas.touchpoint_event.TouchpointEvent` says, of one person."""

    uid: UUID
    agency: _Name
    service: _Name
    channel: ChannelWord
    touchpoint: _Name
    stage: StageWord
    action: ActionWord
    initiator: InitiatorWord
    assisted: bool = False
    outcome: OutcomeWord | None = None
    transferred_to: _Name | None = None
    case: _Pseudonym | None = None
    feedback: None = None
    contact: None = None
    provenance: ProvenanceWord = str(Provenance.OBSERVED)
    count: Literal[1] = 1
    identity_kind: PersonWord
    key_id: _Name
    clock: _Name = "live"
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    device: _ShortText | None = None
    language: _Language | None = None
    quality: Literal["valid"] = "valid"
    clock_skew: bool = False
    received_at: _Instant
    protocol: _Name
    protocol_version: _ShortText


class PlainRecord(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """The CloudEvent around it."""

    specversion: Literal["1.0"] = "1.0"
    type: Literal["gov.throughline.touchpoint.recorded.v1"] = (
        "gov.throughline.touchpoint.recorded.v1"
    )
    source: Annotated[str, msgspec.Meta(min_length=2, max_length=500, pattern="^/")]
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    time: _Instant
    subject: _Pseudonym
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["touchpoint_event.v1.json"] = "touchpoint_event.v1.json"
    data: PlainEvent


_decode = msgspec.json.Decoder(PlainRecord).decode


def plain(record: SourceRecord) -> Arrival | None:
    """The arrival of a plain event; None for `reading` to look at."""
    try:
        told = _decode(record.value)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    event, key = told.data, told.subject.encode()
    if key != record.key or told.time.tzinfo is not UTC or event.received_at.tzinfo is not UTC:
        return None
    if _is_finer(record.value):
        return None
    entry = Entry(
        told.time,
        event.sequence,
        event.action,
        hash_of(told.source, told.id),
        event.uid,
        event.touchpoint,
        event.stage,
        event.channel,
        event.initiator,
        event.provenance,
        event.case,
        event.outcome,
        event.transferred_to,
        event.assisted,
    )
    identity = _IDENTITIES[event.identity_kind]
    return Arrival(record, key, entry, event.service, event.clock, event.agency, identity)
