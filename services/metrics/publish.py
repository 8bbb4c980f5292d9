"""The other use case: what changed becomes messages, and progress tells how far they reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import PeriodKind, RevisionReason
from services.metrics.domain.changes import Block
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import Formula
from services.metrics.domain.messages import (
    Books,
    Sent,
    Series,
    as_sent,
    is_news,
    message_of,
    revised,
    series_of,
    with_revision,
)
from services.metrics.domain.periods import Watermarks
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

_BY_SERIES = {(formula.metric_id, formula.level): formula for formula in FORMULAS}
_TARGETS_AT_ONCE = 50
EVERY_GROUP = ""
"""Stands in `Dirty.reasons` for all cells of a block."""


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
    places: Mapping[str, Sequence[Block]]
    watermarks: Watermarks


@dataclass
class Publication:
    """Sends what changed. All it must know is in the store, so any process can go on with it; the
    two hints kept here (how far time was, which windows were told) only save work.
    """

    rules: Rules
    store: Store
    outlet: Outlet
    _before: Watermarks = field(default_factory=lambda: Watermarks({}))
    _told: dict[Target, object] = field(default_factory=dict)

    async def round(self, now: datetime, caught_up: int) -> int:
        """One round; returns how many messages were sent. Progress is read first and told last:
        who has heard it has heard every number it stands for.
        """
        standing = await self.store.standing()
        dirty, blocks = await self.store.dirty(), await self.store.blocks()
        this = _Round(dirty, blocks, by_place(blocks), standing.watermarks)
        sent = 0
        for targets in _chunks(list(self._targets(this))):
            sent += await self._tell(targets, this)
        await self.store.clean(dirty.tokens)
        self._before = this.watermarks
        await self.outlet.tell(clock_progress(standing, caught_up, now))
        return sent

    def _targets(self, this: _Round) -> Iterator[Target]:
        past = crossed(this.blocks, self.rules, self._before, this.watermarks)
        changed = this.dirty.blocks | set(past)
        known = {b for b in changed if b.service in self.rules.services}
        yield from sorted({target_of(block) for block in known})
        moved = {block.service for block in known}
        for service in sorted({b.service for b in this.blocks} & self.rules.services.keys()):
            target = Target(service, PeriodKind.ROLLING_28D)
            now = self._windows(target, this)
            if service in moved or self._told.get(target) != now:
                self._told[target] = now
                yield target

    def _windows(self, target: Target, this: _Round) -> tuple[Window, ...]:
        now = present(target.service, this.blocks, this.watermarks)
        return windows(target, self.rules.services[target.service], now)

    async def _tell(self, targets: Sequence[Target], this: _Round) -> int:
        memories = await self.store.sent(targets)
        messages: list[MetricMessage] = []
        remembered: dict[Target, dict[str, Sent]] = {}
        for target, memory in zip(targets, memories, strict=True):
            remembered[target] = {}
            for window in self._windows(target, this):
                books = await self._books(target, window, this)
                telling = _Telling(books, memory, _reasons(target, this.dirty))
                for message, series, sent in telling.all(window.formulas):
                    remembered[target][series.name] = sent
                    if is_news(sent, memory.get(series.name)):
                        messages.append(message)
        await self.outlet.publish(messages)
        await self.store.remember(remembered)
        return len(messages)

    async def _books(self, target: Target, window: Window, this: _Round) -> Books:
        blocks = blocks_of(window, target.service, this.places)
        sums: dict[str, dict[str, int]] = {}
        for block, cells in zip(blocks, await self.store.cells(blocks), strict=True):
            total = sums.setdefault(block.clock, {})
            for cell, n in cells.items():
                total[cell] = total.get(cell, 0) + n
        service = self.rules.services[target.service]
        return Books(service, window.period, sums, this.watermarks)


@dataclass(frozen=True)
class _Telling:
    """The messages of one period, compared with what was told before."""

    books: Books
    memory: Mapping[str, Sent]
    reasons: Mapping[str, RevisionReason]

    @property
    def everywhere(self) -> RevisionReason | None:
        """The reason that holds for the whole period, such as a rebuild."""
        return self.reasons.get(EVERY_GROUP)

    def all(self, formulas: Sequence[Formula]) -> Iterator[tuple[MetricMessage, Series, Sent]]:
        """Every series that has a cell, or was told before and has none any more."""
        wanted = {(f.metric_id, f.level) for f in formulas}
        told = {Series.named(name) for name in self.memory}
        for series in sorted({*series_of(self.books, formulas), *told}):
            formula = _BY_SERIES.get((series.metric_id, series.level))
            if formula is None or (series.metric_id, series.level) not in wanted:
                continue
            message = message_of(series, formula, self.books)
            if message is not None:
                yield self._compared(series, formula, message)

    def _compared(
        self, series: Series, formula: Formula, message: MetricMessage
    ) -> tuple[MetricMessage, Series, Sent]:
        groups = (f"{measure}|{series.labels}" for measure in formula.reads)
        reason = next((self.reasons[g] for g in groups if g in self.reasons), None)
        has_ended = message.period is not PeriodKind.ROLLING_28D and all(
            self.books.watermarks.reached(clock, self.books.end) for clock in message.clocks
        )
        sent = as_sent(message, has_ended=has_ended)
        sent = revised(sent, self.memory.get(series.name), reason or self.everywhere)
        return with_revision(message, sent), series, sent


def _reasons(target: Target, dirty: Dirty) -> Mapping[str, RevisionReason]:
    reasons: dict[str, RevisionReason] = {}
    for block, found in dirty.reasons.items():
        if target_of(block) == target:
            reasons.update(found)
    return reasons


def _chunks(targets: Sequence[Target]) -> Iterator[Sequence[Target]]:
    for start in range(0, len(targets), _TARGETS_AT_ONCE):
        yield targets[start : start + _TARGETS_AT_ONCE]
