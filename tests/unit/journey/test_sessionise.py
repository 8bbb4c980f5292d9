"""The order of a step, which is the whole promise."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.journey.domain.partition import Output, SourceRecord, Step
from services.journey.domain.rules import Rules
from services.journey.sessionise import Partition, Sessioniser, StateTooLarge
from tests.journey_worker.counting import RULES, CountingState, key_of

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def records(count: int, start: int = 0) -> list[SourceRecord]:
    return [
        SourceRecord(offset, NOW, key_of(offset % 3), b"") for offset in range(start, start + count)
    ]


@dataclass
class RecordingWorld:
    """Every port, one list of what was done; `fits` is how many rows a batch takes."""

    fits: int = 100
    actions: list[str] = field(default_factory=list)
    fails_at: str = ""

    def _act(self, action: str) -> None:
        if self.fails_at and action.startswith(self.fails_at):
            raise ConnectionError(action)
        self.actions.append(action)

    def after(self, partition: Partition, outputs: Sequence[Output]) -> int:
        return partition.next_output + len(outputs)

    async def publish(self, partition: Partition, outputs: Sequence[Output]) -> None:
        self._act(f"publish {len(outputs)}")
        partition.next_output += len(outputs)

    def batch(self, step: Step, next_output: int) -> Any | None:
        rows = len(step.state) + 1
        return (step.upto, next_output, rows) if rows <= self.fits else None

    async def append(self, partition: Partition, batch: Any) -> None:
        upto, next_output, rows = batch
        self._act(f"state {rows} upto {upto} next output {next_output}")
        partition.next_state += rows

    def stepped(self, _partition: Partition, step: Step, seconds: float) -> None:
        self._act(f"told {step.upto} in {seconds}")

    def oversize(self) -> None:
        self._act("oversize")


class TapedState(CountingState):
    """Says on the tape when it takes a step."""

    world: RecordingWorld

    def take(self, step: Step, next_output: int | None = None) -> None:
        self.world.actions.append(f"take {step.upto}")
        super().take(step, next_output)


def sessioniser_of(world: RecordingWorld) -> Sessioniser:
    return Sessioniser(RULES, world, world, world, clock=lambda: 0.0)


def partition_of(world: RecordingWorld) -> Partition:
    state = TapedState.empty(0)
    state.world = world
    return Partition(0, state)


async def test_a_step_publishes_then_writes_its_state_then_remembers() -> None:
    world = RecordingWorld()
    partition = partition_of(world)
    used = await sessioniser_of(world).step(partition, records(5))
    assert used == 5
    assert world.actions == [
        "publish 3",
        "state 4 upto 4 next output 3",
        "take 4",
        "told 4 in 0.0",
    ]


@pytest.mark.parametrize("failing", ["publish", "state"])
async def test_what_a_port_raises_leaves_the_memory_as_it_was(failing: str) -> None:
    world = RecordingWorld(fails_at=failing)
    partition = partition_of(world)
    with pytest.raises(ConnectionError):
        await sessioniser_of(world).step(partition, records(5))
    assert (partition.applied, partition.state.rows()) == (-1, {})


async def test_a_step_that_fits_no_batch_is_made_with_half_its_records() -> None:
    world = RecordingWorld(fits=3)
    partition = partition_of(world)
    assert await sessioniser_of(world).step(partition, records(5)) == 2
    assert world.actions == [
        "oversize",
        "publish 2",
        "state 3 upto 1 next output 2",
        "take 1",
        "told 1 in 0.0",
    ]


async def test_one_record_that_fits_no_batch_stops_before_anything_is_written() -> None:
    world = RecordingWorld(fits=1)
    with pytest.raises(StateTooLarge):
        await sessioniser_of(world).step(partition_of(world), records(4))
    assert set(world.actions) == {"oversize"}


class SweptState(TapedState):
    """One record, a tick, changes as many rows as may be swept at once."""

    def fold(self, records: Sequence[SourceRecord], rules: Rules) -> Step:
        step = super().fold(records, rules)
        rows = tuple((key_of(number), b"1 0") for number in range(rules.most_swept))
        return replace(step, state=rows, outputs=())


async def test_a_slice_of_a_sweep_that_fits_no_batch_is_made_with_half_its_citizens() -> None:
    world = RecordingWorld(fits=200)
    state = SweptState.empty(0)
    state.world = world
    await sessioniser_of(world).step(Partition(0, state), records(1))
    assert world.actions[:4] == [
        "oversize",  # 500 citizens
        "oversize",  # 250
        "publish 0",
        "state 126 upto 0 next output 0",
    ]


async def test_the_next_step_goes_on_from_what_was_remembered() -> None:
    world = RecordingWorld()
    partition = partition_of(world)
    sessioniser = sessioniser_of(world)
    await sessioniser.step(partition, records(3))
    await sessioniser.step(partition, records(3, start=3))
    assert partition.state.rows()[key_of(0)] == b"2 3"
    assert partition.state.position.next_output == 6
