"""People are erased and journeys leave the log after their month was booked; then Redis is lost.
On a real broker and a real Redis: no total of that month and no counter changes.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from redis import Redis

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from deploy.local.redis import LocalRedis
from schemas.journey import JourneySnapshot, Progress
from schemas.metric import MetricMessage
from schemas.topics import JOURNEYS
from schemas.vocabulary import Flag, PeriodKind
from tests.integration.metrics_under_test import (
    PARTITIONS,
    Metrics,
    Samples,
    fallen,
    heard,
    nets,
    send,
    sending,
    total,
)
from tests.real import MakeKafka
from tests.system.topic import read_all
from tests.unit.metrics.snapshots import START, ended, journey, progress, step

BOOKED_AT = START + timedelta(days=45)
LIVES, EXPIRED, ERASED = range(40), range(10), range(20, 30)
OF_NEXT_MONTH, ERASED_NEXT_MONTH = range(40, 60), range(40, 45)
APRIL: dict[str, Any] = {
    "opened": START + timedelta(days=35),
    "started": START + timedelta(days=35),
    "touchpoints": (),
}
DAY = timedelta(days=1)
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.timeout(300)]


def march(n: int, **changes: Any) -> JourneySnapshot:
    """A final journey whose month is booked at `BOOKED_AT`."""
    survey = (step("offered"), step(answer=n % 5 + 1))
    return ended(str(n), hours=n, status="final", survey=survey, **changes)


def april(n: int, **changes: Any) -> JourneySnapshot:
    """An open journey of a month that nobody has booked."""
    return journey(str(n), **APRIL, **changes)


def final(messages: Mapping[str, MetricMessage]) -> dict[str, tuple[Any, ...]]:
    """What is told of March as final."""
    return {
        key: (m.n, m.numerator, m.denominator, m.value, m.distribution, m.revision)
        for key, m in messages.items()
        if m.period is PeriodKind.MONTH
        and Flag.PROVISIONAL not in m.flags
        and m.period_start < APRIL["opened"]
    }


@dataclass
class World:
    """One process, its servers, and the counters that were seen last."""

    kafka: LocalKafka
    redis: LocalRedis
    metrics: Metrics
    last: Samples = field(default_factory=dict)

    async def send(self, *bodies: JourneySnapshot | Progress) -> None:
        """Onto journeys.v1."""
        async with sending(self.kafka.bootstrap) as producer:
            await send(producer, bodies)

    async def told_at(self, mark: datetime) -> dict[str, tuple[Any, ...]]:
        """What is told as final once every partition has heard of `mark`; on the way no counter
        that was seen may be lower.
        """
        await self.send(*(progress(mark, partition=p) for p in range(PARTITIONS)))
        found: dict[str, tuple[Any, ...]] = {}
        async with asyncio.timeout(90):
            while not found:
                messages, _ = await heard(
                    self.kafka.bootstrap,
                    lambda told: "live" in told and told["live"].watermark == mark,
                    seconds=90,
                )
                found = final(messages)
        seen = await asyncio.to_thread(self.metrics.until, bool)
        assert fallen(self.last, seen) == []
        self.last = seen
        return found

    def lose_redis(self, *program: str) -> None:
        """Process and Redis are gone; another process (or a stand-in) begins with nothing."""
        self.metrics.kill()
        with Redis.from_url(self.redis.url) as client:
            client.flushall()
        self.metrics.program = program or self.metrics.program
        self.metrics.start()

    async def expire(self, lives: range) -> None:
        """Let the log begin after these, which were sent first."""
        gone = {str(march(n).id).encode() for n in lives}
        first: dict[int, int] = {}
        for record in await read_all(self.kafka.bootstrap, JOURNEYS):
            if record.key not in gone:
                kept = first.get(record.partition, record.offset)
                first[record.partition] = min(kept, record.offset)
        admin = AdminClient({"bootstrap.servers": self.kafka.bootstrap})
        places = [TopicPartition(JOURNEYS, p, offset) for p, offset in first.items()]
        for done in admin.delete_records(places).values():
            done.result(30)


@pytest.fixture
def world(
    private_kafka: MakeKafka, private_redis: LocalRedis, processes: Processes, tmp_path: Path
) -> Iterator[World]:
    kafka = private_kafka()
    settings = {"KAFKA_BOOTSTRAP": kafka.bootstrap, "REDIS_URL": private_redis.url}
    metrics = Metrics(processes, tmp_path, settings)
    metrics.start()
    yield World(kafka, private_redis, metrics)
    if metrics.child is not None and metrics.child.exit_code is None:
        metrics.stop()


async def test_a_booked_month_outlives_erasure_expiry_and_redis(world: World) -> None:
    await world.send(*(march(n) for n in LIVES), *(april(n) for n in OF_NEXT_MONTH))
    booked = await world.told_at(BOOKED_AT)
    await world.send(*(march(n, version=9, erased=True) for n in ERASED))
    await world.send(*(april(n, version=9, erased=True) for n in ERASED_NEXT_MONTH))
    assert await world.told_at(BOOKED_AT + DAY) == booked
    assert len(booked) > 10
    counted = nets(world.last)
    assert total(world.last, "throughline_journeys_started") == 40 + 20 - 5

    await world.expire(EXPIRED)
    world.lose_redis()
    assert await world.told_at(BOOKED_AT + 2 * DAY) == booked
    assert nets(world.last) == counted

    # The control: who does not read the books counts what is left of the log.
    world.lose_redis("tests.system.metrics_stand_in", "unbooked")
    assert await world.told_at(BOOKED_AT + 3 * DAY) != booked
    assert total(world.last, "throughline_journeys_started") == 40 + 20 - 5 - 10 - 10
