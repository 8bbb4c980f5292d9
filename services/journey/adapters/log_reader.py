"""Reads one partition of a log from here to there, outside any group, a record batch at a time.

aiokafka's consumer makes a dataclass of each record, in Python: four times what it takes to read
one, and recovery is nothing but reading. So batches are asked for by aiokafka's client, and their
records are those of its C extension.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, Self

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    CorruptRecordException,
    KafkaError,
    LeaderNotAvailableError,
    NoError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.record.memory_records import MemoryRecords

from schemas.kafka_access import Kafka, client_options

_FETCH_BYTES = 4 * 2**20
_FETCH_WAIT_MILLISECONDS = 10
_NO_REPLICA = -1
_READ_UNCOMMITTED = 0
_EARLIEST, _LATEST = -2, -1
# Where an answer about a partition has these, in all versions since Kafka 0.10.1.
_ERROR, _OFFSET, _RECORDS = 1, 3, -1
_SECONDS_BETWEEN_TRIES = 0.1
_LONGEST_TRYING = 40.0  # as long as aiokafka waits for one answer


class Record(Protocol):
    """What is read of a record. A consumer's record is one as well."""

    @property
    def offset(self) -> int:
        """Its place in the log."""

    @property
    def key(self) -> Any:
        """Bytes, or None."""

    @property
    def value(self) -> Any:
        """Bytes; None is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Name and value of each."""


class Reader(Protocol):
    """What recovery reads with."""

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset there is, and the next one to be written."""

    def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[Sequence[Record]]:
        """The records from `start` up to but not including `end`, some at a time."""


OpenReader = Callable[[], AbstractAsyncContextManager[Reader]]


class LogReader:
    """A connection that is told what to read. All methods raise KafkaError when the cluster does
    not answer in time, or answers no.
    """

    def __init__(self, client: AIOKafkaClient) -> None:
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, kafka: Kafka) -> AsyncIterator[Self]:
        """Connect, and disconnect at the end."""
        client = AIOKafkaClient(**client_options(kafka))
        await client.bootstrap()
        # Its task must have begun before it may be closed, or `close` raises CancelledError.
        await asyncio.sleep(0)
        try:
            yield cls(client)
        finally:
            await client.close()

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset there is, and the next one to be written."""
        place = TopicPartition(topic, partition)
        return await self._offset(place, _EARLIEST), await self._offset(place, _LATEST)

    async def _offset(self, place: TopicPartition, which: int) -> int:
        asked = [(place.topic, [(place.partition, which)])]
        answer = await self._ask(place, OffsetRequest(_NO_REPLICA, _READ_UNCOMMITTED, asked))
        return int(answer[_OFFSET])

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[Sequence[Record]]:
        """The records from `start` up to but not including `end`, a batch at a time."""
        place = TopicPartition(topic, partition)
        while start < end:
            for batch in await self._fetch(place, start):
                records = [] if batch.is_control_batch else list(batch)
                if batch.base_offset < start or batch.next_offset > end:
                    records = [record for record in records if start <= record.offset < end]
                # The cleaner takes records out of a batch, and leaves it its length.
                start = batch.next_offset
                yield records
                if start >= end:
                    return

    async def _fetch(self, place: TopicPartition, start: int) -> Iterator[Any]:
        """The whole batches of one fetch; the first may begin before `start`."""
        wanted = [(place.topic, [(place.partition, start, _FETCH_BYTES)])]
        request = FetchRequest(_FETCH_WAIT_MILLISECONDS, 1, _FETCH_BYTES, _READ_UNCOMMITTED, wanted)
        answer = await self._ask(place, request)
        return _batches(MemoryRecords(answer[_RECORDS]), place)

    async def _ask(self, place: TopicPartition, request: Any) -> Sequence[Any]:
        """What the partition's leader answers about it; asked again while the cluster changes."""
        give_up_at = time.monotonic() + _LONGEST_TRYING
        while True:
            try:
                return await self._ask_once(place, request)
            except KafkaError as error:
                if not error.retriable or time.monotonic() > give_up_at:
                    raise
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            await self._client.force_metadata_update()

    async def _ask_once(self, place: TopicPartition, request: Any) -> Sequence[Any]:
        await self._client.add_topic(place.topic)
        leader = self._client.cluster.leader_for_partition(place)
        if leader is None or leader < 0:
            raise LeaderNotAvailableError(f"{place.topic}/{place.partition}")
        answered = await self._client.send(leader, request)
        ((_topic, (answer,)),) = answered.topics
        error = for_code(answer[_ERROR])
        if error is not NoError:
            raise error(f"{place.topic}/{place.partition}")
        return tuple(answer)


def _batches(fetched: MemoryRecords, place: TopicPartition) -> Iterator[Any]:
    while fetched.has_next():
        batch = fetched.next_batch()
        if not batch.validate_crc():
            where = f"{place.topic}/{place.partition}/{batch.base_offset}"
            raise CorruptRecordException(where)
        yield batch
