"""The newest tick of every clock, read from `touchpoints.v1` itself.

A tick lies in every partition, so one partition tells them all. It is read on demand: from its
beginning the first time, from where it was left afterwards. So nothing but the log must survive a
restart, and several ingest processes see each other's ticks. A clock is forgotten with the log's
retention.
"""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.codec import SchemaViolation, decode
from schemas.control import LIVE, Tick
from schemas.topics import TOUCHPOINTS
from schemas.vocabulary import RecordKind
from services.ingest.collect import PublishFailed, TopicMissing

_KIND = RecordKind.TICK.value.encode()


class KafkaTickLog:
    """Reads partition 0."""

    def __init__(
        self, bootstrap: str, topic: str = TOUCHPOINTS, patience_seconds: float = 60
    ) -> None:
        self._bootstrap = bootstrap
        self._partition = TopicPartition(topic, 0)
        self._patience = patience_seconds
        self._newest: dict[str, Tick] = {}
        self._next = 0
        self._reading = asyncio.Lock()

    async def newest(self, clock: str) -> Tick | None:
        """The newest tick of a clock. Raises PublishFailed when the log was not read to its end
        within the patience (the next call goes on from there), TopicMissing when there is none.
        """
        async with self._reading:
            try:
                await asyncio.wait_for(self._catch_up(), self._patience)
            except TimeoutError:
                raise PublishFailed("the log of ticks is still being read") from None
            except KafkaError as error:
                raise PublishFailed(f"the log cannot be read: {type(error).__name__}") from error
        return self._newest.get(clock)

    async def _catch_up(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 2**20,
            fetch_max_wait_ms=10,  # the end is known: stopping would wait for a longer poll
            request_timeout_ms=10_000,
        )
        await consumer.start()
        try:
            await self._read(consumer)
        finally:
            await consumer.stop()

    async def _read(self, consumer: Any) -> None:
        partition = self._partition
        if partition.topic not in await consumer.topics():
            raise TopicMissing(f"the topic {partition.topic} does not exist")
        end: int = (await consumer.end_offsets([partition]))[partition]
        beginning: int = (await consumer.beginning_offsets([partition]))[partition]
        if self._next > end:  # the topic was laid out anew: what is remembered lies no more
            self._next, self._newest = 0, {}
        position = max(self._next, beginning)
        consumer.assign([partition])
        consumer.seek(partition, position)
        while position < end:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    self._take(record)
            position = await consumer.position(partition)
            self._next = position

    def _take(self, record: Any) -> None:
        if ("kind", _KIND) not in record.headers:
            return
        try:
            tick = decode(Tick, record.value)
        except SchemaViolation:
            return  # the journey workers stop at it and say so
        if tick.clock != LIVE:
            self._newest[tick.clock] = _later(self._newest.get(tick.clock), tick)


def _later(known: Tick | None, tick: Tick) -> Tick:
    if known is None or known.time is None or tick.time is None:
        return tick
    newer = tick if tick.time >= known.time else known
    return newer.model_copy(update={"last": known.last or tick.last})
