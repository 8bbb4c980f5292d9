"""The one use case: a batch of journeys.v1 becomes changes of counters, counted once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from schemas.journey import Bucket, Progress
from schemas.rejection import Origin, Rejection
from schemas.topics import JOURNEYS
from schemas.vocabulary import Reason, Status
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, Counted, contribution, is_no_more
from services.metrics.domain.essence import basis_of, essence_of
from services.metrics.domain.newest import Newest
from services.metrics.domain.reading import Read, Snapshot, Unreadable, read, reason_of
from services.metrics.domain.rules import Rules
from services.metrics.domain.shelves import Shelves

PROTOCOL = "journeys.v1"
_UNINTERRUPTED = 250  # some 50 ms
Item = TypeVar("Item")


class Record(NamedTuple):
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


@dataclass(frozen=True)
class Outdated:
    """Nothing was stored: meanwhile books were frozen that these changes do not know of."""


Outcome = Applied | Moved | Replaced


class Store(Protocol):
    """Where the counters are."""

    async def look(self, ids: Sequence[str]) -> tuple[Closings, Sequence[Counted | None]]:
        """What can change no more, and what was counted last for each id."""

    async def apply(self, batch: Batch, changes: Changes) -> Outcome | Outdated:
        """Store changes and the batch's next offset in one piece, if the stored offset is the one
        expected and the closings are those the changes were made by; else nothing.
        """


class Rejections(Protocol):
    """Where unreadable records go."""

    async def reject(self, key: bytes, rejection: Rejection) -> None:
        """Returns when the broker has it."""


@dataclass
class Tally:
    """Counts batches; what it remembers only saves work."""

    rules: Rules
    store: Store
    rejections: Rejections
    _shelves: Shelves | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """What amounts depend on does not change while it runs."""
        self._basis = basis_of(self.rules)

    async def record(self, batch: Batch) -> Outcome:
        """Count one batch. What cannot be read is kept elsewhere before the offset moves."""
        contents = await self._needed(batch)
        ids = list({content.id: None for content in contents if isinstance(content, Snapshot)})
        while True:
            closings, counted = await self.store.look(ids)
            changes = await self._changes(contents, dict(zip(ids, counted, strict=True)), closings)
            outcome = await self.store.apply(batch, changes)
            if not isinstance(outcome, Outdated):
                return outcome

    async def _needed(self, batch: Batch) -> list[Read]:
        """What the batch says, in order, but for what a later snapshot in it makes needless."""
        newest, found = Newest(), []
        async for record in _by_turns(batch.records[::-1]):
            if not newest.says_all(record.kind, record.key, record.value):
                content = self._read(record)
                newest.take(record.key, content)
                found.append((record, content))
        found.reverse()
        for record, content in found:
            if isinstance(content, Unreadable):
                await self._reject(batch.partition, record, content)
        return [content for _, content in found]

    def _read(self, record: Record) -> Read:
        content = read(record.kind, record.key, record.value)
        if isinstance(content, Snapshot) and content.body.service not in self.rules.services:
            return Unreadable(f"service {content.body.service!r} is not in the catalogue")
        return content

    async def _changes(
        self, contents: Sequence[Read], counted: dict[str, Counted | None], closings: Closings
    ) -> Changes:
        if self._shelves is None or self._shelves.closings is not closings:
            self._shelves = Shelves(self.rules, closings)
        changes = Changes(self._shelves)
        async for content in _by_turns(contents):
            if isinstance(content, Snapshot):
                self._count(content, counted, changes)
            elif isinstance(content, Progress):
                changes.progress[f"{content.clock}/{content.partition}"] = content
        return changes

    def _count(
        self, snapshot: Snapshot, counted: dict[str, Counted | None], changes: Changes
    ) -> None:
        last, body = counted[snapshot.id], snapshot.body
        if last is not None and last.version >= body.version:
            return
        now = self._counted(snapshot, last)
        before = NOTHING if last is None else last.contribution
        changes.replace(before, now.contribution, reason_of(body))
        counted[snapshot.id] = now
        can_change = changes.shelves.can_change(now.contribution)
        changes.counted[snapshot.id] = now if can_change else None

    def _counted(self, snapshot: Snapshot, last: Counted | None) -> Counted:
        body, essence = snapshot.body, 0
        if last is not None and is_no_more(body):
            return Counted(body.version, last.contribution.taken_back())
        if not isinstance(body, Bucket) and body.status is not Status.OPEN:
            essence = essence_of(snapshot.raw, self._basis)
            if last is not None and essence == last.essence:
                made = last.contribution.standing(is_open=body.status is not Status.FINAL)
                return Counted(body.version, made, essence)
        return Counted(body.version, contribution(body, self.rules), essence)

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


async def _by_turns(items: Sequence[Item]) -> AsyncIterator[Item]:
    """A large batch takes seconds, in which heartbeats and whoever asks must get through."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % _UNINTERRUPTED == 0:
            await asyncio.sleep(0)
