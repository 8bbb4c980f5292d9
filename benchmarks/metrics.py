"""Metrics, from journeys.v1 to the counters in Redis: snapshots a second, and what they cost.

`python -m benchmarks.metrics [--snapshots 60000]`. It starts a broker and a Redis of its own. The
service is first made ready on an empty topic, then stopped, and finds the snapshots when it comes
back; CPU seconds are those of the service while it counts, those of Redis stand beside them. Memory
is what Redis holds when all is counted.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import click
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from benchmarks.machine import cpu_seconds, machine
from deploy.local.kafka import LocalKafka
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import ROOT, Child, Processes, Program
from deploy.local.redis import LocalRedis
from deploy.provision.apply import Broker, apply
from schemas.codec import encode
from schemas.journey import Account, JourneySnapshot, Progress, SurveyStep, TouchpointVisit
from schemas.topics import JOURNEYS, TOPICS, topic
from schemas.vocabulary import Status

PARTITIONS = topic(JOURNEYS).partitions
_PLACES = (
    ("guidance", "information"),
    ("application-start", "transaction"),
    ("application-plans", "transaction"),
    ("receipt", "transaction"),
    ("decision-letter", "follow_up"),
)
_OUTCOMES = ("success", "success", "success", "abandoned", "expired", "error")
_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_FOLLOW_UP = timedelta(days=30)
_PATIENCE_SECONDS = 600
_PROFILED = ("-m", "cProfile", "-o")


@dataclass(frozen=True)
class Memory:
    """Bytes in Redis, and how many there are of what needs them."""

    journey_bytes: int
    journeys: int
    cell_bytes: int
    cells: int


@dataclass(frozen=True)
class Result:
    """What came of it."""

    snapshots: int
    seconds: float
    cpu_seconds: float
    redis_seconds: float
    memory: Memory


def lives(snapshots: int, seed: int = 1) -> Iterator[JourneySnapshot]:
    """Journeys of 90 days in five versions each, in the order of time."""
    journeys = snapshots // 5
    made = (
        _snapshot(Random(seed * journeys + number), version)
        for version in range(1, 6)
        for number in range(journeys)
    )
    return iter(sorted(made, key=happened))


def happened(snapshot: JourneySnapshot) -> datetime:
    """When a version came to be: at its newest event, the last one when the follow-up was over."""
    if snapshot.ended is None:
        return snapshot.opened + timedelta(hours=snapshot.version - 1)
    return snapshot.ended + (_FOLLOW_UP if snapshot.status is Status.FINAL else timedelta(0))


def _snapshot(choose: Random, version: int) -> JourneySnapshot:
    start = _FIRST + timedelta(minutes=choose.randrange(90 * 24 * 60))
    ident = UUID(int=choose.getrandbits(128), version=4)
    length, outcome = choose.expovariate(1 / 86_400), choose.choice(_OUTCOMES)
    answer = choose.randrange(1, 6)
    is_over = version >= 4
    return JourneySnapshot.model_validate(
        {
            "id": ident,
            "version": version,
            "clock": "live",
            "pseudonym": ident.hex[:24],
            "identity": "linked",
            "agency": "municipality",
            "service": "building-permit",
            "status": ("open", "open", "open", "ended", "final")[version - 1],
            "turn": "citizen",
            "outcome": outcome if is_over else "open",
            "opened": start,
            "started": start,
            "ended": start + timedelta(seconds=length) if is_over else None,
            "entries": 2 * version,
            "first_channel": "website",
            "touchpoints": tuple(_visits(start, version)),
            "last_touchpoint": _PLACES[min(version, 3)][0],
            "survey": (_answer(start, answer),) if is_over else (),
        }
    )


def _visits(start: datetime, version: int) -> Iterator[TouchpointVisit]:
    for number, (touchpoint, stage) in enumerate(_PLACES[:version]):
        at = start + timedelta(hours=number)
        yield TouchpointVisit.model_validate(
            {
                "touchpoint": touchpoint,
                "stage": stage,
                "count": 2,
                "first": at,
                "last": at,
                "channel": "website",
                "initiator": "citizen",
            }
        )


def _answer(start: datetime, answer: int) -> SurveyStep:
    return SurveyStep.model_validate(
        {
            "time": start + timedelta(hours=5),
            "action": "answered",
            "touchpoint": "receipt",
            "channel": "website",
            "provenance": "self_reported",
            "about": "journey",
            "construct": "satisfaction",
            "scale": "1..5",
            "answer": answer,
            "instrument": "permit-exit",
            "wording": "satisfaction-en",
        }
    )


async def fill(bootstrap: str, snapshots: int) -> int:
    """Put them on the topic, with a tick for each day; returns how many records there are."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5, acks="all")
    await producer.start()
    sent, day = 0, _FIRST
    try:
        for snapshot in lives(snapshots):
            while happened(snapshot) >= day + timedelta(days=1):
                day += timedelta(days=1)
                sent += await _tick(producer, day)
            await producer.send(
                JOURNEYS,
                value=encode(snapshot),
                key=str(snapshot.id).encode(),
                partition=snapshot.id.int % PARTITIONS,
                headers=[("kind", b"journey")],
            )
            sent += 1
        await producer.flush()
    finally:
        await producer.stop()
    return sent


