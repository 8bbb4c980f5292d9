"""`python -m benchmarks.protocols`: what an event costs in each protocol, beside a bare handler.

Ours, from HTTP to the acknowledgement of a real Kafka, and a handler of the same library that only
parses the same body: one after the other for each protocol, in one run. CPU seconds are those of
the server; the figures go into docs/benchmarks.md.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click
from aiohttp import ClientSession
from rich.console import Console

from benchmarks.document import update
from benchmarks.machine import cpu_seconds, machine
from benchmarks.meter import load_average
from benchmarks.protocol_bodies import KEYS, SENDERS, SOURCES, Sender, now
from deploy.local.kafka import LocalKafka
from deploy.local.ports import free_ports
from deploy.local.process import Child, Processes, Program
from deploy.provision.apply import Broker, apply
from schemas.topics import TOPICS

_AT_A_TIME = 8
_SINGLES = 5
# The bare handler is through before the clock of CPU time has ticked often enough.
_REPEATED = 10


@dataclass(frozen=True)
class Cost:
    """CPU seconds of each server for so many events."""

    sender: Sender
    events: int
    bare: float
    ours: float


@dataclass(frozen=True)
class Server:
    """A process, and where it listens."""

    child: Child
    address: str


def markdown(costs: Iterable[Cost], *, load: float, on: date, where: str) -> str:
    """The table, and what it was measured on."""
    lines = [
        "| protocol | sent as | events/s of a core | CPU s per million | bare handler | times |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for cost in costs:
        ours, bare = (1e6 * seconds / cost.events for seconds in (cost.ours, cost.bare))
        told = f"{1e6 / ours:,.0f} | {ours:,.1f} | {bare:,.1f} | {ours / bare:.1f}"
        lines.append(f"| {cost.sender.protocol} | {cost.sender.sent_as} | {told} |")
    measured = f"Measured with `python -m benchmarks.protocols` on {on} on {where}, load average"
    return "\n".join([*lines, "", f"{measured} {load}."])


async def _cost(server: Server, sender: Sender, bodies: list[bytes]) -> float:
    """CPU seconds of the server for these requests, after some that warm it up."""
    async with ClientSession() as client:
        await _send(client, server, sender, bodies[: len(bodies) // 5])
        before = cpu_seconds(server.child.process.pid)
        await _send(client, server, sender, bodies)
        return cpu_seconds(server.child.process.pid) - before


async def _send(client: ClientSession, server: Server, sender: Sender, bodies: list[bytes]) -> None:
    waiting = list(bodies)

    async def one_after_the_other() -> None:
        while waiting:
            body, address = waiting.pop(), server.address + sender.path
            async with client.post(address, data=body, headers=sender.headers) as response:
                if response.status not in {200, 204}:
                    raise SystemExit(f"{sender.path}: {await response.text()}")

    await asyncio.gather(*(one_after_the_other() for _ in range(_AT_A_TIME)))


async def _accepted(ours: Server, sender: Sender) -> int:
    """How many events it has accepted, as it tells their source."""
    headers = {"Authorization": f"Bearer {sender.token}"}
    async with (
        ClientSession() as client,
        client.get(f"{ours.address}/v1/sources/self", headers=headers) as response,
    ):
        return int((await response.json())["accepted"])


async def measure(ours: Server, bare: Server, events: int) -> list[Cost]:
    """Each protocol on both servers; what ours did not accept ends it."""
    costs = []
    for sender in SENDERS:
        requests = events // sender.each if sender.each > 1 else events // _SINGLES
        bodies, before = sender.bodies(requests, now()), await _accepted(ours, sender)
        count = requests * sender.each
        again = _REPEATED if sender.each > 1 else 1
        floor = await _cost(bare, sender, bodies * again) / again
        spent = await _cost(ours, sender, bodies)
        sent = count + len(bodies) // 5 * sender.each
        if await _accepted(ours, sender) - before != sent:
            raise SystemExit(f"{sender.path}: not all events were accepted")
        costs.append(Cost(sender, count, floor, spent))
    return costs


def _ours(processes: Processes, bootstrap: str, folder: Path) -> Server:
    public, inside = (f"127.0.0.1:{port}" for port in free_ports(2))
    sources, keys = folder / "sources.yaml", folder / "keys.yaml"
    sources.write_text(SOURCES, encoding="utf-8")
    keys.write_text(KEYS, encoding="utf-8")
    settings = {
        "THROUGHLINE_KAFKA_BOOTSTRAP": bootstrap,
        "THROUGHLINE_SOURCES": str(sources),
        "THROUGHLINE_PSEUDONYM_KEYS": str(keys),
        "THROUGHLINE_INGEST_LISTEN": public,
        "THROUGHLINE_INGEST_INSIDE": inside,
        "THROUGHLINE_INGEST_DRAIN_SECONDS": "0",
        "THROUGHLINE_INGEST_PUBLISH_TIMEOUT_SECONDS": "20",
    }
    command = [sys.executable, "-m", "services.ingest", "serve"]
    child = processes.start(Program("ingest", command, settings))
    return _listening(child, '"public"', f"http://{public}")


def _bare(processes: Processes) -> Server:
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "benchmarks.bare_handler", str(port)]
    child = processes.start(Program("bare", command, {"PYTHONUNBUFFERED": "1"}))
    return _listening(child, "Running on", f"http://127.0.0.1:{port}")


def _listening(child: Child, word: str, address: str) -> Server:
    while word not in child.output():
        if child.exit_code is not None:
            raise SystemExit(child.account())
        time.sleep(0.05)
    return Server(child, address)


@click.command()
@click.option("--events", default=20_000, show_default=True, help="Of each; a fifth sent singly.")
def main(events: int) -> None:
    """Measure every protocol, print the table, and write it into docs/benchmarks.md."""
    with tempfile.TemporaryDirectory() as name, Processes(Path(name)) as processes:
        broker = LocalKafka.start(Path(name) / "kafka", processes=processes)
        apply(Broker(broker.bootstrap), TOPICS)
        ours = _ours(processes, broker.bootstrap, Path(name))
        costs = asyncio.run(measure(ours, _bare(processes), events))
    today = datetime.now(UTC).date()
    told = markdown(costs, load=load_average(), on=today, where=machine())
    update("protocols", told)
    Console().print(told)


if __name__ == "__main__":
    main()
