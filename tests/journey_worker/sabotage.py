"""The engine as it is, but for one part taken out, or made to stop at the worst moment.

Each of these wraps the start of a worker. What has a file `armed` stops or dies once for each time
that it is laid down: it is taken away at that moment, so whoever laid it down can wait for it.
"""

import math
import os
import signal
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from aiokafka import ConsumerRecord
from aiokafka.producer.message_accumulator import BatchBuilder

from schemas.topics import JOURNEY_STATE
from services.journey.adapters import faust_app, recovery
from services.journey.adapters.log_reader import Reader
from services.journey.adapters.output_repair import OutputRepair
from services.journey.adapters.producer import Answer, Producer
from services.journey.adapters.state_log import Replay, StateLog
from services.journey.domain.partition import SourceRecord
from services.journey.sessionise import Partition, Sessioniser
from tests.simulation.controls import Unchecked

_FINAL = b'"status":"final"'


@contextmanager
def freezing(armed: Path) -> Iterator[None]:
    """Between the outputs of a step and its state the process stops itself, until SIGCONT.

    Then it does not know that it stood still, as if its state had been with the network already:
    no watchdog ends it before the state lands, whoever owns the partition by then.
    """

    class Freezing(Producer):
        waits = 0

        async def append(self, topic: str, partition: int, batch: BatchBuilder) -> int:
            is_step = topic.startswith(JOURNEY_STATE) and batch.record_count() > 1
            # What waits for an answer already would be out of patience first.
            if is_step and not self.waits and is_taken(armed):
                self._watchdog.longest_gap = math.inf
                os.kill(os.getpid(), signal.SIGSTOP)
            return await super().append(topic, partition, batch)

        async def _in_time(self, answer: Awaitable[Answer]) -> Answer:
            self.waits += 1
            try:
                return await super()._in_time(answer)
            finally:
                self.waits -= 1

    with patch.object(faust_app, "Producer", Freezing):
        yield


@contextmanager
def dying(steps: int) -> Iterator[None]:
    """The process dies when so many steps are in the state log, before Kafka is told that the last
    of them is done with: its chunk is delivered again.
    """
    done = 0

    class Dying(StateLog):
        async def append(self, partition: Partition, batch: BatchBuilder) -> None:
            nonlocal done
            await super().append(partition, batch)
            done += 1
            if done == steps:
                os.kill(os.getpid(), signal.SIGKILL)

    with patch.object(faust_app, "StateLog", Dying):
        yield


@contextmanager
def state_first(armed: Path) -> Iterator[None]:
    """State before outputs; the process dies between the two when a journey has become final."""

    class StateFirst(Sessioniser):
        async def step(self, partition: Partition, records: Sequence[SourceRecord]) -> int:
            step = partition.state.fold(records, self.rules)
            batch = self.state_log.batch(step, partition.next_output)
            if batch is None:
                return await self.step(partition, records[: len(records) // 2])
            await self.state_log.append(partition, batch)
            if any(_FINAL in one.value for one in step.outputs) and is_taken(armed):
                os.kill(os.getpid(), signal.SIGKILL)
            await self.outputs.publish(partition, step.outputs)
            partition.state.take(step, partition.next_output)
            self.telemetry.stepped(partition, step, 0.0)
            return step.used

    with patch.object(faust_app, "Sessioniser", StateFirst):
        yield


@contextmanager
def without_foreign_write_check() -> Iterator[None]:
    """Nobody looks whether somebody else has written, and recovery believes what lies last."""

    class Believing(Replay):
        def read(self, record: ConsumerRecord) -> None:
            self._highest = -1
            super().read(record)

    async def unmended(repair: OutputRepair, partition: Partition, reader: Reader) -> int:
        _, partition.next_output = await reader.bounds(repair.topic, partition.number)
        return 0

    with (
        patch.object(faust_app, "OwnedLog", Unchecked),
        patch.object(recovery, "Replay", Believing),
        patch.object(OutputRepair, "repair", unmended),
    ):
        yield


def is_taken(armed: Path) -> bool:
    """Whether it was laid down; it is no more."""
    try:
        armed.unlink()
    except FileNotFoundError:
        return False
    return True
