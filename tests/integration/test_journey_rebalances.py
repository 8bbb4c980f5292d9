"""Partitions that stay through many rebalances, and some that go elsewhere and come back."""

import json
from typing import Any

from deploy.local.process import Child
from tests.journey_worker.crew import Crew, said, until
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture

_ROUNDS = 10


def _told(child: Child, event: str) -> list[dict[str, Any]]:
    lines = [line for line in child.output().splitlines() if f'"{event}"' in line]
    return [json.loads(line) for line in lines]


async def _is_moved(worker: Child, rebalances: int) -> None:
    """Wait until a worker has what the latest rebalance gave it."""
    await until(said(worker, "partitions.assigned", rebalances), worker)
    given = sum(len(told["partitions"]) for told in _told(worker, "partitions.assigned"))
    await until(said(worker, "partition.recovered", given), worker)


async def test_partitions_that_stay_through_20_rebalances_are_never_read_again(crew: Crew) -> None:
    await crew.load(2_000)
    stays = crew.start("stays", is_static=False)
    await crew.findings()
    for number in range(_ROUNDS):
        comes = crew.start(f"comes-{number}", is_static=False)
        await _is_moved(stays, 2 + 2 * number)
        await crew.load(50)
        assert crew.end(comes) == 0
        await _is_moved(stays, 3 + 2 * number)
    given = [set(told["partitions"]) for told in _told(stays, "partitions.assigned")]
    retained = set.intersection(*given)
    assert (len(given), len(retained)) == (1 + 2 * _ROUNDS, 2)
    read = [t["records"] for t in _told(stays, "partition.recovered") if t["partition"] in retained]
    assert (len(read), sum(read[2:])) == (2 * len(given), 0), read
    found = await crew.findings()
    assert (found.events, found.first_difference) == (2_000 + 50 * _ROUNDS, "none")


async def test_a_partition_that_is_away_for_two_generations_comes_back_right(crew: Crew) -> None:
    await crew.load(2_000)
    stays = crew.start("stays", is_static=False)
    await crew.findings()
    others = []
    for number in range(2):
        others.append(crew.start(f"comes-{number}", is_static=False))
        await _is_moved(stays, 2 + number)
        await crew.load(500)
        await crew.findings()
    for number, other in enumerate(others):
        assert crew.end(other) == 0
        await _is_moved(stays, 4 + number)
    given = [set(told["partitions"]) for told in _told(stays, "partitions.assigned")]
    assert given[0] - given[1] - given[2] - given[3], "nothing was away so long"
    assert given[4] == given[0]
    await crew.load(500)
    found = await crew.findings()
    assert (found.events, found.first_difference) == (3_500, "none")
