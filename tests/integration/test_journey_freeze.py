"""A worker stopped between the outputs and the state of a step, and thawed when all has moved on.

What it then writes is older than what lies there already, and compaction makes that permanent
unless it is mended before.
"""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.process import Child, Processes
from tests.chaos.line.compaction import compact_soon
from tests.journey_worker.crew import Crew, ended, said, until
from tests.journey_worker.findings import Findings
from tests.real import MakeKafka

_LAG_SECONDS = 15  # to a restart what the contracts' hour is in service
_REPAIRED = "foreign_write.repaired"


@pytest.fixture
def crews(
    private_kafka: MakeKafka, processes: Processes, tmp_path: Path
) -> Iterator[tuple[Crew, Crew]]:
    """Two crews on one broker that compacts as soon as it may."""
    bootstrap = private_kafka().bootstrap
    both = Crew(bootstrap, processes, tmp_path), Crew(bootstrap, processes, tmp_path)
    for crew in both:
        compact_soon(bootstrap, (crew.topics.state, crew.topics.journeys), _LAG_SECONDS)
    yield both
    for crew in both:
        crew.end_all()


async def _thawed_after_others_went_on(crew: Crew, armed: Path, *options: str) -> Child:
    """Write a step's state over that of a successor who is further; returns the successor."""
    await crew.load(2_000)
    frozen = crew.start("frozen", "--freezing", str(armed), *options)
    at_first = await crew.findings()
    armed.touch()  # noqa: ASYNC240  of a moment
    while not _is_stopped(frozen):
        await crew.load(100, among=_citizens_of(at_first))
        await asyncio.sleep(0.2)
    successor = crew.start("successor", *options)
    await until(said(successor, "partition.recovered", 4), successor)
    await crew.load(1_000)
    before = await crew.findings()
    assert before.foreign == 0
    frozen.process.send_signal(signal.SIGCONT)
    # Both may end at once now, and leave the last ticks to whoever comes.
    await crew.findings(wanted=lambda found: found.foreign > 0)
    return successor


def _citizens_of(found: Findings) -> list[bytes]:
    """All that one partition has: it stops only while no other waits for an answer."""
    return [key.encode() for key, partition in found.partition_of.items() if partition == 0]


def _is_stopped(child: Child) -> bool:
    return psutil.Process(child.process.pid).status() == psutil.STATUS_STOPPED


async def _after_compaction_and_a_kill(crew: Crew, *options: str) -> Findings:
    """What recovery makes of the one row of each key that the cleaner has left."""
    await crew.findings(wanted=lambda found: found.is_done and found.copies == 0)
    crew.end_all()
    await crew.load(500)
    crew.start("last", *options)
    return await crew.findings()


async def _mended(crew: Crew, armed: Path) -> None:
    owner = await _thawed_after_others_went_on(crew, armed)
    await until(ended(owner), owner)
    assert (owner.exit_code, "ForeignWrite" in owner.output()) == (70, True), owner.account()
    successor = crew.start("successor")
    await until(said(successor, _REPAIRED), successor)
    found = await _after_compaction_and_a_kill(crew)
    assert (found.is_right, found.first_difference) == (True, "none")
    assert found.foreign == 0, "the cleaner has not been there"
    assert found.left_by_compaction == found.counted


async def _unmended(crew: Crew, armed: Path) -> None:
    await _thawed_after_others_went_on(crew, armed, "--unchecked")
    found = await _after_compaction_and_a_kill(crew, "--unchecked")
    assert found.wrong


async def test_what_a_thawed_worker_writes_over_its_successors_state_is_mended_before_compaction(
    crews: tuple[Crew, Crew], tmp_path: Path
) -> None:
    real, unchecked = crews
    await asyncio.gather(
        _mended(real, tmp_path / "armed"), _unmended(unchecked, tmp_path / "armed-unchecked")
    )
