"""The other use case: what changed becomes messages, and progress tells how far they reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import PeriodKind, RevisionReason
from services.metrics.domain.changes import Block
from services.metrics.domain.messages import Books
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.revisions import Sent, Telling, is_news
from services.metrics.domain.rules import Rules
from services.metrics.domain.standing import Standing, clock_progress
from services.metrics.domain.targets import (
    Target,
    Window,
    blocks_of,
    by_place,
    crossed,
    present,
    target_of,
    windows,
)

_TARGETS_AT_ONCE = 50


class Superseded(Exception):
    """The store does not count any more (it was emptied, or replaced): what was read of it in this
    round may be nothing at all and is told to nobody.
    """


@dataclass(frozen=True)
class Dirty:
    """What has changed since it was last told. `tokens` make clearing safe against newer changes;
    `reasons` are those of revising snapshots, by block and group of cells.
    """

    tokens: Mapping[str, str]
    blocks: frozenset[Block]
    reasons: Mapping[Block, Mapping[str, RevisionReason]]


class Ledger(Protocol):
    """What happened, in the store."""

    async def standing(self) -> Standing:
        """How far every partition is."""

    async def dirty(self) -> Dirty:
        """What changed."""

    async def clean(self, tokens: Mapping[str, str]) -> None:
        """Forget these changes, but for those that have happened again since."""

    async def is_current(self) -> bool:
        """Whether this store still counts; asked after reading, so that what was read is true."""


class Cells(Protocol):
    """The sums, in the store."""

    async def blocks(self) -> frozenset[Block]:
        """All blocks that have ever had a cell."""

    async def cells(self, blocks: Sequence[Block]) -> Sequence[Mapping[str, int]]:
        """The cells of each block."""


class Memory(Protocol):
    """What subscribers were told, in the store."""

    async def sent(self, targets: Sequence[Target]) -> Sequence[Mapping[str, Sent]]:
        """By name of the series, for each target."""

    async def remember(self, sent: Mapping[Target, Mapping[str, Sent]]) -> None:
        """Keep what was told."""

    async def told_at(self) -> Watermarks:
        """How far time was at the last round that was told whole."""

    async def remember_time(self, watermarks: Watermarks) -> None:
        """Keep that."""


class Outlet(Protocol):
    """Where messages go."""

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        """Returns when the broker has all of them."""

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        """As above."""


class Store(Ledger, Cells, Memory, Protocol):
    """All of the store that is needed here."""


@dataclass(frozen=True)
class _Round:
    """What does not change during one round."""

    dirty: Dirty
    blocks: frozenset[Block]
    before: Watermarks
    watermarks: Watermarks

    @cached_property
    def places(self) -> Mapping[str, Sequence[Block]]:
        """All blocks by `service|kind|start`."""
        return by_place(self.blocks)

    @cached_property
    def reasons(self) -> Mapping[Target, Mapping[str, RevisionReason]]:
        """The reasons of revising snapshots by target, whatever their clock."""
        reasons: dict[Target, dict[str, RevisionReason]] = {}
        for block, found in self.dirty.reasons.items():
            reasons.setdefault(target_of(block), {}).update(found)
        return reasons


@dataclass
class Publication:
    """Sends what changed. All it must know is in the store, so any process can go on with it; the
    hint kept here (which windows were told) only saves work.
    """

    rules: Rules
    store: Store
    outlet: Outlet
    _told: dict[Target, object] = field(default_factory=dict)

    async def round(self, now: datetime, caught_up: int) -> int:
        """One round; returns how many messages were sent. Progress is read first and told last:
        who has heard it has heard every number it stands for. Raises Superseded.
        """
        standing, before = await self.store.standing(), await self.store.told_at()
        dirty, blocks = await self.store.dirty(), await self.store.blocks()
        this = _Round(dirty, blocks, before, standing.watermarks)
        rolling = dict(self._rolling(this))
        sent = 0
        for targets in _chunks(sorted({*self._calendar(this), *rolling})):
            sent += await self._tell(targets, this)
        if not await self.store.is_current():
            raise Superseded
        await self.store.clean(dirty.tokens)
        await self.store.remember_time(this.watermarks)
        self._told.update(rolling)
        await self.outlet.tell(clock_progress(standing, caught_up, now))
        return sent

    def _calendar(self, this: _Round) -> set[Target]:
        past = crossed(this.blocks, self.rules, this.before, this.watermarks)
        changed = this.dirty.blocks.union(past)
        return {target_of(b) for b in changed if b.service in self.rules.services}

    def _rolling(self, this: _Round) -> Iterator[tuple[Target, object]]:
        """Windows in which a cell changed, or whose day or closing has come."""
        changed = {block.service for block in this.dirty.blocks}
        for service in sorted({b.service for b in this.blocks} & self.rules.services.keys()):
            target = Target(service, PeriodKind.ROLLING_28D)
            now = self._windows(target, this), this.watermarks.ended
            if service in changed or self._told.get(target) != now:
                yield target, now

    def _windows(self, target: Target, this: _Round) -> tuple[Window, ...]:
        now = present(target.service, this.blocks, this.watermarks)
        return windows(target, self.rules.services[target.service], now)

    async def _tell(self, targets: Sequence[Target], this: _Round) -> int:
        memories = await self.store.sent(targets)
        messages: list[MetricMessage] = []
        remembered: dict[Target, dict[str, Sent]] = {}
        for target, memory in zip(targets, memories, strict=True):
            remembered[target] = {}
            for window, books in await self._books(target, this):
                telling = Telling(books, memory, this.reasons.get(target, {}))
                for message, name, sent in telling.all(window.formulas):
                    remembered[target][name] = sent
                    if is_news(sent, memory.get(name)):
                        messages.append(message)
        if not await self.store.is_current():
            raise Superseded
        await self.outlet.publish(messages)
        await self.store.remember(remembered)
        return len(messages)

    async def _books(self, target: Target, this: _Round) -> list[tuple[Window, Books]]:
        service = self.rules.services[target.service]
        parts = [
            (window, blocks_of(window, target.service, this.places))
            for window in self._windows(target, this)
        ]
        blocks = sorted({block for _, part in parts for block in part})
        cells = dict(zip(blocks, await self.store.cells(blocks), strict=True))
        return [
            (window, Books(service, window.period, _by_clock(part, cells), this.watermarks))
            for window, part in parts
        ]


def _by_clock(
    blocks: Sequence[Block], cells: Mapping[Block, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for block in blocks:
        total = sums.setdefault(block.clock, {})
        for cell, n in cells[block].items():
            total[cell] = total.get(cell, 0) + n
    return sums


def _chunks(targets: Sequence[Target]) -> Iterator[Sequence[Target]]:
    for start in range(0, len(targets), _TARGETS_AT_ONCE):
        yield targets[start : start + _TARGETS_AT_ONCE]
