"""Brings the memory of a partition up to what its logs say, and mends what a foreigner wrote."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.journey.adapters.log_reader import Reader, Record
from services.journey.adapters.output_repair import OutputRepair
from services.journey.adapters.state_log import Replay, StateLog
from services.journey.sessionise import Partition, State


class States(Protocol):
    """Makes memories; `PartitionState` is one."""

    def empty(self, partition: int) -> State:
        """A partition of which nothing is known."""

    def restore(self, partition: int, rows: Mapping[bytes, bytes]) -> State:
        """A partition as the rows of its log say."""


class RecoveryTelemetry(Protocol):
    """Who is told."""

    def reading(self) -> None:
        """Recovery reads on."""

    def recovered(self, partition: Partition, seconds: float, records: int) -> None:
        """A partition is ready."""

    def repaired(self, partition: int, topic: str, records: int) -> None:
        """So many records were written again over what somebody else had written."""


class StateRefused(Exception):
    """State and source do not belong together: no step may be made; the message says why."""


class StateLost(Exception):
    """Acknowledged state is gone: a new process begins again with what is left of it."""


@dataclass(frozen=True)
class Recovery:
    """Recovers one partition at a time. `source` is the topic whose offsets the state speaks of."""

    source: str
    epoch: int
    states: States
    state_log: StateLog
    outputs: OutputRepair
    telemetry: RecoveryTelemetry
    clock: Callable[[], float] = time.monotonic

    async def recover(self, partition: Partition, reader: Reader) -> int:
        """Read on from where this partition stands; returns the offset the source starts at.

        Raises StateRefused, StateLost, OutputsLost, or whatever reading and writing raise.
        """
        began = self.clock()
        reader = _Heard(reader, self.telemetry)
        replay = await self._replay(partition, reader)
        start = await self._checked_start(partition, reader)
        if replay.foreign:
            await self.state_log.rewrite(partition, sorted(replay.foreign))
            self.telemetry.repaired(partition.number, self.state_log.topic, len(replay.foreign))
        mended = await self.outputs.repair(partition, reader)
        if mended:
            self.telemetry.repaired(partition.number, self.outputs.topic, mended)
        self.telemetry.recovered(partition, self.clock() - began, replay.records)
        return start

    async def _replay(self, partition: Partition, reader: Reader) -> Replay:
        topic = self.state_log.topic
        first, end = await reader.bounds(topic, partition.number)
        if partition.next_state > end:
            # Memory would go on from rows that the log has lost, and write only what changes.
            where = f"{topic}/{partition.number}"
            raise StateLost(f"{where} reached {partition.next_state} before, but it ends at {end}")
        start = max(first, partition.next_state)
        # Copied only for something to be read into: after most rebalances there is nothing.
        known = partition.state.rows() if start < end else {}
        replay = Replay(known, partition.state.position.upto)
        async for records in reader.read(topic, partition.number, start, end):
            replay.read(records)
        partition.next_state = end
        if replay.records:
            partition.state = self.states.restore(partition.number, replay.rows)
        return replay

    async def _checked_start(self, partition: Partition, reader: Reader) -> int:
        start, end = await reader.bounds(self.source, partition.number)
        applied, epoch = partition.applied, partition.state.position.epoch
        where = f"{self.source}/{partition.number}"
        if applied >= 0 and epoch != self.epoch:
            raise StateRefused(f"state is of epoch {epoch}, but {where} is of epoch {self.epoch}")
        if applied >= end:
            raise StateRefused(f"state knows offset {applied}, but {where} ends at {end}")
        if applied >= 0 and start > applied + 1:
            raise StateRefused(f"{where} starts at {start}: {applied + 1} on were never read")
        return start


@dataclass(frozen=True)
class _Heard:
    """A reader whose every fetch is told: to read for long is not to stand still."""

    reader: Reader
    telemetry: RecoveryTelemetry

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        return await self.reader.bounds(topic, partition)

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[Sequence[Record]]:
        async for records in self.reader.read(topic, partition, start, end):
            self.telemetry.reading()
            yield records
