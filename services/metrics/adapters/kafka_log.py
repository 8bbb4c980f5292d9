"""Whole topics, read from their beginning to their end by a consumer without a group."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError

from schemas.kafka_access import Kafka, client_options
from services.metrics.tally import Record

_KIND = "kind"
_AT_ONCE = 8000


def record_of(message: Any) -> Record:
    """A consumer's record as our value."""
    kind = dict(message.headers).get(_KIND)
    return Record(
        message.offset,
        datetime.fromtimestamp(message.timestamp / 1000, UTC),
        kind.decode(errors="replace") if kind is not None else None,
        message.key,
        message.value,
    )


class KafkaLog:
    """A topic as something that can be read to its end."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic

    async def span(self) -> tuple[dict[int, int], dict[int, int]]:
        """The first offset that is still there, and the next one, of every partition."""
        async with self._consumer() as consumer:
            places = list(consumer.assignment())
            first = await consumer.beginning_offsets(places)
            return _by_partition(first), _by_partition(await consumer.end_offsets(places))

    async def read(
        self, beginnings: Mapping[int, int], ends: Mapping[int, int]
    ) -> AsyncIterator[tuple[int, Sequence[Record]]]:
        """The records of each partition from a beginning up to, and without, an end, in pieces."""
        async with self._consumer() as consumer:
            left = _Left(consumer, self._topic, ends)
            for partition, offset in beginnings.items():
                consumer.seek(TopicPartition(self._topic, partition), offset)
            while await left.some():
                found = await consumer.getmany(timeout_ms=200, max_records=_AT_ONCE)
                for place, messages in found.items():
                    records = [record_of(m) for m in messages if m.offset < ends[place.partition]]
                    if records:
                        yield place.partition, records

    async def newest(self) -> dict[bytes, bytes | None]:
        """The last value of every key in a compacted topic."""
        values: dict[bytes, bytes | None] = {}
        async for _, records in self.read(*await self.span()):
            values.update({r.key: r.value for r in records if r.key is not None})
        return values

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            self._topic,
            **client_options(self._kafka),
            enable_auto_commit=False,
            group_id=None,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()


class _Left:
    """The partitions that are not read to their ends. The position is asked, not the last record:
    a log may end in offsets that hold nothing.
    """

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, ends: Mapping[int, int]) -> None:
        self._consumer = consumer
        self._ends = {TopicPartition(topic, p): end for p, end in ends.items()}

    async def some(self) -> bool:
        """Whether anything is left."""
        for place, end in list(self._ends.items()):
            if await self._consumer.position(place) >= end:
                self._consumer.pause(place)
                del self._ends[place]
        return bool(self._ends)


async def ends_of(consumer: AIOKafkaConsumer, topic: str) -> dict[int, int]:
    """The next offset of every partition of a topic the consumer is subscribed to. Raises
    KafkaError where a broker that has just started does not know the topic yet.
    """
    partitions = consumer.partitions_for_topic(topic)
    if not partitions:
        raise UnknownTopicOrPartitionError(topic)
    places = [TopicPartition(topic, partition) for partition in partitions]
    return _by_partition(await consumer.end_offsets(places))


def _by_partition(offsets: Mapping[TopicPartition, int]) -> dict[int, int]:
    return {place.partition: offset for place, offset in offsets.items()}


async def cluster_id(kafka: Kafka) -> str:
    """The name the cluster gave itself when it was formatted."""
    admin = AIOKafkaAdminClient(**client_options(kafka))
    await admin.start()
    try:
        described = await admin.describe_cluster()
        return str(described["cluster_id"])
    finally:
        await admin.close()
