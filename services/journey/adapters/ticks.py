"""Time arrives as a message: ticks of the live clock, sent into every partition this worker owns.

They lie in the log among the touchpoint events, so a replay closes the same journeys at the same
place, and their time is the broker's: no worker's wrong clock can close anything.
"""

import asyncio
from collections.abc import Iterable

from schemas.codec import encode
from schemas.control import LIVE, Tick
from schemas.vocabulary import RecordKind
from services.journey.adapters.publisher import Sender

LIVE_TICK = encode(Tick(clock=LIVE))


class LiveTicks:
    """Sends them. Two owners that both send do no harm: the watermark is the newest."""

    def __init__(self, topic: str, producer: Sender) -> None:
        self._topic = topic
        self._producer = producer

    async def send(self, partitions: Iterable[int]) -> None:
        """Returns when all are acknowledged. Raises PublishFailed or Frozen."""
        await asyncio.gather(*map(self._send, partitions))

    async def _send(self, partition: int) -> None:
        await self._producer.send(self._topic, None, LIVE_TICK, partition, RecordKind.TICK)
