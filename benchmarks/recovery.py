"""`python -m benchmarks.recovery`: from kill -9 to the first events, with many citizens in state.

Ours has worked three events of each citizen itself, and starts twice: on its log as it left it,
and on the log compacted, as it is in service. Stock Faust starts on a changelog that has each of
as many keys exactly once, the least it could have to read. Both have recovered when the first
events of every partition are worked.
"""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click
from confluent_kafka import Producer
from rich.console import Console

from benchmarks.compaction import compact
from benchmarks.document import update
from benchmarks.journey import load
from benchmarks.machine import machine
from benchmarks.meter import load_average
from benchmarks.peers.catalogue import faust
from benchmarks.peers.ground import Ground, fill, grounds
from benchmarks.peers.life import Work, begin
from benchmarks.peers.ours import Shift
from benchmarks.peers.peer import Peer
from benchmarks.peers.reading import tabled
from benchmarks.peers.visits import Visits
from benchmarks.recovery_figures import ALL, Faust, Log, Ours, Recovery, markdown
from benchmarks.touchpoints import Load
from deploy.local.process import end_in_order
from deploy.provision.apply import Broker, apply
from schemas.topics import JOURNEY_STATE, TOPICS

FIGURES = Path(__file__).with_name("recovery.json")
_EVENTS_EACH = 3
# Enough for every partition to get some.
_FIRST_EVENTS = 64
_LOADED_AT_ONCE = 500_000
_LIMIT_SECONDS = 2400
_COMPACTION_SECONDS = 900
_CLOSE_LOOK_SECONDS = 0.1
_SETTLED_LOOKS = 10
_EVENTS = "throughline_journey_events_total"
_LIVE = "throughline_journey_live_citizens"
_BYTES = "throughline_journey_state_bytes"
_RECORDS = "throughline_journey_recovered_records_total"


def ours(ground: Ground, citizens: int) -> tuple[Ours, ...]:
    """Work three events of each citizen, die, start again; have the log compacted, and again."""
    apply(Broker(ground.bootstrap), TOPICS)
    events = citizens * _EVENTS_EACH
    records = Load(events + 2 * _FIRST_EVENTS, citizens, datetime.now(UTC)).records()
    for loaded in range(0, events, _LOADED_AT_ONCE):
        some = min(_LOADED_AT_ONCE, events - loaded)
        load(ground.bootstrap, list(islice(records, some)))
    shift = Shift.begin(ground, _LIMIT_SECONDS)
    shift.until_worked(events)
    shift.worker.child.kill()
    shift, as_left = _recovered(ground, Log.AS_LEFT, list(islice(records, _FIRST_EVENTS)))
    most = round(1.1 * as_left.citizens)
    compact(ground.bootstrap, JOURNEY_STATE, most, _COMPACTION_SECONDS, lambda: _is_alive(shift))
    shift.worker.child.kill()
    shift, compacted = _recovered(ground, Log.COMPACTED, list(islice(records, _FIRST_EVENTS)))
    shift.end()
    return as_left, compacted


def _is_alive(shift: Shift) -> bool:
    return shift.worker.child.exit_code is None


def _recovered(ground: Ground, log: Log, first: list[tuple[bytes, bytes]]) -> tuple[Shift, Ours]:
    """Start a worker that finds a few events it has not worked, and wait for them."""
    load(ground.bootstrap, first)
    shift = Shift.begin(ground)
    seconds = shift.until(lambda: shift.metric(_EVENTS) >= len(first), _CLOSE_LOOK_SECONDS)
    cpu_seconds = shift.meter.cpu_seconds
    live = _settled(shift)
    return shift, Ours(
        log=log,
        seconds=round(seconds, 2),
        cpu_seconds=round(cpu_seconds, 2),
        records=round(shift.metric(_RECORDS)),
        peak_megabytes=round(shift.meter.peak_megabytes),
        megabytes=round(shift.worker.megabytes),
        citizens=live,
        bytes_each=round(shift.metric(_BYTES) / live, 1),
    )


def _settled(shift: Shift) -> int:
    """The citizens of all partitions: each sets its gauge every few seconds, some before others."""
    seen: deque[float] = deque(maxlen=_SETTLED_LOOKS)

    def is_settled() -> bool:
        seen.append(shift.metric(_LIVE))
        return len(seen) == _SETTLED_LOOKS and len(set(seen)) == 1 and seen[0] > 0

    shift.until(is_settled)
    return round(seen[0])


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
    seconds = work.until(lambda: _is_seen(work))
    meter = work.meter
    found = Faust(round(seconds, 2), round(meter.cpu_seconds, 2), round(meter.peak_megabytes))
    work.end()
    return found


def _is_seen(work: Work) -> bool:
    """Whether it has worked the first events, which are sent again: what Faust fetches while it
    resumes may be thrown away unread (faust-streaming issue 596), and it would wait for more.
    """
    if work.all():
        return True
    fill(work.life.ground.bootstrap, work.life.ground.topic(work.life.visits), work.life.visits)
    return False


def _table(citizens: int) -> Mapping[str, object]:
    now = int(datetime.now(UTC).timestamp() * 1000)
    return {f"citizen-{number:012d}": [[now - 600_000, now, 3]] for number in range(citizens)}


def _write(bootstrap: str, topic: str, table: Mapping[str, object], partitions: int) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "queue.buffering.max.messages": 2_000_000})
    for number, (key, value) in enumerate(table.items()):
        producer.produce(topic, json.dumps(value), json.dumps(key), number % partitions)
    if producer.flush(120):
        raise click.ClickException("Kafka did not take the changelog in time")


def _known(but: int) -> Iterable[Recovery]:
    known = ALL.validate_json(FIGURES.read_bytes()) if FIGURES.exists() else ()
    return [one for one in known if one.asked != but]


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
        theirs = stock_faust(ground, found[0].citizens)
    row = Recovery(citizens, datetime.now(UTC).date(), machine(), load_before, found, theirs)
    rows = sorted([*_known(citizens), row], key=lambda one: one.asked)
    console.print(markdown(rows), soft_wrap=True)
    if keep:
        FIGURES.write_bytes(ALL.dump_json(tuple(rows), indent=1) + b"\n")
        update("recovery", markdown(rows))


if __name__ == "__main__":
    main()
