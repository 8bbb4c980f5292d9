"""Partitions that move between workers, and a worker that wakes when they have moved."""

import asyncio
import signal

from tests.journey_worker.crew import Crew, ended, said, until
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture


async def test_a_second_worker_joins_and_the_first_one_leaves_without_a_trace_in_the_counts(
    crew: Crew,
) -> None:
    await crew.load(2_000)
    first = crew.start("first", "--slow", "0.3")
    await until(said(first, "chunk.taken"), first)
    second = crew.start("second", "--slow", "0.3")
    loading = asyncio.ensure_future(crew.load(4_000))
    await until(said(second, "chunk.taken"), second)
    await loading
    crew.end(first)
    await crew.load(1_000)
    found = await crew.findings()
    assert (found.events, found.first_difference) == (7_000, "none")


async def test_partitions_that_stay_are_not_read_again_when_others_move(crew: Crew) -> None:
    await crew.load(2_000)
    first = crew.start("first")
    assert (await crew.findings()).is_done, first.account()
    second = crew.start("second")
    await until(said(second, "partition.recovered", 2), second)
    await until(said(first, "partition.recovered", 4 + 2), first)
    lines = [line for line in first.output().splitlines() if "partition.recovered" in line]
    assert all('"records": 0,' in line for line in lines[4:]), first.account()


async def test_a_worker_frozen_beyond_its_session_ends_when_it_thaws_and_nothing_is_doubled(
    crew: Crew,
) -> None:
    await crew.load(2_000)
    frozen = crew.start("frozen", "--slow", "0.3")
    await until(said(frozen, "chunk.taken"), frozen)
    frozen.process.send_signal(signal.SIGSTOP)
    successor = crew.start("successor")
    await until(said(successor, "partition.recovered", 4), successor)
    await crew.load(1_000)
    assert (await crew.findings()).is_done
    frozen.process.send_signal(signal.SIGCONT)
    await until(ended(frozen), frozen)
    assert (frozen.exit_code, "did not run for" in frozen.output()) == (70, True), frozen.account()
    await crew.load(1_000)
    if successor.exit_code is not None:  # the frozen one had a write on its way: mended at a start
        crew.start("successor")
    found = await crew.findings()
    assert (found.events, found.first_difference) == (4_000, "none")
