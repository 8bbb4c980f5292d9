"""A topic of metrics, read from its beginning at every start: no group, no commit."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.kafka_access import Kafka, client_options

_TIMEOUT_MS = 30_000


class Telemetry(Protocol):
    """Who wants to know that everything was read."""

    def caught_up(self, held: int) -> None:
        """Everything that lay on the topic at the start was read."""


class Reader(Protocol):
    """Who wants every record, too."""

    def record(self, key: str, value: bytes | None) -> None:
        """Take one record in; never raises for its content."""


class Holder(Reader, Protocol):
    """Who keeps what is read."""

    @property
    def held(self) -> int:
        """How many records are kept."""


class MetricTopic:
    """Feeds who keeps the numbers, and who reads along, for as long as the process lives."""

    def __init__(
        self,
        consumer_of: Callable[[], AIOKafkaConsumer],
        holder: Holder,
        telemetry: Telemetry,
        along: Sequence[Reader] = (),
    ) -> None:
        self._consumer_of = consumer_of
        self._holder = holder
        self._readers = (holder, *along)
        self._telemetry = telemetry
        self.is_caught_up = False
        """Whether everything that lay on the topic at the start was read."""

    async def follow(self) -> None:
        """Read what is there, then what comes, until cancelled.

        Raises KafkaError when the broker or the topic is not there within 30 s of the start;
        later absences are waited out.
        """
        consumer = self._consumer_of()
        try:
            await consumer.start()
            ends = await consumer.end_offsets(consumer.assignment())
            while True:
                await self._note_progress(consumer, ends)
                await self._take_in(consumer)
        finally:
            await consumer.stop()

    async def _take_in(self, consumer: AIOKafkaConsumer) -> None:
        batches = await consumer.getmany(timeout_ms=500, max_records=1_000)
        for records in batches.values():
            for record in records:
                key = (record.key or b"").decode(errors="replace")
                for reader in self._readers:
                    reader.record(key, record.value)
        await asyncio.sleep(0)  # pages are served between batches

    async def _note_progress(
        self, consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
    ) -> None:
        if self.is_caught_up:
            return
        for partition, end in ends.items():
            if await consumer.position(partition) < end:
                return
        self.is_caught_up = True
        self._telemetry.caught_up(self._holder.held)


def consumer_of(kafka: Kafka, topic: str, timeout_ms: int = _TIMEOUT_MS) -> AIOKafkaConsumer:
    """A consumer of all partitions from the beginning; without a group nothing is committed.

    Within `timeout_ms` the broker must answer and the topic must be there.
    """
    return AIOKafkaConsumer(
        topic,
        **client_options(kafka),
        client_id="throughline-publish",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=timeout_ms,
    )
