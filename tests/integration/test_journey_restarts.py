"""Restarts of the journey worker, clean and not, with a backlog waiting, on a real broker."""

import random
import signal

from tests.journey_worker.crew import Crew, ended, said, until
from tests.journey_worker.findings import Findings
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture

_BACKLOG = 3_000


async def test_ten_clean_restarts_with_a_backlog_lose_nothing_and_double_nothing(
    crew: Crew,
) -> None:
    chance = random.Random(10)
    for _ in range(10):
        await crew.load(_BACKLOG)
        worker = crew.start("worker", "--slow", "0.3")
        await until(said(worker, "chunk.taken", chance.randint(1, 4)), worker)
        code = crew.end(worker)
        assert code == 0, worker.account()
    crew.start()
    found = await crew.findings()
    assert (found.events, found.first_difference) == (10 * _BACKLOG, "none")


async def _killed(crew: Crew, times: int, *options: str) -> Findings:
    """Kill a worker when a step is in its log and not acknowledged; then let another finish.

    It has something new to do in each partition: once that is done, so is what came again before.
    """
    chance = random.Random(times)
    for _ in range(times):
        await crew.load(_BACKLOG)
        worker = crew.start("worker", "--dying", str(chance.randint(1, 4)), *options)
        await until(ended(worker), worker)
        assert crew.end(worker) == -signal.SIGKILL, worker.account()
    await crew.load(_BACKLOG)
    crew.start("worker", *options)
    return await crew.findings()


async def test_five_kills_between_log_and_acknowledgement_lose_nothing_and_double_nothing(
    crew: Crew,
) -> None:
    found = await _killed(crew, 5)
    assert (found.events, found.first_difference) == (6 * _BACKLOG, "none")


async def test_without_the_offset_rule_a_kill_there_counts_twice(crew: Crew) -> None:
    found = await _killed(crew, 1, "--always")
    assert found.wrong
    assert all(counted > truth for truth, counted in found.wrong.values())
