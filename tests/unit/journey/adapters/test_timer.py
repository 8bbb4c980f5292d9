"""What happens every few seconds, and what when it cannot."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from services.journey.adapters.delivery import Owned
from services.journey.adapters.timer import Timer
from services.journey.sessionise import Partition
from tests.journey_worker.counting import CountingState


class World:
    """A worker with two partitions, one of which recovers; the tape says what the timer did."""

    def __init__(self, *, rebalancing: bool = False, fails_with: BaseException | None = None):
        self.actions: list[str] = []
        self.owned = {number: Owned(Partition(number, CountingState.empty(0))) for number in (0, 1)}
        self.partitions = [self.owned[0].partition]
        self._fails_with = fails_with
        own: Any = self
        consumer = SimpleNamespace(
            assignment=lambda: {("source", 0), ("source", 1)},
            highwater=lambda place: {0: 7, 1: None}[place.partition],
        )
        app: Any = SimpleNamespace(rebalancing=rebalancing, consumer=consumer)
        self.timer = Timer(app, "source", own, own, own)

    def observe(self, partitions: Collection[Partition], lags: Mapping[int, int]) -> None:
        numbers = [one.number for one in partitions]
        self.actions.append(f"observe {numbers} with lags {dict(lags)}")

    async def send(self, partitions: Iterable[int]) -> None:
        if self._fails_with is not None:
            raise self._fails_with
        self.actions.append(f"tick in {list(partitions)}")

    def fail(self, event: str, error: BaseException) -> None:
        self.actions.append(f"fail {event}: {error!r}")


async def test_time_goes_on_where_a_partition_has_recovered() -> None:
    world = World()
    await world.timer.run()
    assert world.actions == ["observe [0] with lags {0: 7, 1: 0}", "tick in [0]"]


async def test_while_partitions_move_no_time_is_sent() -> None:
    world = World(rebalancing=True)
    await world.timer.run()
    assert world.actions == ["observe [0] with lags {0: 7, 1: 0}"]


@pytest.mark.parametrize("error", [ConnectionError("no broker"), asyncio.CancelledError()])
async def test_a_tick_that_cannot_be_sent_is_a_failure_even_when_it_was_cut_off(
    error: BaseException,
) -> None:
    world = World(fails_with=error)
    with pytest.raises(type(error)):
        await world.timer.run()
    assert world.actions[-1] == f"fail tick.failed: {error!r}"
