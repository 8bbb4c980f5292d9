"""Reads journeys.v1 as one of a group, and counts from where Redis says, whatever the group says.

Nothing is committed to the group: it only shares the partitions out. A partition that was given to
us is placed at the offset stored with the counters; what arrives before that is dropped.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from schemas.kafka_access import Kafka, client_options
from services.metrics.adapters.kafka_log import record_of
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.tally import Applied, Batch, Moved, Tally

# Behind, most of so many are older states of journeys that come again, and need not be counted.
_AT_ONCE = 8000
# A broker that has just started may not know a topic yet: then nobody is given its partitions,
# until the leader of the group asks again; by default after five minutes.
_TOPICS_KNOWN_MILLISECONDS = 10_000
_NEVER_EXPELLED_MILLISECONDS = 24 * 3600 * 1000  # a rebuild is long, and polls nothing meanwhile


def consumer_of(kafka: Kafka, group: str, session_timeout_seconds: float) -> AIOKafkaConsumer:
    """A consumer that shares partitions with the others of its group and commits nothing."""
    milliseconds = int(session_timeout_seconds * 1000)
    return AIOKafkaConsumer(
        **client_options(kafka),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=milliseconds,
        heartbeat_interval_ms=max(300, milliseconds // 10),
        metadata_max_age_ms=_TOPICS_KNOWN_MILLISECONDS,
        max_poll_interval_ms=_NEVER_EXPELLED_MILLISECONDS,
        max_partition_fetch_bytes=4 * 2**20,
    )


class Generations(Protocol):
    """Where to learn which generation counts, and how to count in it."""

    async def current(self) -> str | None:
        """Its name; None when there is none."""

    def counters(self, generation: str) -> RedisCounters:
        """Its counters."""


@dataclass(frozen=True)
class Work:
    """What is done with what is read. `publishing` is held while something is published; every
    `look_seconds` the generation is asked for; what failed is tried again after `retry_seconds`.
    """

    tally_of: Callable[[RedisCounters], Tally]
    rebuild: Callable[[str], Awaitable[None]]
    publishing: asyncio.Lock
    look_seconds: float = 1.0
    retry_seconds: float = 0.5


class JourneysConsumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts the partitions of this process."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        generations: Generations,
        work: Work,
        telemetry: MetricsTelemetry,
    ) -> None:
        self._consumer = consumer
        self._generations = generations
        self._work = work
        self._telemetry = telemetry
        self._expected: dict[TopicPartition, int] = {}
        self._look_at = 0.0
        self.counters: RedisCounters | None = None

    @property
    def is_owner(self) -> bool:
        """Whether this process is the one that publishes for all: it has partition 0."""
        return any(place.partition == 0 for place in self._consumer.assignment())

    @property
    def is_ready(self) -> bool:
        """Whether it counts what it was given."""
        return self.counters is not None

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Forget where they were: another process goes on. If it is to publish, what we publish
        now must be out before.
        """
        for place in revoked:
            self._expected.pop(place, None)
        async with self._work.publishing:
            pass

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """They are placed before the next batch."""
        self._expected.clear()
        partitions = sorted(place.partition for place in assigned)
        self._telemetry.assigned(partitions, is_owner=0 in partitions)

    async def run(self, topic: str) -> None:
        """Count until cancelled; a Redis or a Kafka that does not answer is tried again."""
        self._consumer.subscribe([topic], listener=self)
        while True:
            try:
                await self._step()
            except (RedisError, KafkaError) as error:
                self._telemetry.failed("reader", error)
                self._forget()
                await asyncio.sleep(self._work.retry_seconds)

    async def _step(self) -> None:
        counters = await self._current()
        if counters is None:
            await self._mend()
            return
        if not await self._place(counters):
            return
        found = await self._consumer.getmany(timeout_ms=200, max_records=_AT_ONCE)
        tally = self._work.tally_of(counters)
        for place, messages in found.items():
            await self._count(tally, place, messages)

    async def _current(self) -> RedisCounters | None:
        if self.counters is not None and time.monotonic() < self._look_at:
            return self.counters
        name = await self._generations.current()
        self._look_at = time.monotonic() + self._work.look_seconds
        if self.counters is not None and name != self.counters.generation:
            self._telemetry.generation_lost(self.counters.generation, name)
            self._forget()
        if name is not None and self.counters is None:
            self.counters = self._generations.counters(name)
            self._telemetry.generation_loaded(name)
        return self.counters

    def _forget(self) -> None:
        self.counters = None
        self._expected.clear()

    async def _mend(self) -> None:
        """No generation counts: the owner makes one, the others wait for it."""
        if self.is_owner:
            await self._work.rebuild("no generation in redis")
        await asyncio.sleep(self._work.retry_seconds)

    async def _place(self, counters: RedisCounters) -> bool:
        unplaced = self._consumer.assignment() - self._expected.keys()
        if not unplaced:
            return True
        stored = await counters.offsets()
        ends = await self._consumer.end_offsets(list(unplaced))
        for place in unplaced:
            offset = stored.get(place.partition)
            if offset is None or offset > ends[place]:
                await self._give_up(place, offset, ends[place])
                return False
            self._consumer.seek(place, offset)
            self._expected[place] = offset
        return True

    async def _give_up(self, place: TopicPartition, offset: int | None, end: int) -> None:
        """The stored offset is not of this log: all is made anew, by whoever sees it first."""
        why = f"partition {place.partition}: stored offset {offset}, the log ends at {end}"
        self._forget()
        await self._work.rebuild(why)
        await asyncio.sleep(self._work.retry_seconds)

    async def _count(self, tally: Tally, place: TopicPartition, messages: Sequence[Any]) -> None:
        expected = self._expected.get(place)
        records = [record_of(m) for m in messages if expected is not None and m.offset >= expected]
        if expected is None or not records:
            return
        beyond = records[-1].offset + 1
        match await tally.record(Batch(place.partition, expected, beyond, records)):
            case Applied(reached):
                self._telemetry.counted(records)
                if place in self._expected:
                    self._expected[place] = reached
            case Moved(current):
                self._telemetry.refused(place.partition, expected, current)
                self._expected.pop(place, None)
            case _:
                self._look_at = 0.0
                self._expected.pop(place, None)
