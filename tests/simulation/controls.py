"""The engine with one of its rules taken away: each of these must be found out."""

from collections.abc import Sequence

from aiokafka.producer.message_accumulator import BatchBuilder

from services.journey.adapters.owned_log import OwnedLog
from services.journey.domain.partition import SourceRecord
from services.journey.sessionise import Partition, Sessioniser
from tests.simulation.logs import Record


def always(_wanted: int, records: Sequence[Record]) -> Sequence[Record]:
    """No offset rule: believe what is delivered."""
    return records


class Unchecked(OwnedLog):
    """Nobody looks whether somebody else has written."""

    async def append(self, partition: int, batch: BatchBuilder, expected: int) -> int:  # noqa: ARG002
        count = int(batch.record_count())
        offset = await self._producer.append(self.topic, partition, batch)
        return (await self._end(partition) - count if offset < 0 else offset) + count


class StateFirst(Sessioniser):
    """The state log is written before the outputs."""

    async def step(self, partition: Partition, records: Sequence[SourceRecord]) -> int:
        step = partition.state.fold(records, self.rules)
        batch = self.state_log.batch(step, self.outputs.after(partition, step.outputs))
        if batch is None:
            return await self.step(partition, records[: len(records) // 2])
        await self.state_log.append(partition, batch)
        await self.outputs.publish(partition, step.outputs)
        partition.state.take(step, partition.next_output)
        return step.used
