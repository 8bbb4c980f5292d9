"""The third use case: what time has passed is forgotten, or its books are closed for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings, Stretches, due, old
from services.metrics.domain.contribution import Contribution
from services.metrics.domain.rules import Rules
from services.metrics.domain.shelves import Shelves
from services.metrics.domain.standing import Standing

Cells = Mapping[str, int]


class Spans(Protocol):
    """What time has passed, in the store."""

    async def standing(self) -> Standing:
        """How far every partition is."""

    async def blocks(self) -> frozenset[Block]:
        """All blocks that have a cell."""

    async def forget(self, blocks: Sequence[Block], stretches: Stretches) -> None:
        """Remove these blocks and have nothing more counted in these stretches, in one piece."""


class Store(Spans, Protocol):
    """The books, in the store."""

    async def closings(self) -> Closings:
        """What can change no more."""

    async def freeze(self, blocks: Sequence[Block]) -> None:
        """Have nothing more counted in those of these months in which no journey can change, if
        this generation counts; each in one piece with the looking.
        """

    async def cells(self, block: Block) -> Cells:
        """The sums of a month."""

    async def is_current(self) -> bool:
        """Whether this store counts."""

    async def mark_booked(self, block: Block) -> None:
        """Remember that a month is where it outlives the store."""

    async def sweep(self, is_over: Callable[[Contribution], bool]) -> None:
        """Where months were frozen since the last time: remove what was counted for journeys that
        are over, since it is personal data.
        """


class Ledger(Protocol):
    """What outlives the store."""

    async def book(self, block: Block, cells: Cells) -> None:
        """Keep the sums of a month for ever; returns when the broker has them, whole."""


@dataclass(frozen=True)
class Closing:
    """Closes what is due. Whatever step it dies after, the next one goes on: the store knows what
    is frozen and not yet booked, and a month is told as final only once it is booked.
    """

    rules: Rules
    store: Store
    ledger: Ledger

    async def step(self) -> None:
        """Forget, freeze, book, and forget whom all that was of."""
        await forget(self.rules, self.store)
        standing, blocks = await self.store.standing(), await self.store.blocks()
        closings = await self.store.closings()
        months = due(blocks, closings, standing.watermarks, self.rules)
        if months:
            await self.store.freeze(months)
            closings = await self.store.closings()
        for block in closings.unbooked:
            cells = await self.store.cells(block)
            if not await self.store.is_current():
                return
            await self.ledger.book(block, cells)
            await self.store.mark_booked(block)
        shelves = Shelves(self.rules, await self.store.closings())
        await self.store.sweep(lambda made: not shelves.can_change(made))


async def forget(rules: Rules, store: Spans) -> None:
    """Forget the hours and days that are older than they are kept."""
    standing = await store.standing()
    blocks, stretches = old(await store.blocks(), standing.watermarks, rules)
    if blocks:
        await store.forget(blocks, stretches)
