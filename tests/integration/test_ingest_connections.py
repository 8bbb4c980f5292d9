"""Very many connections to one ingest while its broker goes away: refused with a time to try again,
nothing lost that was accepted, memory bounded, and well again by itself.

`make connections` holds 10,000 and takes the broker away for a minute.
"""

import asyncio
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.meter import Meter
from deploy.local.process import Processes
from tests.integration.connections import Connection, Told
from tests.integration.ingest_process import Surroundings, events, log, start
from tests.real import MakeKafka

CONNECTIONS = int(os.environ.get("CONNECTIONS", "500"))
AWAY_SECONDS = float(os.environ.get("AWAY_SECONDS", "3"))
# What is not a connection's: the program, and what may be on its way to Kafka.
MOST_MEGABYTES = 400
MOST_KILOBYTES_EACH = 30
_OPENED_AT_ONCE = 100


@pytest.fixture
def _files() -> Iterator[None]:
    """As many as the system allows, here and in the processes that are started."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if CONNECTIONS + 200 > hard:
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
    running = await start(surroundings)
    told, meter = Told(), Meter(running.child.process.pid)
    watching = asyncio.create_task(_watch(meter))
    meter.sample()
    print("BASE", meter.peak_megabytes)
    T = time.monotonic()
    connections = [Connection(number, told) for number in range(CONNECTIONS)]
    await _open(connections, int(running.public.rpartition(":")[2]))
    print("OPEN", time.monotonic() - T, meter.peak_megabytes)
    await asyncio.gather(*(one.deliver(1) for one in connections))
    print("FIRST", time.monotonic() - T, meter.peak_megabytes, told.statuses)
    await asyncio.to_thread(broker.stop)
    print("STOPPED", time.monotonic() - T, meter.peak_megabytes)
    delivering = asyncio.gather(*(one.deliver(2) for one in connections))
    away_until = time.monotonic() + AWAY_SECONDS
    while len(told.refused) < CONNECTIONS or time.monotonic() < away_until:
        await asyncio.sleep(0.1)
    print("AWAY", time.monotonic() - T, meter.peak_megabytes, told.statuses)
    await asyncio.to_thread(broker.resume)
    back = time.monotonic()
    print("BACK", time.monotonic() - T, meter.peak_megabytes, told.statuses)
    await delivering
    print("SECOND", time.monotonic() - back, meter.peak_megabytes, told.statuses)
    await asyncio.gather(*(one.deliver(3) for one in connections))
    print("THIRD", time.monotonic() - T, meter.peak_megabytes, told.statuses, sorted(told.waits.items()))
    for one in connections:
        one.close()
    watching.cancel()
    kept = {one.identity[1] for one in events(await log(broker.bootstrap), "/web/connections")}
    assert told.promised - kept == set()
    assert len(told.promised) == 3 * CONNECTIONS
    assert set(told.statuses) == {200, 503}


async def _open(connections: list[Connection], port: int) -> None:
    for first in range(0, len(connections), _OPENED_AT_ONCE):
        some = connections[first : first + _OPENED_AT_ONCE]
        await asyncio.gather(*(one.open(port) for one in some))


async def _watch(meter: Meter) -> None:
    while True:
        meter.sample()
        await asyncio.sleep(0.25)
