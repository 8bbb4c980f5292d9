"""Nothing is counted twice or lost: killed processes, a Redis thrown away, a topic replayed.

Numbers are compared with those of a service that was left alone, and every scrape on the way with
the one before: no counter may fall.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from deploy.local.redis import LocalRedis
from schemas.journey import JourneySnapshot
from schemas.metric import MetricMessage
from schemas.vocabulary import ROLLING
from services.metrics.domain.contribution import contribution
from tests.integration.metrics_under_test import (
    PARTITIONS,
    Metrics,
    Samples,
    fallen,
    heard,
    nets,
    send,
    sending,
)
from tests.real import MakeKafka
from tests.unit.metrics.snapshots import START, ended, journey, progress, rules, step

OUTCOMES = ("success", "abandoned", "error", "negative_but_correct", "expired")
JOURNEYS = 2500
CHUNK = 100


@cache
def life(n: int) -> list[JourneySnapshot]:
    """All versions of one journey: started, asked, ended; every tenth taken back in the end."""
    ident, outcome = str(n), OUTCOMES[n % len(OUTCOMES)]
    asked: dict[str, Any] = {"survey": (step("offered"), step(answer=n % 5 + 1))}
    versions = [
        journey(ident, version=1),
        journey(ident, version=2, **asked),
        ended(ident, hours=n % 900, version=3, outcome=outcome, **asked),
    ]
    if n % 10 == 0:
        versions.append(ended(ident, version=4, erased=True))
    return versions


def expected() -> dict[str, int]:
    """The counters, from the last version of every journey."""
    counters: dict[str, int] = {}
    for n in range(JOURNEYS):
        for name, times in contribution(life(n)[-1], rules()).counters.items():
            counters[name] = counters.get(name, 0) + times
    return counters


EXPECTED = expected()


def counted(samples: Samples, name: str) -> dict[tuple[str, ...], float]:
    """The nets of one counter by its labels' values, in order of the labels' names."""
    return {
        tuple(value for _, value in labels): net
        for (found, labels), net in nets(samples).items()
        if found == f"throughline_{name}"
    }


def must(name: str, *order: int) -> dict[tuple[str, ...], float]:
    """The same from `EXPECTED`; `order` puts its labels in order of their names."""
    return {
        tuple(key.split("|")[1:][place] for place in order): float(n)
        for key, n in EXPECTED.items()
        if key.split("|")[0] == name
    }


def is_complete(samples: Samples) -> bool:
    """Whether all counters are what they must be (labels: agency, channel, identity, ...)."""
    return (
        counted(samples, "journeys_started") == must("journeys_started", 0, 2, 1)
        and counted(samples, "journeys_ended") == must("journeys_ended", 0, 2, 4, 3, 1)
        and counted(samples, "survey_answers") == must("survey_answers", 0, 4, 2, 3, 1)
        and counted(samples, "touchpoint_events") == must("touchpoint_events", 0, 4, 1, 2, 3)
    )


@dataclass
class World:
    """A broker, a Redis, one service and a producer; and every scrape that was looked at."""

    metrics: Metrics
    redis: LocalRedis
    producer: AIOKafkaProducer
    kafka: LocalKafka
    last: Samples = field(default_factory=dict)
    sent: int = 0

    async def counted(self) -> int:
        """How many records are in Redis, whoever counted them."""
        async with Redis.from_url(self.redis.url) as client:
            keys = [key async for key in client.scan_iter(match="*:offsets")]
            return sum([int(n) for key in keys for n in await client.hvals(key)])

    def look(self) -> Samples:
        """Scrape; a counter that was seen must be there, and not lower."""
        samples = self.metrics.samples()
        if samples:
            assert fallen(self.last, samples) == []
            self.last = samples
        return samples

    async def until_complete(self, seconds: float = 60) -> None:
        """Look until every number is right."""
        async with asyncio.timeout(seconds):
            while not is_complete(self.look()):
                assert self.metrics.child is not None
                assert self.metrics.child.exit_code is None, self.metrics.child.account()
                await asyncio.sleep(0.2)

    async def feed(self) -> AsyncIterator[int]:
        """Send all lives, version by version, in chunks; yields after each chunk."""
        sent = 0
        for version in range(4):
            bodies = [life(n)[version] for n in range(JOURNEYS) if version < len(life(n))]
            for start in range(0, len(bodies), CHUNK):
                await send(self.producer, bodies[start : start + CHUNK])
                self.sent += len(bodies[start : start + CHUNK])
                sent += 1
                yield sent


@pytest.fixture
async def world(
    private_kafka: MakeKafka, private_redis: LocalRedis, processes: Processes, tmp_path: Path
) -> AsyncIterator[World]:
    kafka = private_kafka()
    settings = {"KAFKA_BOOTSTRAP": kafka.bootstrap, "REDIS_URL": private_redis.url}
    metrics = Metrics(processes, tmp_path, settings)
    metrics.start()
    metrics.until(bool)
    async with sending(kafka.bootstrap) as producer:
        yield World(metrics, private_redis, producer, kafka)
    if metrics.child is not None and metrics.child.exit_code is None:
        assert metrics.stop() == 0


async def all_messages(world: World) -> dict[str, tuple[Any, ...]]:
    """The numbers of every calendar message once time has passed a mark."""
    mark = START.replace(year=2027)
    await send(world.producer, [progress(mark, partition=p) for p in range(PARTITIONS)])
    messages, _ = await heard(
        world.kafka.bootstrap, lambda found: "live" in found and found["live"].watermark == mark
    )
    return {key: _numbers(m) for key, m in messages.items() if m.period not in ROLLING}


def _numbers(message: MetricMessage) -> tuple[Any, ...]:
    m = message
    return m.n, m.numerator, m.denominator, m.value, m.ci_low, m.ci_high, m.distribution


async def test_five_kills_under_load_change_no_number(world: World) -> None:
    """A kill that comes when all is counted hits nothing; there are more of them than needed."""
    world.metrics.stop()
    hits = 0
    async for chunk in world.feed():
        if chunk % 8 == 0 and hits < 5:
            before = await world.counted()
            world.metrics.start()
            while await world.counted() == before:  # noqa: ASYNC110  from outside
                await asyncio.sleep(0.005)
            world.metrics.kill()
            hits += await world.counted() < world.sent
    assert hits == 5
    world.metrics.start()
    await world.until_complete()


async def test_a_redis_thrown_away_is_filled_again_and_no_counter_falls(world: World) -> None:
    async for sent in world.feed():
        world.look()
        if sent in (20, 60):
            world.redis.kill()
            world.redis.resume()
    await world.until_complete()
    before = await all_messages(world)
    world.redis.kill()
    world.redis.resume()
    await world.until_complete()
    assert await all_messages(world) == before


async def test_a_broker_that_dies_twice_costs_nothing_but_time(world: World) -> None:
    async for sent in world.feed():
        world.look()
        if sent in (20, 60):
            world.kafka.kill()
            world.kafka.resume()
    await world.until_complete()


async def test_a_topic_that_is_sent_all_over_again_changes_nothing(world: World) -> None:
    async for _ in world.feed():
        pass
    await world.until_complete()
    before = world.look()
    async for _ in world.feed():
        pass
    mark = START.replace(year=2027)
    await send(world.producer, [progress(mark, partition=p) for p in range(PARTITIONS)])
    place = ("throughline_watermark_timestamp_seconds", (("clock", "live"),))
    after = world.metrics.until(lambda found: found.get(place) == mark.timestamp())
    assert {name: value for name, value in after.items() if name != place} == before


async def test_rebuild_beside_a_running_service_changes_no_number(world: World) -> None:
    async for sent in world.feed():
        if sent == 20:
            rebuilding = Metrics(
                world.metrics.processes, world.metrics.folder, world.metrics.settings, "rebuild"
            )
            child = rebuilding.start("rebuild")
        world.look()
    async with asyncio.timeout(60):
        while child.exit_code is None:
            world.look()
            await asyncio.sleep(0.1)
    assert child.exit_code == 0, child.account()
    await world.until_complete()


@pytest.fixture
def second(world: World, tmp_path: Path) -> Iterator[Metrics]:
    """Another process of the same service."""
    other = Metrics(world.metrics.processes, tmp_path, world.metrics.settings, "second")
    other.start()
    yield other
    if other.child is not None and other.child.exit_code is None:
        assert other.stop() == 0


async def test_two_processes_share_the_work_and_one_of_them_shows_it(
    world: World, second: Metrics
) -> None:
    async for sent in world.feed():
        if sent == 30:
            world.metrics.kill()
            world.metrics.start()
    async with asyncio.timeout(60):
        shown: Samples = {}
        while not is_complete(shown):
            shown = world.metrics.samples() or second.samples()
            await asyncio.sleep(0.2)
    assert not (world.metrics.samples() and second.samples())


async def test_a_frozen_process_that_wakes_up_counts_nothing_again(
    world: World, second: Metrics
) -> None:
    async for sent in world.feed():
        if sent == 30:
            world.metrics.freeze()
    second.until(is_complete)
    world.metrics.thaw()
    mark = START.replace(year=2027)
    await send(world.producer, [progress(mark, partition=p) for p in range(PARTITIONS)])
    place = ("throughline_watermark_timestamp_seconds", (("clock", "live"),))
    shown: Samples = {}
    async with asyncio.timeout(60):
        while shown.get(place) != mark.timestamp():
            await asyncio.sleep(0.2)
            shown = world.metrics.samples() or second.samples()
    assert is_complete(shown)
