"""Restarts of the journey worker, clean and not, with a backlog waiting, on a real broker."""

import random

import pytest

from tests.journey_worker.crew import Crew, said, until
from tests.journey_worker.findings import Findings
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture

_BACKLOG = 3_000


async def _live_and_die(crew: Crew, lives: int, *options: str, kill: bool) -> Findings:
    """Start and end a worker again and again, each time within its work, then let one finish."""
    chance = random.Random(lives)
    for _ in range(lives):
        await crew.load(_BACKLOG)
        worker = crew.start("worker", "--slow", "0.3", *options)
        await until(said(worker, "chunk.taken", chance.randint(1, 4)), worker)
        code = crew.end(worker, kill=kill)
        assert kill or code == 0, worker.account()
    crew.start("worker", *options)
    return await crew.findings()


async def test_ten_clean_restarts_with_a_backlog_lose_nothing_and_double_nothing(
    crew: Crew,
) -> None:
    found = await _live_and_die(crew, 10, kill=False)
    assert (found.events, found.first_difference) == (10 * _BACKLOG, "none")


async def test_five_kills_within_the_work_lose_nothing_and_double_nothing(crew: Crew) -> None:
    found = await _live_and_die(crew, 5, kill=True)
    assert (found.events, found.first_difference) == (5 * _BACKLOG, "none")


@pytest.mark.timeout(400)
async def test_without_the_offset_rule_up_to_eighteen_kills_give_wrong_counts(crew: Crew) -> None:
    """As soon as one hits between a step and its acknowledgement to Kafka: not each does."""
    for _ in range(6):
        found = await _live_and_die(crew, 3, "--always", kill=True)
        if found.wrong:
            return
        for worker in crew.running():
            crew.end(worker, kill=True)
    raise AssertionError("eighteen kills, and every count is right")