async def _tick(producer: AIOKafkaProducer, day: datetime) -> int:
    for partition in range(PARTITIONS):
        told = Progress(
            partition=partition, clock="live", watermark=day, applied=0, account=Account()
        )
        await producer.send(
            JOURNEYS,
            value=encode(told),
            key=f"progress/{partition}/live".encode(),
            partition=partition,
            headers=[("kind", b"progress")],
        )
    return PARTITIONS


async def counted(redis_url: str) -> int:
    """How many records the generation that counts has counted; -1 while there is none."""
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        pointers = [str(key) async for key in client.scan_iter(match="*:generation")]
        if not pointers:
            return -1
        place, _, _ = pointers[0].rpartition(":")
        generation = str(await client.get(pointers[0]))
        offsets = await client.hvals(f"{place}:{generation}:offsets")
        return sum(int(offset) for offset in offsets)


@dataclass(frozen=True)
class Ground:
    """Where the service runs. With `profile`, cProfile writes there, and figures are useless."""

    folder: Path
    bootstrap: str
    redis: LocalRedis
    profile: str = ""

    async def prepare(self) -> None:
        """Have the service make its generation on an empty topic, and end."""
        with Processes(self.folder / "prepared") as processes:
            await _until(self.redis, 0, self._service(processes))

    async def count(self, sent: int) -> Result:
        """Time the service from its first records on, until it has counted so many."""
        with Processes(self.folder / "counting") as processes:
            child = self._service(processes, *([*_PROFILED, self.profile] if self.profile else []))
            begun = await _until(self.redis, 1, child)
            started, cpu = time.monotonic(), cpu_seconds(child.process.pid)
            redis_cpu = _redis_cpu(self.redis)
            await _until(self.redis, sent, child)
            return Result(
                snapshots=sent - begun,
                seconds=time.monotonic() - started,
                cpu_seconds=cpu_seconds(child.process.pid) - cpu,
                redis_seconds=_redis_cpu(self.redis) - redis_cpu,
                memory=await memory(self.redis.url),
            )

    def _service(self, processes: Processes, *profiled: str) -> Child:
        environment = {
            "THROUGHLINE_KAFKA_BOOTSTRAP": self.bootstrap,
            "THROUGHLINE_REDIS_URL": self.redis.url,
            "THROUGHLINE_METRICS_INSIDE": f"{LOOPBACK}:{free_ports(1)[0]}",
        }
        command = [sys.executable, *profiled, "-m", "services.metrics"]
        return processes.start(Program("metrics", command, environment, ROOT))


async def measure(kafka: LocalKafka, redis: LocalRedis, snapshots: int) -> Result:
    """Make the service ready, fill the topic, and time the service on it."""
    ground = Ground(kafka.folder / "metrics", kafka.bootstrap, redis)
    await ground.prepare()
    return await ground.count(await fill(kafka.bootstrap, snapshots))


async def _until(redis: LocalRedis, goal: int, child: Child) -> int:
    """Wait until so many are counted; 0 waits until a generation counts at all."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (reached := await counted(redis.url)) < goal:
        if child.exit_code is not None or time.monotonic() > deadline:
            raise SystemExit(child.account())
        await asyncio.sleep(0.02)
    return reached


async def memory(redis_url: str) -> Memory:
    """What Redis needs for each journey that may change, and for each cell."""
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        (place,) = [str(key) async for key in client.scan_iter(match="*:counted")]
        blocks = [str(key) async for key in client.scan_iter(match="*:cells:*")]
        used = [int(await client.memory_usage(key, samples=0) or 0) for key in (place, *blocks)]
        cells = [int(await client.hlen(key)) for key in blocks]
        return Memory(used[0], int(await client.hlen(place)), sum(used[1:]), sum(cells))


def _redis_cpu(redis: LocalRedis) -> float:
    return cpu_seconds(redis.child.process.pid) if redis.child else 0.0


def show(result: Result) -> None:
    """The result as a table, with the machine it is of."""
    million = result.snapshots / 1_000_000
    table = Table(title="metrics: journeys.v1 to Redis")
    for name in ("snapshots", "snapshots/s", "CPU s per million", "of Redis, per million"):
        table.add_column(name, justify="right")
    table.add_row(
        f"{result.snapshots:,}",
        f"{result.snapshots / result.seconds:,.0f}",
        f"{result.cpu_seconds / million:,.0f}",
        f"{result.redis_seconds / million:,.0f}",
    )
    console = Console()
    console.print(table)
    held = result.memory
    console.print(
        f"Redis holds {held.journeys:,} journeys of {held.journey_bytes / held.journeys:,.0f} "
        f"bytes and {held.cells:,} cells of {held.cell_bytes / held.cells:,.0f}"
    )
    console.print(machine())


@click.command()
@click.option("--snapshots", default=60_000, show_default=True)
def main(snapshots: int) -> None:
    """Measure the metrics service on a real Kafka and a real Redis."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with (
            LocalKafka.start(folder / "kafka") as kafka,
            LocalRedis.start(folder / "redis") as redis,
        ):
            if not redis.server.is_real:
                raise SystemExit("a real Redis was not found: install redis-server")
            apply(Broker(kafka.bootstrap), TOPICS)
            show(asyncio.run(measure(kafka, redis, snapshots)))


if __name__ == "__main__":
    main()
