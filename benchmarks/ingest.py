"""Ingest, from HTTP to the acknowledgement of a real Kafka: events a second, and what they cost.

`python -m benchmarks.ingest [--bootstrap HOST:PORT] [--seconds 10]`. Without a broker it starts
one. The program that sends shares the machine; CPU seconds are those of the ingest process alone.
"""

import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from aiohttp import ClientSession, TCPConnector
from rich.console import Console
from rich.table import Table

from benchmarks.machine import cpu_seconds, machine
from deploy.local.kafka import LocalKafka
from deploy.local.ports import free_ports
from deploy.local.process import Child, Processes, Program
from deploy.provision.apply import Broker, apply
from schemas.topics import TOPICS

TOKEN = {"Authorization": "Bearer permit-web-token"}
_WARM_UP_SECONDS = 2
BODIES = 400
_TOUCHPOINTS = ("permit-check", "guidance", "application-start", "application-plans", "receipt")


@dataclass(frozen=True)
class Load:
    """How it is sent: events in a request, requests at a time."""

    name: str
    batch: int
    concurrency: int


@dataclass(frozen=True)
class Result:
    """What came of it. Latencies are of whole requests, in seconds."""

    load: Load
    events: int
    seconds: float
    cpu_seconds: float
    latencies: list[float]

    def quantile(self, part: float) -> float:
        """The nearest rank, in milliseconds."""
        ordered = sorted(self.latencies)
        return 1_000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


LOADS = (Load("batches of 100", 100, 8), Load("single events", 1, 32))


def bodies(load: Load, seed: int = 1) -> list[bytes]:
    """Requests as a web channel sends them: many citizens, a few touchpoints, now."""
    choose, made = random.Random(seed), []
    now = datetime.now(UTC).isoformat()
    for request in range(BODIES):
        events = [
            {
                "specversion": "1.0",
                "id": f"{request}-{number}-{choose.random()}",
                "source": "https://municipality.example/building-permit",
                "type": "permit.page",
                "time": now,
                "data": {
                    "service": "building-permit",
                    "touchpoint": choose.choice(_TOUCHPOINTS),
                    "channel": "website",
                    "citizen": f"citizen-{choose.randrange(100_000)}",
                    "device": "desktop",
                    "language": "nl",
                },
            }
            for number in range(load.batch)
        ]
        made.append(msgspec.json.encode(events if load.batch > 1 else events[0]))
    return made


async def measure(address: str, server: Child, load: Load, seconds: float) -> Result:
    """Send as fast as the answers come; every answer must be that all events were accepted."""
    sent = bodies(load)
    async with ClientSession(connector=TCPConnector(limit=load.concurrency)) as client:
        await _send(client, address, sent, load, _WARM_UP_SECONDS)
        pid = server.process.pid
        before, began = cpu_seconds(pid), time.monotonic()
        latencies = await _send(client, address, sent, load, seconds)
        took, used = time.monotonic() - began, cpu_seconds(pid) - before
    return Result(load, len(latencies) * load.batch, took, used, latencies)


async def _send(
    client: ClientSession, address: str, sent: list[bytes], load: Load, seconds: float
) -> list[float]:
    latencies: list[float] = []
    until = time.monotonic() + seconds

    async def sender(first: int) -> None:
        turn = first
        while (began := time.monotonic()) < until:
            body = sent[turn % len(sent)]
            turn += load.concurrency
            async with client.post(f"{address}/v1/events", data=body, headers=TOKEN) as response:
                told = await response.json()
            if told["accepted"] != load.batch:
                raise SystemExit(f"not accepted: {told}")
            latencies.append(time.monotonic() - began)

    await asyncio.gather(*(sender(first) for first in range(load.concurrency)))
    return latencies


def _serve(processes: Processes, bootstrap: str) -> tuple[Child, str]:
    public, inside = (f"127.0.0.1:{port}" for port in free_ports(2))
    settings = {
        "THROUGHLINE_KAFKA_BOOTSTRAP": bootstrap,
        "THROUGHLINE_INGEST_LISTEN": public,
        "THROUGHLINE_INGEST_INSIDE": inside,
        "THROUGHLINE_INGEST_DRAIN_SECONDS": "0",
    }
    command = [sys.executable, "-m", "services.ingest", "serve"]
    child = processes.start(Program("ingest", command, settings))
    while '"public"' not in child.output():
        if child.exit_code is not None:
            raise SystemExit(child.account())
        time.sleep(0.05)
    return child, f"http://{public}"


def table(results: list[Result]) -> Table:
    """One row a way of sending."""
    found = Table(title=f"ingest, HTTP to acknowledged\n{machine()}", title_justify="left")
    for column in ("sent as", "events", "events/s", "CPU s per million", "p50 ms", "p99 ms"):
        found.add_column(column, justify="left" if column == "sent as" else "right")
    for result in results:
        found.add_row(
            result.load.name,
            f"{result.events:,}",
            f"{result.events / result.seconds:,.0f}",
            f"{1_000_000 * result.cpu_seconds / result.events:,.1f}",
            f"{result.quantile(0.5):.1f}",
            f"{result.quantile(0.99):.1f}",
        )
    return found


def run(bootstrap: str, processes: Processes, seconds: float) -> list[Result]:
    """Measure every load on one server."""
    apply(Broker(bootstrap), TOPICS)
    child, address = _serve(processes, bootstrap)
    return [asyncio.run(measure(address, child, load, seconds)) for load in LOADS]


@click.command()
@click.option("--bootstrap", help="A broker; without one, a real one is started.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each load is sent.")
def main(bootstrap: str | None, seconds: float) -> None:
    """Measure ingest and print a table."""
    with tempfile.TemporaryDirectory() as folder, Processes(Path(folder)) as processes:
        if bootstrap is None:
            broker = LocalKafka.start(Path(folder) / "kafka", processes=processes)
            bootstrap = broker.bootstrap
        Console().print(table(run(bootstrap, processes, seconds)))


if __name__ == "__main__":
    main()
