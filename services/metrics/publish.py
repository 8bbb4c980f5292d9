"""The other use case: what changed becomes messages, and progress tells how far they reach."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from schemas.metric import ClockProgress, MetricMessage
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings
from services.metrics.domain.messages import Series
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.revisions import Sent, Telling, is_news
from services.metrics.domain.round import Cells, Reasons, Round, by_target
from services.metrics.domain.rules import Rules
from services.metrics.domain.standing import Standing, clock_progress
from services.metrics.domain.targets import Target

_TARGETS_AT_ONCE = 50


class Superseded(Exception):
    """The store does not count any more (it was emptied, or replaced): what was read of it in this
    round may be nothing at all and is told to nobody. Or another process tells by now.
    """


@dataclass(frozen=True)
class Dirty:
    """What has changed since it was told; `tokens` make clearing safe against newer changes."""

    tokens: Mapping[str, str]
    what: frozenset[Block | Target]


@dataclass(frozen=True)
class Sums:
    """Cells by block, and why revising snapshots have changed which groups of them since they were
    last told: both as of one instant, so that no change is ever seen without its reason.
    """

    cells: Cells
    reasons: Reasons


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

    async def lead(self, name: str) -> None:
        """From now on `name` is who tells."""

    async def leader(self) -> str | None:
        """Who tells."""

    async def mark(self, targets: Iterable[Target]) -> None:
        """Have these told anew, as if a cell in them had changed."""

    async def closings(self) -> Closings:
        """What can change no more."""


class Counts(Protocol):
    """The sums, in the store."""

    async def blocks(self) -> frozenset[Block]:
        """All blocks that have ever had a cell."""

    async def sums(self, blocks: Sequence[Block]) -> Sums:
        """The cells of each block, with the reasons."""


class Memory(Protocol):
    """What subscribers were told, in the store."""

    async def sent(self, targets: Sequence[Target]) -> Sequence[Mapping[str, Sent]]:
        """By name of the series, for each target."""

    async def remember(self, sent: Mapping[Target, Mapping[str, Sent]]) -> None:
        """Keep what was told."""

    async def unlearn(self, gone: Mapping[Target, Sequence[Series]]) -> None:
        """Forget what was told of these series."""

    async def told_at(self) -> Watermarks:
        """How far time was at the last round that was told whole."""

    async def remember_time(self, watermarks: Watermarks) -> None:
        """Keep that."""


class Outlet(Protocol):
    """Where messages go."""

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        """Returns when the broker has all of them."""

    async def retract(self, keys: Sequence[str]) -> None:
        """Take the messages with these keys off the topic; returns as above."""

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        """As above."""


class Store(Ledger, Counts, Memory, Protocol):
    """All of the store that is needed here."""


@dataclass
class Publication:
    """Sends what changed. All it must know is in the store, so any process can go on with it; the
    hint kept here (which windows were told) only saves work. `name` is not used twice: who was
    frozen while another told has sent something older last, sees the other's name, and has it
    told anew.
    """

    rules: Rules
    store: Store
    outlet: Outlet
    name: str
    _leads: bool = False
    _told: dict[Target, object] = field(default_factory=dict)

    async def round(self, now: datetime, caught_up: int) -> int:
        """One round; returns how many messages were sent. Progress is read first and told last:
        who has heard it has heard every number it stands for. Raises Superseded.
        """
        if not self._leads:
            await self.store.lead(self.name)
            self._leads = True
        standing, before = await self.store.standing(), await self.store.told_at()
        dirty, blocks = await self.store.dirty(), await self.store.blocks()
        closings = await self.store.closings()
        this = Round(self.rules, dirty.what, blocks, before, standing.watermarks, closings)
        rolling = {
            target: now
            for target, now, has_changed in this.rolling()
            if has_changed or self._told.get(target) != now
        }
        sent = 0
        for targets in _chunks(sorted({*this.calendar(), *rolling})):
            sent += await self._tell(targets, this)
        if not await self.store.is_current():
            raise Superseded
        await self.store.clean(dirty.tokens)
        await self.store.remember_time(this.watermarks)
        self._told.update(rolling)
        await self.outlet.tell(clock_progress(standing, caught_up, now))
        return sent

    async def _tell(self, targets: Sequence[Target], this: Round) -> int:
        news = await self._news(targets, this)
        if not await self.store.is_current():
            raise Superseded
        await self.outlet.publish(news.messages)
        await self.outlet.retract(
            [this.key_of(target, series) for target, own in news.gone.items() for series in own]
        )
        await self.store.remember(news.sent)
        await self.store.unlearn(news.gone)
        if await self.store.leader() != self.name:
            await self.store.mark(targets)
            raise Superseded
        return len(news.messages)

    async def _news(self, targets: Sequence[Target], this: Round) -> "_News":
        memories = await self.store.sent(targets)
        parts = [blocks for target in targets for _, blocks in this.parts(target)]
        sums = await self.store.sums(sorted({block for blocks in parts for block in blocks}))
        reasons = by_target(sums.reasons, self.rules)
        news = _News()
        for target, memory in zip(targets, memories, strict=True):
            sent = news.sent[target] = {}
            news.gone[target] = this.gone(target, memory)
            for window, books in this.books(target, sums.cells):
                telling = Telling(books, memory, reasons.get(target, {}))
                for message, name, now in telling.all(window.formulas):
                    sent[name] = now
                    if is_news(now, memory.get(name)):
                        news.messages.append(message)
            await asyncio.sleep(0)  # a target can take a tenth of a second: others' turn
        return news


@dataclass(frozen=True)
class _News:
    messages: list[MetricMessage] = field(default_factory=list)
    sent: dict[Target, dict[str, Sent]] = field(default_factory=dict)
    gone: dict[Target, list[Series]] = field(default_factory=dict)


def _chunks(targets: Sequence[Target]) -> Iterator[Sequence[Target]]:
    for start in range(0, len(targets), _TARGETS_AT_ONCE):
        yield targets[start : start + _TARGETS_AT_ONCE]
