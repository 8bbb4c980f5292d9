"""A log that only this worker may write to while it owns the partition, and the proof of it.

Kafka fences nobody out here: a frozen former owner, or a late retry of one that is gone, can still
append. The owner knows every next offset, so the acknowledged one shows such a foreign write.
"""

from aiokafka.producer.message_accumulator import BatchBuilder

from services.journey.adapters.log_reader import LogReader
from services.journey.adapters.producer import UNKNOWN_OFFSET, Producer


class ForeignWrite(Exception):
    """Somebody else wrote to a partition of ours; recovery repairs what that did."""


class OwnedLog:
    """One topic, appended to in whole batches."""

    def __init__(self, topic: str, bootstrap: str, producer: Producer) -> None:
        self.topic = topic
        self._bootstrap = bootstrap
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
        async with LogReader.open(self._bootstrap) as reader:
            return (await reader.bounds(self.topic, partition))[1]
