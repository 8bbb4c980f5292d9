"""What a record of journeys.v1 says."""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from schemas.codec import SchemaViolation, decode
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.vocabulary import RecordKind, RevisionReason
from services.metrics.domain.short import short


class Snapshot(NamedTuple):
    """A readable snapshot under its record's key, and the bytes it was read from."""

    id: str
    body: JourneySnapshot | Bucket
    raw: bytes


class Head(msgspec.Struct, frozen=True, gc=False):
    """What of a snapshot decides whether all of it need be read, which takes ten times as long."""

    version: int
    revision_reason: RevisionReason | None = None
    superseded_by: str | None = None
    erased: bool = False


@dataclass(frozen=True)
class Unreadable:
    """A record that cannot be counted, and why."""

    detail: str


Read = Snapshot | Progress | Unreadable
_OF_SNAPSHOTS = (RecordKind.JOURNEY, RecordKind.BUCKET)
_head = msgspec.json.Decoder(Head).decode


def read(kind: str | None, key: bytes | None, value: bytes | None) -> Read:
    """The content of a record, by its header `kind`."""
    if value is None or key is None:
        return Unreadable("key or value: Field required (got NoneType)")
    try:
        match kind:
            case RecordKind.JOURNEY:
                body = short(value) or decode(JourneySnapshot, value)
                return Snapshot(key.decode(errors="replace"), body, value)
            case RecordKind.BUCKET:
                return Snapshot(key.decode(errors="replace"), decode(Bucket, value), value)
            case RecordKind.PROGRESS:
                return decode(Progress, value)
    except SchemaViolation as violation:
        return Unreadable(str(violation))
    return Unreadable("header kind: Input should be journey, bucket or progress")


def head_of(kind: str | None, value: bytes | None) -> Head | None:
    """The head of a snapshot; None where there is none."""
    if kind not in _OF_SNAPSHOTS or value is None:
        return None
    try:
        return _head(value)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def reason_of(body: JourneySnapshot | Bucket | Head) -> RevisionReason | None:
    """Why numbers that were told already may change; growth has no reason."""
    if isinstance(body, Bucket):
        return None
    if body.erased:
        return RevisionReason.ERASED
    return RevisionReason.RELINKED if body.superseded_by is not None else body.revision_reason
