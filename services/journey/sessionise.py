"""The use case: one step of a partition, in the one order that loses and doubles nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from services.journey.domain.partition import Output, SourceRecord, Step
from services.journey.domain.rules import Rules
from services.journey.domain.state import Position


class State(Protocol):
    """The journeys of one partition in memory. `fold` is pure; only `take` changes anything."""

    @property
    def position(self) -> Position:
        """How far it is, what became of the events, and the time of each clock."""

    @property
    def live_citizens(self) -> int:
        """For how many people something is kept."""

    @property
    def deadlines(self) -> int:
        """How many of them have something due."""

    @property
    def state_bytes(self) -> int:
        """What is kept, as encoded."""

    def fold(self, records: Sequence[SourceRecord], rules: Rules) -> Step:
        """What the first of `records` (the next ones of the log) change."""

    def take(self, step: Step, next_output: int | None = None) -> None:
        """Make a step part of the memory, once it is in the log."""

    def rows(self) -> Mapping[bytes, bytes]:
        """Everything, as the log has it."""

    def republish(self, journeys: Mapping[UUID, bytes]) -> Sequence[Output]:
        """These journeys, each with the key of whose it is, as they stand; those it does not know
        are left out.
        """


@dataclass
class Partition:
    """One partition as its owner holds it, with the next offsets of both logs it writes."""

    number: int
    state: State
    next_state: int = 0
    next_output: int = 0

    @property
    def applied(self) -> int:
        """Offset of the last record that is in the state; -1 when none is."""
        return self.state.position.offset


class Outputs(Protocol):
    """Where what a step says goes."""

    def after(self, partition: Partition, outputs: Sequence[Output]) -> int:
        """The next offset of `journeys.v1` once these are in it."""

    async def publish(self, partition: Partition, outputs: Sequence[Output]) -> None:
        """Returns when all are acknowledged."""


class StateLog(Protocol):
    """The log that decides what has happened."""

    def batch(self, step: Step, next_output: int) -> Any | None:
        """The step's state as one batch; None when it does not fit."""

    async def append(self, partition: Partition, batch: Any) -> None:
        """Returns when the batch is acknowledged, whole."""


class Telemetry(Protocol):
    """Who is told."""

    def stepped(self, partition: Partition, step: Step, seconds: float) -> None:
        """A step is in the log and in memory."""

    def oversize(self) -> None:
        """A step did not fit one batch."""


class StateTooLarge(Exception):
    """What one record changes does not fit one batch: nothing was written."""


@dataclass(frozen=True)
class Sessioniser:
    """Folds records into journeys: the state log is written after the outputs, memory last."""

    rules: Rules
    outputs: Outputs
    state_log: StateLog
    telemetry: Telemetry
    clock: Callable[[], float]

    async def step(self, partition: Partition, records: Sequence[SourceRecord]) -> int:
        """Make one step with the first of `records`; returns how many are done with.

        0 means that a tick is not swept to its end yet: come again with the same records. Whatever
        a port raises leaves memory as it was; the process must then end before it acknowledges.
        """
        began = self.clock()
        step, batch = self._fold(partition, records)
        await self.outputs.publish(partition, step.outputs)
        await self.state_log.append(partition, batch)
        partition.state.take(step, partition.next_output)
        self.telemetry.stepped(partition, step, self.clock() - began)
        return step.used

    def _fold(self, partition: Partition, records: Sequence[SourceRecord]) -> tuple[Step, Any]:
        """The largest step that fits one batch, halving what it is made of until it does."""
        rules = self.rules
        while True:
            step = partition.state.fold(records, rules)
            batch = self.state_log.batch(step, self.outputs.after(partition, step.outputs))
            if batch is not None:
                return step, batch
            self.telemetry.oversize()
            if len(records) == rules.most_swept == 1:
                raise StateTooLarge(f"record {records[0].offset} alone changes more than fits")
            records = records[: _half(len(records))]
            rules = replace(rules, most_swept=_half(rules.most_swept))


def _half(number: int) -> int:
    return max(1, number // 2)
