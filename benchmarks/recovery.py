"""`python -m benchmarks.recovery`: from kill -9 to the first event, with many citizens in state.

Beside it stock Faust with a Table of as many keys, each written to its changelog once: what its
worker reads when it starts, at its shortest. Ours has worked the events itself; its log is as it
left it, uncompacted.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click
from confluent_kafka import Producer
from pydantic import TypeAdapter
from rich.console import Console

from benchmarks.document import update
from benchmarks.journey import load
from benchmarks.machine import machine
from benchmarks.meter import load_average
from benchmarks.peers.catalogue import faust
from benchmarks.peers.ground import Ground, grounds
from benchmarks.peers.life import begin
from benchmarks.peers.ours import Shift, fill
from benchmarks.peers.peer import Peer
from benchmarks.peers.reading import tabled
from benchmarks.peers.visits import Visits
from benchmarks.touchpoints import Load
from deploy.local.process import end_in_order

FIGURES = Path(__file__).with_name("recovery.json")
_EVENTS_EACH = 3
_LIMIT_SECONDS = 1200
_LIVE = "throughline_journey_live_citizens"
_BYTES = "throughline_journey_state_bytes"
_RECORDS = "throughline_journey_recovered_records_total"
_HEADINGS = (
    "citizens in state",
    "ours: seconds",
    "records read",
    "worker MB",
    "state bytes each",
    "stock Faust: seconds",
    "worker MB",
    "ratio",
    "load",
)


@dataclass(frozen=True)
class Ours:
    """Of our worker, started again after kill -9."""

    seconds: float
    records: int
    megabytes: float
    citizens: int
    bytes_each: float


@dataclass(frozen=True)
class Faust:
    """Of stock Faust, started on a changelog of as many keys."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Recovery:
    """Both, from the start of the process to its first event; `asked` is --citizens."""

    asked: int
    measured_on: date
    machine: str
    load_average: float
    ours: Ours
    faust: Faust

    def cells(self) -> Iterable[str]:
        """Of a row of the table."""
        ours, theirs = self.ours, self.faust
        return (
            f"{ours.citizens:,}",
            f"{ours.seconds:.1f}",
            f"{ours.records:,}",
            f"{ours.megabytes:,.0f}",
            f"{ours.bytes_each:,.0f}",
            f"{theirs.seconds:.1f}",
            f"{theirs.megabytes:,.0f}",
            f"{theirs.seconds / ours.seconds:.1f} times",
            f"{self.load_average}",
        )


_ALL = TypeAdapter(tuple[Recovery, ...])


def markdown(found: Iterable[Recovery]) -> str:
    """The table, and where and when each row was measured."""
    rows = list(found)
    lines = [_HEADINGS, ["---"] * len(_HEADINGS), *(one.cells() for one in rows)]
    places = {f"Measured on {one.measured_on} on {one.machine}." for one in rows}
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", *sorted(places)])


def ours(ground: Ground, citizens: int) -> Ours:
    """Work three events of each citizen, die, start again."""
    events = citizens * _EVENTS_EACH
    records = list(Load(events + 1, citizens, datetime.now(UTC)).records())
    fill(ground, records[:-1])
    first = Shift.begin(ground, _LIMIT_SECONDS)
    first.until_worked(events)
    first.worker.child.kill()
    load(ground.bootstrap, records[-1:])
    second = Shift.begin(ground)
    seconds = second.until_first()
    second.until(lambda: second.metric(_LIVE) > 0)  # the gauges are set every few seconds
    second.meter.sample()
    live = round(second.metric(_LIVE))
    found = Ours(
        seconds=round(seconds, 2),
        records=round(second.metric(_RECORDS)),
        megabytes=round(second.meter.peak_megabytes),
        citizens=live,
        bytes_each=round(second.metric(_BYTES) / live, 1),
    )
    second.end()
    return found


def stock_faust(ground: Ground, citizens: int) -> Faust:
    """Start on a changelog with a session of each citizen."""
    peer = Peer(
        "faust",
        "",
        faust,
        _LIMIT_SECONDS,
        "",
        result="{name}-sessions-changelog",
        read=tabled,
    )
    visits = Visits(1, 1, datetime.now(UTC))
    life = begin(peer, faust(ground.folder), ground, visits, "recovery")
    changelog = peer.result.format(name=life.name)
    ground.make(changelog, visits.partitions)
    _write(ground.bootstrap, changelog, _table(citizens), visits.partitions)
    work = life.start()
    seconds = work.until(work.all)
    found = Faust(round(seconds, 2), round(work.meter.peak_megabytes))
    work.end()
    return found


def _table(citizens: int) -> Mapping[str, object]:
    now = int(datetime.now(UTC).timestamp() * 1000)
    return {f"citizen-{number:012d}": [[now - 600_000, now, 3]] for number in range(citizens)}


def _write(bootstrap: str, topic: str, table: Mapping[str, object], partitions: int) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "queue.buffering.max.messages": 2_000_000})
    for number, (key, value) in enumerate(table.items()):
        producer.produce(topic, json.dumps(value), json.dumps(key), number % partitions)
    if producer.flush(120):
        raise click.ClickException("Kafka did not take the changelog in time")


@click.command()
@click.option("--citizens", default=100_000, show_default=True)
@click.option("--keep/--no-keep", default=True, help="Write the figures and the document.")
def main(citizens: int, *, keep: bool) -> None:
    """Measure recovery, ours and stock Faust's, each on a broker of its own."""
    end_in_order()
    console = Console()
    load_before = load_average()
    with console.status("ours"), grounds(console.print) as ground:
        found = ours(ground, citizens)
    with console.status("stock Faust"), grounds(console.print) as ground:
        theirs = stock_faust(ground, found.citizens)
    row = Recovery(citizens, datetime.now(UTC).date(), machine(), load_before, found, theirs)
    known = _ALL.validate_json(FIGURES.read_bytes()) if FIGURES.exists() else ()
    others = [one for one in known if one.asked != citizens]
    rows = sorted([*others, row], key=lambda one: one.asked)
    console.print(markdown(rows), soft_wrap=True)
    if keep:
        FIGURES.write_bytes(_ALL.dump_json(tuple(rows), indent=1) + b"\n")
        update("recovery", markdown(rows))


if __name__ == "__main__":
    main()
