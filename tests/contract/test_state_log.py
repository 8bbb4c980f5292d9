"""What the state log promises, asked of the Kafka in memory and of the real one alike."""

import struct
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from deploy.local.kafka import LocalKafka
from schemas.topics import JOURNEY_STATE
from services.journey.adapters.exit import end_process
from services.journey.adapters.log_reader import LogReader, OpenReader
from services.journey.adapters.owned_log import Appender, ForeignWrite, OwnedLog
from services.journey.adapters.producer import Producer
from services.journey.adapters.state_log import StateLog
from services.journey.adapters.watchdog import Watchdog
from services.journey.domain import state
from services.journey.domain.partition import APPLIED, Step
from services.journey.domain.state import Position
from services.journey.sessionise import Partition
from tests.journey_worker.counting import CountingState
from tests.journey_worker.memory_kafka import MemoryKafka
from tests.real import MakeTopic


@dataclass(frozen=True)
class Place:
    """Where a log lies, and how it is reached."""

    topic: str
    producer: Appender
    reader: OpenReader

    def state_log(self) -> StateLog:
        return StateLog(OwnedLog(self.topic, self.producer, self.reader))

    async def rows(self) -> list[tuple[int, bytes, bytes | None, int]]:
        """Offset, key, value and `upto` of everything in it."""
        async with self.reader() as reader:
            _, end = await reader.bounds(self.topic, 0)
            return [
                (one.offset, one.key, one.value, struct.unpack(">q", dict(one.headers)["upto"])[0])
                async for records in reader.read(self.topic, 0, 0, end)
                for one in records
            ]


@asynccontextmanager
async def _in_memory() -> AsyncIterator[Place]:
    kafka = MemoryKafka(batch_bytes=4 * 2**20)
    yield Place("state", kafka, kafka.open)


@asynccontextmanager
async def _real(bootstrap: str, topic: str) -> AsyncIterator[Place]:
    producer = Producer(bootstrap, 20.0, Watchdog(20.0, end_process))
    await producer.start()
    yield Place(topic, producer, partial(LogReader.open, bootstrap))
    await producer.stop()


@pytest.fixture(params=["memory", "real"])
def place(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Place]:
    """A log nobody wrote to yet. The real one only starts where it is asked for."""
    if request.param == "memory":
        return _in_memory()
    kafka: LocalKafka = request.getfixturevalue("kafka")
    make_topic: MakeTopic = request.getfixturevalue("make_topic")
    return _real(kafka.bootstrap, make_topic(JOURNEY_STATE, 1))


def step(upto: int, **rows: bytes | None) -> Step:
    state_rows = tuple((key.encode(), value) for key, value in rows.items())
    return Step(upto, state_rows, Position(offset=upto, epoch=1), (), upto)


def batch_of(log: StateLog, *, upto: int, **rows: bytes | None) -> Any:
    batch = log.batch(step(upto, **rows), next_output=upto)
    assert batch is not None
    return batch


def applied(upto: int) -> bytes:
    return state.encode(Position(offset=upto, epoch=1, next_output=upto))


def partition() -> Partition:
    return Partition(0, CountingState.empty(0))


async def test_a_step_is_in_the_log_with_applied_last_and_its_offset_on_every_record(
    place: AbstractAsyncContextManager[Place],
) -> None:
    async with place as own:
        log, owned = own.state_log(), partition()
        await log.append(owned, batch_of(log, upto=7, anne=b"1", bert=None))
        assert await own.rows() == [
            (0, b"anne", b"1", 7),
            (1, b"bert", None, 7),
            (2, APPLIED, applied(7), 7),
        ]
        assert owned.next_state == 3


async def test_steps_follow_each_other(place: AbstractAsyncContextManager[Place]) -> None:
    async with place as own:
        log, owned = own.state_log(), partition()
        for upto in (3, 5, 9):
            await log.append(owned, batch_of(log, upto=upto, anne=b"%d" % upto))
        assert [row[3] for row in await own.rows()] == [3, 3, 5, 5, 9, 9]
        assert owned.next_state == 6


async def test_a_write_of_somebody_else_is_found_out_at_the_next_step(
    place: AbstractAsyncContextManager[Place],
) -> None:
    async with place as own:
        log, owned, other = own.state_log(), partition(), partition()
        await log.append(owned, batch_of(log, upto=3, anne=b"1"))
        other.next_state = 2
        await log.append(other, batch_of(log, upto=2, anne=b"0"))
        with pytest.raises(ForeignWrite):
            await log.append(owned, batch_of(log, upto=5, anne=b"2"))


async def test_a_step_of_four_megabytes_fits_no_batch(
    place: AbstractAsyncContextManager[Place],
) -> None:
    async with place as own:
        large = {f"citizen{number}": b"x" * 2**20 for number in range(5)}
        assert own.state_log().batch(step(5, **large), 5) is None


async def test_three_megabytes_in_one_step_land_whole(
    place: AbstractAsyncContextManager[Place],
) -> None:
    async with place as own:
        log, owned = own.state_log(), partition()
        large = {f"citizen{number}": bytes(range(256)) * 1_200 for number in range(10)}
        await log.append(owned, batch_of(log, upto=10, **large))
        assert len(await own.rows()) == 11
