"""Reads one partition of a log from here to there with a plain consumer, outside any group."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

_FETCH_BYTES = 4 * 2**20
# The broker answers a connection's requests in order: behind a fetch that waits for new records,
# whatever we ask next would wait as well.
_FETCH_WAIT_MILLISECONDS = 10


class Reader(Protocol):
    """What recovery reads with."""

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset there is, and the next one to be written."""

    def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[list[ConsumerRecord]]:
        """The records from `start` up to but not including `end`, a fetch at a time."""


OpenReader = Callable[[], AbstractAsyncContextManager[Reader]]


class LogReader:
    """A plain aiokafka consumer that is told what to read."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    @classmethod
    @asynccontextmanager
    async def open(cls, bootstrap: str) -> AsyncIterator[Self]:
        """Connect, and disconnect at the end."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=_FETCH_BYTES,
            fetch_max_wait_ms=_FETCH_WAIT_MILLISECONDS,
        )
        await consumer.start()
        # Its tasks must have begun before it may be stopped, or `stop` raises CancelledError.
        await asyncio.sleep(0)
        try:
            yield cls(consumer)
        finally:
            await consumer.stop()

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset there is, and the next one to be written."""
        place = TopicPartition(topic, partition)
        first = await self._consumer.beginning_offsets([place])
        end = await self._consumer.end_offsets([place])
        return int(first[place]), int(end[place])

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[list[ConsumerRecord]]:
        """The records from `start` up to but not including `end`, a fetch at a time."""
        if start >= end:
            return
        place = TopicPartition(topic, partition)
        self._consumer.assign([place])
        self._consumer.seek(place, start)
        while await self._consumer.position(place) < end:
            for records in (await self._consumer.getmany(place, timeout_ms=500)).values():
                yield [record for record in records if record.offset < end]
        self._consumer.pause(place)
