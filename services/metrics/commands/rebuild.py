"""Make all counters anew from the log, so that no counter falls and no booked total changes.

Booked months are taken as they are, all else is recomputed. The net of every counter is reached
from the pair that was told last, by growing one of its sides. While the log is read the old
generation goes on counting; it stands still only for the last stretch, in which its pairs are
taken over.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.metric import MetricMessage
from schemas.vocabulary import RevisionReason
from services.metrics.close import Spans, forget
from services.metrics.domain.blocks import Block
from services.metrics.domain.pairs import Pairs, larger, rebased
from services.metrics.domain.rules import Rules
from services.metrics.domain.told import Told, told_by
from services.metrics.tally import Applied, Batch, Record, Rejections, Store, Tally

Offsets = Mapping[int, int]
Booked = Mapping[Block, Mapping[str, int]]
_BATCHES_BETWEEN_FORGETTING = 50  # else years of hours would be held at once


class RebuildFailed(Exception):
    """Another process took over; what was made so far does not count."""


class AnotherRebuilds(Exception):
    """Another process is at it: nothing was begun."""


class Log(Protocol):
    """journeys.v1."""

    async def span(self) -> tuple[Offsets, Offsets]:
        """First and next offset of every partition."""

    def read(
        self, beginnings: Offsets, ends: Offsets
    ) -> AsyncIterator[tuple[int, Sequence[Record]]]:
        """The records between, in pieces."""


class Draft(Store, Spans, Protocol):
    """A generation that is being made."""

    async def start(self, offsets: Offsets) -> None:
        """Where counting begins."""

    async def take(self, booked: Booked) -> None:
        """Put these months, frozen, in the place of what was counted in them."""

    async def nets(self) -> Mapping[str, int]:
        """What each counter counts, over all months."""

    async def finish(self, pairs: Pairs, told: Told, reason: RevisionReason) -> None:
        """Take these pairs and what subscribers were told; tell all blocks anew."""


class Generations(Protocol):
    """Which generation counts."""

    async def hold(self, generation: str) -> bool:
        """Take the lock; False when another has it."""

    async def hold_on(self, generation: str) -> bool:
        """Keep the lock; False when it was lost, which is for ever, or nobody could be asked."""

    async def release(self, generation: str) -> None:
        """Give it back."""

    def draft(self, generation: str) -> Draft:
        """A new generation."""

    async def pause(self, generation: str) -> Pairs | None:
        """Stop the generation that counts, if there is one; the pairs it had reached. None when
        the lock was lost: nothing was stopped.
        """

    async def switch(self, generation: str) -> bool:
        """Let this one count and forget the others; False when the lock was lost."""


class Heard(Protocol):
    """What the outside has heard from us."""

    async def pairs(self) -> Pairs:
        """The running pairs in tallies.v1."""

    async def booked(self) -> Booked:
        """The months that were frozen and booked there."""

    async def messages(self) -> Sequence[MetricMessage]:
        """The newest messages in metrics.internal.v1."""

    async def keep(self, pairs: Pairs) -> None:
        """Write pairs to tallies.v1; returns when the broker has them."""


@dataclass(frozen=True)
class Rebuild:
    """Makes one generation and lets it count."""

    rules: Rules
    log: Log
    generations: Generations
    heard: Heard
    rejections: Rejections
    hold_again_seconds: float = 5
    advance: Callable[[int, int], None] = lambda _done, _total: None

    async def run(self, generation: str, began: Callable[[], None] = lambda: None) -> None:
        """Calls `began` as soon as nobody else can be at it, and `advance` after every batch with
        the offsets that were passed, and how many there are. Raises AnotherRebuilds when somebody
        is at it, and RebuildFailed when the lock was lost on the way.
        """
        if not await self.generations.hold(generation):
            raise AnotherRebuilds("another process is rebuilding: wait until it is done")
        began()
        holding = asyncio.create_task(self._keep_holding(generation))
        try:
            await self._make(generation)
        finally:
            holding.cancel()
            await self.generations.release(generation)

    async def _keep_holding(self, generation: str) -> None:
        """Whether it succeeds is seen where it matters: in every write, and in the switch."""
        while True:
            await asyncio.sleep(self.hold_again_seconds)
            await self.generations.hold_on(generation)

    async def _make(self, generation: str) -> None:
        draft = self.generations.draft(generation)
        beginnings, ends = await self.log.span()
        await draft.start(beginnings)
        await draft.take(await self.heard.booked())
        reached = await self._count(draft, (beginnings, ends))
        counted = await self.generations.pause(generation)
        if counted is None:
            raise RebuildFailed(f"generation {generation} lost its lock")
        _, ends = await self.log.span()
        await self._count(draft, (reached, ends))
        await draft.take(await self.heard.booked())  # since then, more may have been
        pairs = rebased(larger(await self.heard.pairs(), counted), await draft.nets())
        if not await self.generations.hold_on(generation):  # else older pairs would be told
            raise RebuildFailed(f"generation {generation} lost its lock")
        await self.heard.keep(pairs)
        told = told_by(await self.heard.messages(), self.rules)
        await draft.finish(pairs, told, RevisionReason.REBUILT)
        if not await self.generations.switch(generation):
            raise RebuildFailed(f"generation {generation} lost its lock")

    async def _count(self, draft: Draft, span: tuple[Offsets, Offsets]) -> dict[int, int]:
        tally = Tally(self.rules, draft, self.rejections)
        reached, batches = dict(span[0]), 0
        async for partition, records in self.log.read(*span):
            beyond = records[-1].offset + 1
            outcome = await tally.record(Batch(partition, reached[partition], beyond, records))
            if not isinstance(outcome, Applied):
                raise RebuildFailed(f"a new generation was not kept: {outcome}")
            reached[partition] = beyond
            self.advance(_between(span[0], reached), _between(*span))
            batches += 1
            if batches % _BATCHES_BETWEEN_FORGETTING == 0:
                await forget(self.rules, draft)
        return reached


def _between(beginnings: Offsets, ends: Offsets) -> int:
    return sum(ends[partition] - beginning for partition, beginning in beginnings.items())
