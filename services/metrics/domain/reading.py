"""What a record of journeys.v1 says."""

from dataclasses import dataclass
from typing import NamedTuple

from schemas.codec import SchemaViolation, decode
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.vocabulary import RecordKind, RevisionReason


class Snapshot(NamedTuple):
    """A readable snapshot under its record's key, and the bytes it was read from."""

    id: str
    body: JourneySnapshot | Bucket
    raw: bytes


@dataclass(frozen=True)
class Unreadable:
    """A record that cannot be counted, and why."""

    detail: str


Read = Snapshot | Progress | Unreadable


def read(kind: str | None, key: bytes | None, value: bytes | None) -> Read:
    """The content of a record, by its header `kind`."""
    if value is None or key is None:
        return Unreadable("key or value: Field required (got NoneType)")
    try:
        match kind:
            case RecordKind.JOURNEY:
                return Snapshot(key.decode(errors="replace"), decode(JourneySnapshot, value), value)
            case RecordKind.BUCKET:
                return Snapshot(key.decode(errors="replace"), decode(Bucket, value), value)
            case RecordKind.PROGRESS:
                return decode(Progress, value)
    except SchemaViolation as violation:
        return Unreadable(str(violation))
    return Unreadable("header kind: Input should be journey, bucket or progress")


def reason_of(body: JourneySnapshot | Bucket) -> RevisionReason | None:
    """Why numbers that were told already may change; growth has no reason."""
    if isinstance(body, Bucket):
        return None
    if body.erased:
        return RevisionReason.ERASED
    return RevisionReason.RELINKED if body.superseded_by is not None else body.revision_reason
