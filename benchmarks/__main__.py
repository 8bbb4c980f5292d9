"""`python -m benchmarks`: every part of the line on a real Kafka, one table."""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks import ingest, journey, metrics
from benchmarks.machine import machine
from benchmarks.touchpoints import Load
from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from deploy.local.redis import LocalRedis
from deploy.provision.apply import Broker, apply
from schemas.topics import TOPICS

Row = tuple[str, str, int, float, float]


@click.command()
@click.option("--events", default=300_000, show_default=True, help="For the journey worker.")
@click.option("--snapshots", default=60_000, show_default=True, help="For metrics.")
@click.option("--seconds", default=10.0, show_default=True, help="Of each load on ingest.")
def main(events: int, snapshots: int, seconds: float) -> None:
    """Measure ingest, journey and metrics, one after another, each with a broker of its own."""
    console = Console()
    table = Table(title=f"The line on {machine()}", title_justify="left")
    for name in ("service", "from, to", "events", "events/s", "CPU s per million"):
        table.add_column(name, justify="left" if name in ("service", "from, to") else "right")
    with console.status("measuring ingest") as status:
        for row in _ingest(seconds):
            table.add_row(*_told(row))
        status.update("measuring journey")
        table.add_row(*_told(_journey(events)))
        status.update("measuring metrics")
        table.add_row(*_told(_metrics(snapshots)))
    console.print(table)


def _told(row: Row) -> tuple[str, ...]:
    service, span, events, seconds, cpu = row
    return service, span, f"{events:,}", f"{events / seconds:,.0f}", f"{cpu / events * 1e6:,.1f}"


def _ingest(seconds: float) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, Processes(Path(folder)) as processes:
        broker = LocalKafka.start(Path(folder) / "kafka", processes=processes)
        for found in ingest.run(broker.bootstrap, processes, seconds):
            span = f"HTTP to acknowledged, {found.load.name}"
            yield "ingest", span, found.events, found.seconds, found.cpu_seconds


def _journey(events: int) -> Row:
    records = list(Load(events, events // 15, datetime.now(UTC)).records())
    with journey.stack() as (worker, bootstrap):
        found = journey.run(worker, bootstrap, records)
    span = "topic to acknowledged snapshot"
    return "journey", span, found.events, found.seconds, found.cpu_seconds


def _metrics(snapshots: int) -> Row:
    with tempfile.TemporaryDirectory() as name, Processes(Path(name)) as processes:
        kafka = LocalKafka.start(Path(name) / "kafka", processes=processes)
        redis = LocalRedis.start(Path(name) / "redis", processes=processes)
        apply(Broker(kafka.bootstrap), TOPICS)
        found = asyncio.run(metrics.measure(kafka, redis, snapshots))
    span = "snapshots to counters in Redis"
    return "metrics", span, found.snapshots, found.seconds, found.cpu_seconds


if __name__ == "__main__":
    main()
