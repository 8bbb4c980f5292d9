"""Where counting goes on after whatever happened to the group, to Redis or to the log."""

import asyncio
from collections import namedtuple
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError
from fakeredis import FakeAsyncRedis, FakeServer
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as ConnectionLost

from schemas.model import Contract
from schemas.topics import JOURNEYS
from services.metrics.adapters.kafka_consumer import JourneysConsumer, Work
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.domain.pairs import Pair
from services.metrics.tally import Tally
from tests.unit.metrics.memory import Heard
from tests.unit.metrics.snapshots import journey, record, rules

FIRST = TopicPartition(JOURNEYS, 0)
STARTED = "journeys_started|town|permit|website"
Message = namedtuple("Message", "offset timestamp headers key value")


def message(offset: int, body: Contract) -> Message:
    made = record(offset, body)
    kind = (made.kind or "").encode()
    return Message(offset, 0, (("kind", kind),), made.key, made.value)


@dataclass
class Group:
    """A consumer of aiokafka's shape with one partition, whose log is a list."""

    log: list[Message] = field(default_factory=list)
    position: int = 0
    assigned: set[TopicPartition] = field(default_factory=lambda: {FIRST})
    seeks: list[int] = field(default_factory=list)
    listener: Any = None
    stale: list[Message] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    def subscribe(self, _: list[str], listener: Any) -> None:
        self.listener = listener

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        if self.troubles:
            raise self.troubles.pop()
        return dict.fromkeys(places, len(self.log))

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.seeks.append(offset)
        self.position = offset

    async def getmany(self, **_: int) -> dict[TopicPartition, list[Message]]:
        await asyncio.sleep(0)
        if self.stale:
            stale, self.stale = self.stale, []
            return {FIRST: stale}
        found = self.log[self.position : self.position + 2]
        self.position += len(found)
        return {FIRST: found} if found else {}


@dataclass
class World:
    """The consumer under test, running, with a Redis of its own."""

    group: Group
    redis: Redis
    rebuilds: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.generations = RedisGenerations(self.redis, Place("cluster", 1))
        self.registry = CollectorRegistry()
        self.consumer = JourneysConsumer(
            self.group,
            self.generations,
            Work(lambda c: Tally(rules(), c, Heard()), self.rebuild, asyncio.Lock(), 0.05, 0.01),
            MetricsTelemetry(self.registry),
        )

    async def rebuild(self, why: str) -> None:
        """As the real one, of an empty log."""
        self.rebuilds.append(why)
        name = f"g{len(self.rebuilds)}"
        await self.generations.hold(name)
        await self.generations.draft(name).start({0: 0, 1: 0})
        await self.generations.switch(name)
        await self.generations.release(name)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait, but not for long."""
        async with asyncio.timeout(10):
            while not holds():  # noqa: ASYNC110  it is seen from outside only
                await asyncio.sleep(0.01)

    async def until_counted(self, n: int) -> None:
        """Wait until so many journeys have started."""
        async with asyncio.timeout(10):
            while await self.started() != n:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)

    async def started(self) -> int:
        """How many journeys have started, in whatever generation counts."""
        name = await self.generations.current()
        pairs = await self.generations.counters(name).pairs() if name else {}
        return pairs.get(STARTED, Pair()).net

    def refused(self) -> float | None:
        """How many batches were refused."""
        return self.registry.get_sample_value("throughline_metrics_refused_batches_total")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    group = Group([message(n, journey(str(n))) for n in range(5)])
    async with FakeAsyncRedis(server=FakeServer()) as redis:
        made = World(group, redis)
        running = asyncio.create_task(made.consumer.run(JOURNEYS))
        yield made
        running.cancel()


async def test_an_empty_redis_is_filled_by_the_owner_and_counted_from_there(world: World) -> None:
    await world.until_counted(5)
    assert (world.rebuilds, world.group.seeks) == (["no generation in redis"], [0])
    assert (world.consumer.is_owner, world.consumer.is_ready) == (True, True)


async def test_who_is_not_the_owner_waits_for_a_generation() -> None:
    async with FakeAsyncRedis(server=FakeServer()) as redis:
        world = World(Group(assigned={TopicPartition(JOURNEYS, 1)}), redis)
        running = asyncio.create_task(world.consumer.run(JOURNEYS))
        await asyncio.sleep(0.1)
        assert (world.rebuilds, world.consumer.is_ready) == ([], False)
        await world.rebuild("by the owner")
        await world.until(lambda: world.consumer.is_ready)
        running.cancel()


async def test_after_a_rebalance_it_seeks_to_what_redis_says(world: World) -> None:
    await world.until_counted(5)
    await world.consumer.on_partitions_revoked({FIRST})
    world.group.position = 0
    await world.consumer.on_partitions_assigned({FIRST})
    world.group.log.append(message(5, journey("5")))
    await world.until_counted(6)
    assert world.group.seeks == [0, 5]


async def test_records_from_before_the_seek_are_not_counted_again(world: World) -> None:
    await world.until_counted(5)
    world.group.stale = [message(n, journey(f"stale {n}")) for n in range(5)]
    world.group.log.append(message(5, journey("5")))
    await world.until_counted(6)


async def test_where_another_process_has_counted_it_goes_on_behind_it(world: World) -> None:
    await world.until_counted(5)
    counters = world.consumer.counters
    assert counters is not None
    await counters.start({0: 6})
    world.group.log += [message(5, journey("5")), message(6, journey("6"))]
    await world.until_counted(6)
    assert (world.refused(), world.group.seeks) == (1, [0, 6])


async def test_a_redis_that_was_emptied_is_noticed_and_filled_again(world: World) -> None:
    await world.until_counted(5)
    await world.redis.flushall()
    world.group.log.append(message(5, journey("5")))
    await world.until_counted(6)
    assert world.rebuilds == ["no generation in redis"] * 2


@pytest.mark.parametrize("trouble", [KafkaTimeoutError(), ConnectionLost()])
async def test_who_does_not_answer_is_asked_again(world: World, trouble: Exception) -> None:
    await world.until_counted(5)
    world.group.troubles = [trouble]
    await world.consumer.on_partitions_assigned({FIRST})
    world.group.log.append(message(5, journey("5")))
    await world.until_counted(6)
    assert (world.rebuilds, world.group.troubles) == (["no generation in redis"], [])


async def test_an_offset_beyond_the_end_of_the_log_is_of_another_log(world: World) -> None:
    await world.until_counted(5)
    world.group.log = [message(0, journey("other"))]
    await world.consumer.on_partitions_assigned({FIRST})
    await world.until_counted(1)
    assert world.rebuilds[1] == "partition 0: stored offset 5, the log ends at 1"
