"""The state log: each step is one record batch, which Kafka appends whole or not at all."""

import struct
from collections.abc import Iterable, Mapping, Sequence

from aiokafka.producer.message_accumulator import BatchBuilder

from services.journey.adapters.log_reader import Record
from services.journey.adapters.owned_log import OwnedLog
from services.journey.domain.partition import APPLIED, Step
from services.journey.sessionise import Partition, StateTooLarge

UPTO = "upto"
_NUMBER = struct.Struct(">q")
Row = tuple[bytes, bytes | None]


def upto_of(record: Record) -> int:
    """The last offset in the step that wrote a record; ValueError when it does not say."""
    for name, value in record.headers:
        if name == UPTO:
            return int(_NUMBER.unpack(value)[0])
    raise ValueError(f"the record at offset {record.offset} has no header {UPTO}")


class StateLog:
    """Writes steps; every batch ends with the reserved record `applied`."""

    def __init__(self, log: OwnedLog) -> None:
        self.topic = log.topic
        self._log = log

    def batch(self, step: Step, next_output: int) -> BatchBuilder | None:
        """The step's state as one batch; None when it does not fit."""
        return self._filled([*step.state, (APPLIED, step.applied_with(next_output))], step.upto)

    async def append(self, partition: Partition, batch: BatchBuilder) -> None:
        """Returns when the batch is acknowledged. Raises as OwnedLog.append does."""
        partition.next_state = await self._log.append(partition.number, batch, partition.next_state)

    async def rewrite(self, partition: Partition, keys: Sequence[bytes]) -> None:
        """Write these keys again as memory has them, over what a foreigner wrote.

        Raises StateTooLarge when one of them fits no batch, and as OwnedLog.append does.
        """
        rows = partition.state.rows()
        wanted: list[Row] = [(key, rows.get(key)) for key in keys if key != APPLIED]
        upto = partition.state.position.upto
        batch = self._filled([*wanted, (APPLIED, rows[APPLIED])], upto)
        if batch is not None:
            await self.append(partition, batch)
        elif len(keys) == 1:
            raise StateTooLarge(f"a row of {self.topic}/{partition.number} cannot be written again")
        else:
            middle = len(keys) // 2
            await self.rewrite(partition, keys[:middle])
            await self.rewrite(partition, keys[middle:])

    def _filled(self, rows: Iterable[Row], upto: int) -> BatchBuilder | None:
        batch = self._log.batch()
        headers = [(UPTO, _NUMBER.pack(upto))]
        for key, value in rows:
            if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
                return None
        return batch


class Replay:
    """What the records of a state log come to, read in order.

    `rows` is what is known already, up to `upto`. A record with a lower `upto` than one before
    it was written by somebody who no longer owned the partition: it changes nothing, and its key
    is remembered in `foreign` until the owner has written it again.
    """

    def __init__(self, rows: Mapping[bytes, bytes], upto: int) -> None:
        self.rows = dict(rows)
        self.foreign: set[bytes] = set()
        self.records = 0
        self._highest = upto

    def read(self, records: Sequence[Record]) -> None:
        """Take the next records in. One short loop: recovery is as long as this takes."""
        rows, foreign, highest = self.rows, self.foreign, self._highest
        headers: object = None
        upto = highest
        for record in records:
            # All records of a step have the same: it is looked into once.
            if record.headers != headers:
                headers = record.headers
                upto = upto_of(record)
            key, value = record.key, record.value
            if upto < highest:
                foreign.add(key)
                continue
            highest = upto
            if foreign:
                foreign.discard(key)
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value
        self._highest = highest
        self.records += len(records)
