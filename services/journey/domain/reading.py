"""Bytes of `touchpoints.v1` to touchpoint events; what cannot be read is a rejection."""

import re
from typing import Final

from schemas.codec import SchemaViolation, decode
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Reason
from services.journey.domain.step import SourceRecord

# Whose rejection it is when the record does not say.
UNREADABLE: Final = "journey"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_LONGEST = 1_000


def read(record: SourceRecord) -> TouchpointRecord | Rejection:
    """The touchpoint event in a record without kind."""
    try:
        told = decode(TouchpointRecord, record.value)
    except SchemaViolation as violation:
        return unreadable(record, str(violation))
    if record.key != told.subject.encode():
        return unreadable(record, "key: is not the subject of the event")
    return told


def rejection(
    record: SourceRecord, told: TouchpointRecord, reason: Reason, detail: str
) -> Rejection:
    """Why an event that could be read was refused all the same."""
    return Rejection(
        reason=reason,
        detail=detail[:_LONGEST],
        source=source_of(told),
        protocol=told.data.protocol,
        at=record.appended_at,
        subject=told.subject,
    )


def late(record: SourceRecord, told: TouchpointRecord) -> Rejection:
    """Why an event was refused that came after what it belongs to was final."""
    detail = f"time: before what the clock {told.data.clock} still waits for"
    return rejection(record, told, Reason.LATE, detail)


def source_of(told: TouchpointRecord) -> str:
    """The authenticated source: the first segment of the CloudEvent's `source`."""
    first = told.source.split("/", 2)[1]
    return first if _NAME.fullmatch(first) else UNREADABLE


def unreadable(record: SourceRecord, detail: str) -> Rejection:
    """Why a record that does not keep its contract was refused."""
    return Rejection(
        reason=Reason.CONTRACT_BROKEN,
        detail=detail[:_LONGEST],
        source=UNREADABLE,
        protocol=UNREADABLE,
        at=record.appended_at,
    )
