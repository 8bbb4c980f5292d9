"""Journey and metrics on one stream: what metrics costs of the snapshots that events really make.

`python -m benchmarks.metrics_line [--events 150000] [--citizens 10000]`. The journey worker turns
events into snapshots and metrics counts exactly these; both figures are CPU seconds per million
*events*. The events are those of `benchmarks.journey`: some fifteen for each citizen in ten days,
in six touchpoints of five channels, without surveys. Of each chunk of at most a thousand events of
a partition the worker publishes the newest state of each journey, so there are fewer snapshots than
events. Metrics finds all of them when it comes back, as after a pause.
"""

import asyncio
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from confluent_kafka import Consumer, TopicPartition

from benchmarks import journey
from benchmarks.machine import machine
from benchmarks.metrics import PARTITIONS, Ground, Result
from benchmarks.touchpoints import Load
from deploy.local.redis import LocalRedis
from schemas.topics import JOURNEYS


@dataclass(frozen=True)
class Line:
    """Both services on the same stream."""

    journeys: journey.Result
    published: int
    metrics: Result

    def told(self) -> str:
        """For people."""
        million = self.journeys.events / 1_000_000
        snapshots = self.published / self.journeys.events
        # What is counted by the first look at it is not in the seconds, nor in its snapshots.
        each = self.metrics.cpu_seconds / self.metrics.snapshots * 1_000_000
        redis = self.metrics.redis_seconds / self.metrics.snapshots * 1_000_000
        worker, service = self.journeys.cpu_seconds / million, each * snapshots
        return "\n".join(
            (
                f"machine    {machine()}, load average {os.getloadavg()[0]:.1f}",
                f"events     {self.journeys.events:,}, {snapshots:.2f} snapshots each",
                f"journey    {worker:.1f} CPU s per million events",
                f"metrics    {service:.1f} CPU s per million events",
                f"           {each:.1f} CPU s per million snapshots",
                f"redis      {redis * snapshots:.1f} CPU s per million events",
                f"ratio      metrics takes {service / worker:.2f} times what journey takes",
            )
        )


def published(bootstrap: str) -> int:
    """How many records are on the topic of journeys."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "benchmark"})
    try:
        places = (TopicPartition(JOURNEYS, partition) for partition in range(PARTITIONS))
        return sum(consumer.get_watermark_offsets(place)[1] for place in places)
    finally:
        consumer.close()


def measure(events: int, citizens: int, profile: str = "") -> Line:
    """One run of both, one after the other, on a broker and a Redis of its own."""
    records = list(Load(events, citizens, datetime.now(UTC)).records())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(LocalRedis.start(folder / "redis"))
        if not redis.server.is_real:
            raise SystemExit("a real Redis was not found: install redis-server")
        worker, bootstrap = stack.enter_context(journey.stack())
        ground = Ground(folder, bootstrap, redis, profile)
        asyncio.run(ground.prepare())
        journeys = journey.run(worker, bootstrap, records)
        worker.child.stop()
        there = published(bootstrap)
        return Line(journeys, there, asyncio.run(ground.count(there)))


@click.command()
@click.option("--events", default=150_000, show_default=True)
@click.option("--citizens", default=10_000, show_default=True)
@click.option("--profile", default="", help="Write cProfile's file of metrics here.")
def main(events: int, citizens: int, profile: str) -> None:
    """Measure journey and metrics on the same stream."""
    click.echo(measure(events, citizens, profile).told())


if __name__ == "__main__":
    main()
