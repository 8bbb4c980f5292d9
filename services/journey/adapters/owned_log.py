"""A log that only this worker may write to while it owns the partition, and the proof of it.

Kafka fences nobody out here: a frozen former owner, or a late retry of one that is gone, can still
append. The owner knows every next offset, so the acknowledged one shows such a foreign write.
"""

from typing import Protocol

from aiokafka.producer.message_accumulator import BatchBuilder

from services.journey.adapters.log_reader import OpenReader
from services.journey.adapters.producer import UNKNOWN_OFFSET


class ForeignWrite(Exception):
    """Somebody else wrote to a partition of ours; recovery repairs what that did."""


class Appender(Protocol):
    """What appends; `Producer` is one."""

    def batch(self) -> BatchBuilder:
        """An empty batch."""

    async def append(self, topic: str, partition: int, batch: BatchBuilder) -> int:
        """The offset of the batch's first record, or UNKNOWN_OFFSET."""


class OwnedLog:
    """One topic, appended to in whole batches."""

    def __init__(self, topic: str, producer: Appender, reader: OpenReader) -> None:
        self.topic = topic
        self._reader = reader
        self._producer = producer

    def batch(self) -> BatchBuilder:
        """An empty batch."""
        return self._producer.batch()

    async def append(self, partition: int, batch: BatchBuilder, expected: int) -> int:
        """Append a batch that must come to lie at `expected`; returns the next offset.

        Raises ForeignWrite when it lies elsewhere (the batch is in the log all the same).
        """
        count = int(batch.record_count())
        offset = await self._producer.append(self.topic, partition, batch)
        if offset == UNKNOWN_OFFSET:
            offset = await self._end(partition) - count
        if offset != expected:
            raise ForeignWrite(f"{self.topic}/{partition}: expected {expected}, got {offset}")
        return offset + count

    async def _end(self, partition: int) -> int:
        async with self._reader() as reader:
            return (await reader.bounds(self.topic, partition))[1]
