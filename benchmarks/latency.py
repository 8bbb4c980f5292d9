"""From the answer of ingest to the counter on /metrics, over the whole line on one machine.

`python -m benchmarks.latency [--rate 1000 --rate 5000] [--seconds 20]`. Batches are sent at an even
rate. An event counts as visible when the sum of `throughline_touchpoint_events_total` has reached
all that was accepted up to it; the page is read ten times a second, which is the resolution.
"""

import asyncio
import math
import tempfile
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

import click
from aiohttp import ClientSession
from rich.console import Console
from rich.table import Table

from benchmarks.ingest import BODIES, TOKEN, Load, bodies
from benchmarks.machine import machine
from deploy.local.process import ROOT
from deploy.local.stack import Recipe, Stack

_BATCH = 50
_READ_EVERY_SECONDS = 0.1
_PATIENCE_SECONDS = 60
_VISIBLE = "throughline_touchpoint_events_total"


@dataclass
class Seen:
    """Running sums with the time they were reached: accepted events, and visible ones; 503s."""

    accepted: list[tuple[float, int]] = field(default_factory=list)
    visible: list[tuple[float, int]] = field(default_factory=list)
    refused: int = 0

    def accept(self, events: int) -> None:
        """So many more were accepted just now."""
        total = self.accepted[-1][1] if self.accepted else 0
        self.accepted.append((time.monotonic(), total + events))

    def latencies(self) -> list[float]:
        """Of each accepted batch, in seconds, in order of size."""
        sums = [count for _, count in self.visible]
        told = []
        for at, count in self.accepted:
            place = bisect_left(sums, count)
            if place < len(sums):
                told.append(max(0.0, self.visible[place][0] - at))
        return sorted(told)


def quantile(ordered: list[float], share: float) -> float:
    """The nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


async def measure(stack: Stack, rate: int, seconds: float) -> Seen:
    """Send at this rate for so long, and read the counter until all of it is there."""
    seen = Seen()
    async with ClientSession() as client:
        before = await _counted(client, stack)
        sent = asyncio.create_task(_send(client, stack, rate, (seconds, seen)))
        deadline = time.monotonic() + seconds + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            seen.visible.append((time.monotonic(), await _counted(client, stack) - before))
            if sent.done() and seen.visible[-1][1] >= seen.accepted[-1][1]:
                break
            await asyncio.sleep(_READ_EVERY_SECONDS)
        await sent
    return seen


async def _send(client: ClientSession, stack: Stack, rate: int, into: tuple[float, Seen]) -> None:
    seconds, seen = into
    requests = round(seconds * rate / _BATCH)
    # Every event is sent once: a repeat would be a duplicate, and never become visible.
    laps = range(1 + requests // BODIES)
    sent = [b for lap in laps for b in bodies(Load("", _BATCH, 1), rate * 1_000 + lap)]
    began = time.monotonic()
    async with asyncio.TaskGroup() as posts:
        for number, body in enumerate(sent[:requests]):
            await asyncio.sleep(max(0.0, began + number * _BATCH / rate - time.monotonic()))
            posts.create_task(_post(client, f"{stack.url('INGEST_LISTEN')}/v1/events", body, seen))


async def _post(client: ClientSession, url: str, body: bytes, seen: Seen) -> None:
    while True:
        async with client.post(url, data=body, headers=TOKEN) as answer:
            if answer.status == 200:
                seen.accept((await answer.json())["accepted"])
                return
            seen.refused += 1
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))


async def _counted(client: ClientSession, stack: Stack) -> int:
    async with client.get(f"{stack.url('METRICS_INSIDE')}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return round(sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(_VISIBLE)))


@click.command()
@click.option("--rate", "rates", default=[1_000, 5_000], multiple=True, help="Events a second.")
@click.option("--seconds", default=20.0, show_default=True, help="How long each rate is sent.")
def main(rates: tuple[int, ...], seconds: float) -> None:
    """Measure each rate on one stack and print a table."""
    console = Console()
    table = Table(title=f"HTTP accepted to visible in /metrics, {machine()}", title_justify="left")
    for name in ("events/s asked", "accepted", "events/s", "503", "p50 s", "p99 s", "longest"):
        table.add_column(name, justify="right")
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder), ROOT, Recipe(), console.print) as stack,
    ):
        for rate in rates:
            table.add_row(f"{rate:,}", *_told(asyncio.run(measure(stack, rate, seconds))))
    console.print(table)


def _told(seen: Seen) -> tuple[str, ...]:
    ordered = seen.latencies()
    accepted = seen.accepted[-1][1]
    span = seen.accepted[-1][0] - seen.accepted[0][0]
    figures = (quantile(ordered, 0.5), quantile(ordered, 0.99), ordered[-1])
    told = f"{accepted:,}", f"{accepted / span:,.0f}", f"{seen.refused}"
    return *told, *(f"{one:.2f}" for one in figures)


if __name__ == "__main__":
    main()
