"""Very many connections to one ingest while its broker goes away: refused with a time to try again,
nothing lost that was accepted, memory bounded, and well again by itself.

`make connections` holds 10,000 and takes the broker away for a minute.
"""

import asyncio
import logging
import os
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.meter import Meter, load_average
from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from tests.integration.connections import SOURCE, Connection, Told
from tests.integration.ingest_process import Surroundings, events, log, start
from tests.real import MakeKafka

CONNECTIONS = int(os.environ.get("CONNECTIONS", "300"))
AWAY_SECONDS = float(os.environ.get("AWAY_SECONDS", "3"))
# The program, and what each connection may cost.
MOST_MEGABYTES, MOST_EACH = 150, 0.03
log_ = logging.getLogger(__name__)
_OPENED_AT_ONCE = 100


@pytest.fixture
def _files() -> Iterator[None]:
    """As many as the system allows, here and in the processes that are started."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CONNECTIONS + 200:
        pytest.fail(f"a process may hold {hard} files open here: ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.kafka
@pytest.mark.timeout(240 + AWAY_SECONDS + CONNECTIONS / 10)
@pytest.mark.usefixtures("_files")
async def test_very_many_connections_outlast_a_broker_that_is_away(
    private_kafka: MakeKafka, processes: Processes, tmp_path: Path
) -> None:
    broker = private_kafka()
    surroundings = Surroundings(broker.bootstrap, processes, tmp_path)
    surroundings.prepare()
    running, began = await start(surroundings), time.process_time()
    told, meter = Told(), Meter(running.child.process.pid)
    connections = [Connection(number, told) for number in range(CONNECTIONS)]
    watching = asyncio.create_task(_watch(meter))
    await _open(connections, int(running.public.rpartition(":")[2]))
    took = {
        "at once": await _deliver(connections, 1),
        "over an outage": await _outage(broker, connections, told),
        "afterwards": await _deliver(connections, 3),
    }
    watching.cancel()
    for one in connections:
        one.close()
    clients = time.process_time() - began
    log_.info("%d connections: %s", CONNECTIONS, _figures(took, told, meter, clients))
    kept = {one.identity[1] for one in events(await log(broker.bootstrap), f"/web{SOURCE}")}
    assert told.promised == {f"{one}.{turn}" for one in range(CONNECTIONS) for turn in (1, 2, 3)}
    assert told.promised - kept == set()
    assert set(told.statuses) == {200, 503}
    assert meter.peak_megabytes < MOST_MEGABYTES + MOST_EACH * CONNECTIONS
    assert running.child.stop() == 0


def _figures(took: Mapping[str, float], told: Told, meter: Meter, clients: float) -> str:
    """What it took, for docs/benchmarks.md; the clients have the same cores."""
    seconds = ", ".join(f"{what} {taken:.1f} s" for what, taken in took.items())
    cpu = f"CPU {meter.cpu_seconds:.0f} s, of the clients {clients:.0f} s"
    most, load = f"{meter.peak_megabytes:.0f} MB", f"load average {load_average():.0f}"
    return f"{seconds}; {dict(told.statuses)}; {most}; {cpu}; {load}"


async def _deliver(connections: Sequence[Connection], turn: int) -> float:
    """An event of each; how long the last one took."""
    began = time.monotonic()
    await asyncio.gather(*(one.deliver(turn) for one in connections))
    return time.monotonic() - began


async def _outage(broker: LocalKafka, connections: Sequence[Connection], told: Told) -> float:
    """The broker is away until each was refused and longer; how long the last took from then on."""
    await asyncio.to_thread(broker.stop)
    told.refused.clear()
    delivering = asyncio.create_task(_deliver(connections, 2))
    until = time.monotonic() + AWAY_SECONDS
    while len(told.refused) < len(connections) or time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await asyncio.to_thread(broker.resume)
    back = time.monotonic()
    await delivering
    return time.monotonic() - back


async def _open(connections: Sequence[Connection], port: int) -> None:
    for first in range(0, len(connections), _OPENED_AT_ONCE):
        some = connections[first : first + _OPENED_AT_ONCE]
        await asyncio.gather(*(one.open(port) for one in some))


async def _watch(meter: Meter) -> None:
    while True:
        meter.sample()
        await asyncio.sleep(0.25)
