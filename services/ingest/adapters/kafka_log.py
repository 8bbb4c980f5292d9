"""Two topics, read from a moment to the ends they have: what was refused, and what was sent."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.codec import SchemaViolation, decode
from schemas.kafka_access import Kafka, client_options
from schemas.rejection import Rejection
from schemas.topics import TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.touchpoint_event import TouchpointRecord
from services.ingest.domain.selection import Kept
from services.ingest.sending import PublishFailed, TopicMissing

Told = Callable[[int, int], None]
Identity = tuple[str, str]
_log = structlog.get_logger()


class KafkaLog:
    """A topic. Its ends are those it has when it is first read: who reads twice reads the same."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic
        self._ends: Mapping[TopicPartition, int] | None = None

    async def records(self, since: datetime | None, told: Told) -> AsyncGenerator[Any, None]:
        """The records from `since` on; `told` hears how many of how many are read. Raises
        PublishFailed when it cannot be read, TopicMissing when there is no such topic.
        """
        consumer = AIOKafkaConsumer(
            self._topic,
            **client_options(self._kafka),
            enable_auto_commit=False,
            max_partition_fetch_bytes=4 * 2**20,
            request_timeout_ms=10_000,
        )
        try:
            await consumer.start()
            async with aclosing(self._read(consumer, since, told)) as found:
                async for record in found:
                    yield record
        except KafkaError as error:
            told_error = f"{self._topic} cannot be read: {type(error).__name__}"
            raise PublishFailed(told_error) from error
        finally:
            await consumer.stop()

    async def _read(
        self, consumer: Any, since: datetime | None, told: Told
    ) -> AsyncGenerator[Any, None]:
        ends = await self._found_ends(consumer)
        begins = await _beginnings(consumer, ends, since)
        left = {one: end for one, end in ends.items() if begins[one] < end}
        total, done = sum(end - begins[one] for one, end in left.items()), 0
        consumer.pause(*(ends.keys() - left.keys()))
        for one in left:
            consumer.seek(one, begins[one])
        while left:
            for one, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    if record.offset < ends[one]:
                        yield record
                done += len(records)
            told(min(done, total), total)
            for one in [one for one in left if await consumer.position(one) >= ends[one]]:
                consumer.pause(one)
                del left[one]

    async def _found_ends(self, consumer: Any) -> Mapping[TopicPartition, int]:
        partitions = consumer.assignment()
        if not partitions:
            raise TopicMissing(f"the topic {self._topic} does not exist")
        if self._ends is None:
            self._ends = await consumer.end_offsets(partitions)
        return self._ends


async def _beginnings(
    consumer: Any, ends: Mapping[TopicPartition, int], since: datetime | None
) -> Mapping[TopicPartition, int]:
    """Where the records from `since` on begin; at the end where there are none."""
    if since is None:
        found: Mapping[TopicPartition, int] = await consumer.beginning_offsets(list(ends))
        return found
    milliseconds = int(since.timestamp() * 1000)
    offsets = await consumer.offsets_for_times(dict.fromkeys(ends, milliseconds))
    return {one: at.offset if (at := offsets.get(one)) else end for one, end in ends.items()}


class KafkaRejections:
    """`touchpoints.rejected.v1`."""

    def __init__(self, kafka: Kafka, topic: str = TOUCHPOINTS_REJECTED) -> None:
        self._log = KafkaLog(kafka, topic)

    async def read(self, since: datetime | None, told: Told) -> AsyncGenerator[Kept, None]:
        """What was refused since. One that breaks its contract is logged and left out. Raises
        PublishFailed.
        """
        async with aclosing(self._log.records(since, told)) as records:
            async for record in records:
                try:
                    rejection = decode(Rejection, record.value)
                except SchemaViolation as fault:
                    place = f"{record.partition}/{record.offset}"
                    _log.warning("rejection.unreadable", place=place, error=str(fault))
                    continue
                yield Kept(record.partition, record.offset, rejection)


class KafkaTouchpoints:
    """`touchpoints.v1`."""

    def __init__(self, kafka: Kafka, topic: str = TOUCHPOINTS) -> None:
        self._log = KafkaLog(kafka, topic)

    async def known(
        self, wanted: Mapping[Identity, Collection[bytes]], since: datetime, told: Told
    ) -> set[Identity]:
        """Those of the wanted that were appended since: decoded is only what has one of their keys.
        Raises PublishFailed.
        """
        keys, known = {key for each in wanted.values() for key in each}, set()
        async with aclosing(self._log.records(since, told)) as records:
            async for record in records:
                if record.key in keys and (found := _identity(record.value)) in wanted:
                    known.add(found)
        return known


def _identity(value: bytes) -> Identity:
    try:
        record = decode(TouchpointRecord, value)
    except SchemaViolation:
        return "", ""  # a control record, or one that journey stops at: none of ours
    return record.source, record.id
