"""Publishes what steps say: journeys to the citizen's partition, all else by its key."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from aiokafka.producer.message_accumulator import BatchBuilder

from schemas.topics import JOURNEYS
from services.journey.adapters.owned_log import OwnedLog
from services.journey.domain.partition import Output
from services.journey.sessionise import Partition


class Sender(Protocol):
    """What sends one record; `Producer` is one."""

    async def send(
        self, topic: str, key: bytes | None, value: bytes, partition: int | None, kind: str | None
    ) -> None:
        """Returns when it is acknowledged."""


class OutputTooLarge(Exception):
    """One output alone is larger than a batch may be."""


class KafkaPublisher:
    """Sends outputs and waits for all of them. `others` names the topics beside the journeys'."""

    def __init__(self, journeys: OwnedLog, others: Mapping[str, str], producer: Sender) -> None:
        self._journeys = journeys
        self._others = others
        self._producer = producer

    def after(self, partition: Partition, outputs: Sequence[Output]) -> int:
        """The next offset of `journeys.v1` once these are in it."""
        return partition.next_output + sum(output.topic == JOURNEYS for output in outputs)

    async def publish(self, partition: Partition, outputs: Sequence[Output]) -> None:
        """Returns when all are acknowledged. Raises ForeignWrite, PublishFailed or Frozen."""
        own = [output for output in outputs if output.topic == JOURNEYS]
        for batch in self._batches(own):
            partition.next_output = await self._journeys.append(
                partition.number, batch, partition.next_output
            )
        others = [output for output in outputs if output.topic != JOURNEYS]
        await asyncio.gather(*map(self._send, others))

    async def _send(self, output: Output) -> None:
        topic = self._others[output.topic]
        await self._producer.send(topic, output.key, output.value, None, output.kind)

    def _batches(self, outputs: Sequence[Output]) -> Iterator[BatchBuilder]:
        batch = self._journeys.batch()
        for output in outputs:
            if not _appended(batch, output):
                yield batch
                batch = self._journeys.batch()
                if not _appended(batch, output):
                    raise OutputTooLarge(f"{len(output.value)} bytes of kind {output.kind}")
        if batch.record_count():
            yield batch


def _appended(batch: BatchBuilder, output: Output) -> bool:
    headers = [("kind", output.kind.encode())] if output.kind else []
    added = batch.append(timestamp=None, key=output.key, value=output.value, headers=headers)
    return added is not None
