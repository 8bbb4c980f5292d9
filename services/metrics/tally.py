"""The one use case: a batch of journeys.v1 becomes changes of counters, counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.codec import SchemaViolation, decode
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.rejection import Origin, Rejection
from schemas.topics import JOURNEYS
from schemas.vocabulary import Reason, RecordKind
from services.metrics.domain.changes import Changes
from services.metrics.domain.contribution import NOTHING, Counted, contribution
from services.metrics.domain.rules import Rules

PROTOCOL = "journeys.v1"


@dataclass(frozen=True)
class Record:
    """One record of journeys.v1; `appended_at` is the broker's time."""

    offset: int
    appended_at: datetime
    kind: str | None
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True)
class Batch:
    """Records of one partition in order. `expected` is the next offset we believe is stored."""

    partition: int
    expected: int
    next: int
    records: Sequence[Record]


@dataclass(frozen=True)
class Applied:
    """The batch is in the store, whole."""

    next: int


@dataclass(frozen=True)
class Moved:
    """Nothing was stored: another process has counted up to `current`; go on there."""

    current: int


@dataclass(frozen=True)
class Replaced:
    """Nothing was stored: the store is empty or holds another generation; load it anew."""


Outcome = Applied | Moved | Replaced


class Store(Protocol):
    """Where the counters are."""

    async def counted(self, ids: Sequence[str]) -> Sequence[Counted | None]:
        """What was counted last for each id."""

    async def apply(self, batch: Batch, changes: Changes) -> Outcome:
        """Store changes and the batch's next offset in one piece, if the stored offset is the one
        expected; else nothing.
        """


class Rejections(Protocol):
    """Where unreadable records go."""

    async def reject(self, key: bytes, rejection: Rejection) -> None:
        """Returns when the broker has it."""


@dataclass(frozen=True)
class Snapshot:
    """A readable snapshot under its record's key."""

    id: str
    body: JourneySnapshot | Bucket


@dataclass(frozen=True)
class Unreadable:
    """A record that cannot be counted, and why."""

    detail: str


Read = Snapshot | Progress | Unreadable


@dataclass(frozen=True)
class Tally:
    """Counts batches."""

    rules: Rules
    store: Store
    rejections: Rejections

    async def record(self, batch: Batch) -> Outcome:
        """Count one batch. What cannot be read is kept elsewhere before the offset moves."""
        read = [self._read(record) for record in batch.records]
        for record, content in zip(batch.records, read, strict=True):
            if isinstance(content, Unreadable):
                await self._reject(batch.partition, record, content)
        ids = [content.id for content in read if isinstance(content, Snapshot)]
        counted = dict(zip(ids, await self.store.counted(ids), strict=True)) if ids else {}
        return await self.store.apply(batch, self._changes(read, counted))

    def _read(self, record: Record) -> Read:
        try:
            content = _decoded(record)
        except SchemaViolation as violation:
            return Unreadable(str(violation))
        if isinstance(content, Snapshot) and content.body.service not in self.rules.services:
            return Unreadable(f"service {content.body.service!r} is not in the catalogue")
        return content

    def _changes(self, read: Sequence[Read], counted: dict[str, Counted | None]) -> Changes:
        changes = Changes(self.rules)
        for content in read:
            if isinstance(content, Snapshot):
                self._count(content, counted, changes)
            elif isinstance(content, Progress):
                changes.progress[f"{content.clock}/{content.partition}"] = content
        return changes

    def _count(
        self, snapshot: Snapshot, counted: dict[str, Counted | None], changes: Changes
    ) -> None:
        last = counted[snapshot.id]
        if last is not None and last.version >= snapshot.body.version:
            return
        now = contribution(snapshot.body, self.rules)
        before = NOTHING if last is None else last.contribution
        changes.replace(before, now, getattr(snapshot.body, "revision_reason", None))
        counted[snapshot.id] = changes.counted[snapshot.id] = Counted(snapshot.body.version, now)

    async def _reject(self, partition: int, record: Record, why: Unreadable) -> None:
        rejection = Rejection(
            reason=Reason.UNREADABLE_SNAPSHOT,
            detail=why.detail[:1000],
            source="journey",
            protocol=PROTOCOL,
            at=record.appended_at,
            origin=Origin(topic=JOURNEYS, partition=partition, offset=record.offset),
        )
        await self.rejections.reject(record.key or b"unknown", rejection)


def _decoded(record: Record) -> Read:
    """Raises SchemaViolation."""
    if record.value is None or record.key is None:
        return Unreadable("key or value: Field required (got NoneType)")
    match record.kind:
        case RecordKind.JOURNEY:
            return Snapshot(
                record.key.decode(errors="replace"), decode(JourneySnapshot, record.value)
            )
        case RecordKind.BUCKET:
            return Snapshot(record.key.decode(errors="replace"), decode(Bucket, record.value))
        case RecordKind.PROGRESS:
            return decode(Progress, record.value)
        case _:
            return Unreadable("header kind: Input should be journey, bucket or progress")
