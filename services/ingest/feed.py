"""The use case of a feed: it moves its own clock."""

import asyncio
from typing import Protocol

from schemas.codec import encode
from schemas.control import Tick
from schemas.topics import TOUCHPOINTS
from schemas.vocabulary import RecordKind
from services.ingest.domain import clocks
from services.ingest.sending import Message, Publisher

_TICK = (("kind", RecordKind.TICK.value.encode()),)


class TickLog(Protocol):
    """What `touchpoints.v1` itself remembers of the clocks."""

    async def newest(self, clock: str) -> Tick | None:
        """The newest tick of a clock; raises PublishFailed when the log cannot be read."""


class ClockFeeder:
    """Moves a named clock: one tick into every partition.

    One process feeds a clock: two that tick at the same instant could miss each other's tick.
    """

    def __init__(self, publisher: Publisher, log: TickLog) -> None:
        self._publisher = publisher
        self._log = log
        self._one_at_a_time = asyncio.Lock()

    async def tick(self, tick: Tick) -> str | None:
        """None once acknowledged in every partition, or the sentence that says why it may not be.

        Raises PublishFailed; some partitions may then have it, and the same tick may be sent again.
        """
        async with self._one_at_a_time:
            if reason := await self.refusal(tick):
                return reason
            value = encode(tick)
            partitions = await self._publisher.partitions(TOUCHPOINTS)
            ticks = [Message(TOUCHPOINTS, None, value, _TICK, partition=p) for p in partitions]
            await self._publisher.publish(ticks)
            return None

    async def knows(self, clock: str) -> bool:
        """Whether the clock has a tick in the log. Raises PublishFailed."""
        return await self._log.newest(clock) is not None

    async def refusal(self, tick: Tick) -> str | None:
        """Why a tick may not be sent; None when it may. Raises PublishFailed."""
        newest = None if tick.time is None else await self._log.newest(tick.clock)
        return clocks.refusal(tick, newest)
