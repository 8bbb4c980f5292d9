"""What Faust delivers against what the log knows, on a Kafka in memory."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import pytest

from schemas.topics import TOUCHPOINTS_REJECTED
from services.journey.adapters.delivery import Delivery, Ports
from services.journey.adapters.faust_app import follow
from services.journey.adapters.offset_rule import HoleInTheLog
from services.journey.adapters.output_repair import OutputRepair
from services.journey.adapters.owned_log import ForeignWrite, OwnedLog
from services.journey.adapters.publisher import KafkaPublisher
from services.journey.adapters.recovery import Recovery
from services.journey.adapters.state_log import StateLog
from services.journey.domain.partition import SourceRecord, Step
from services.journey.domain.rules import Rules
from services.journey.sessionise import Sessioniser
from tests.journey_worker.counting import RULES, CountingState, key_of
from tests.journey_worker.memory_kafka import MemoryKafka


class Ended(Exception):
    """Stands for the end of the process."""


class PartitionedKafka(MemoryKafka):
    """Has a log for each partition; `held` appends to the state log wait until they may go on."""

    def __init__(self) -> None:
        super().__init__(batch_bytes=100_000)
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.held = 0
        self.may_read = asyncio.Event()
        self.may_read.set()

    async def append(self, topic: str, partition: int, batch: Any) -> int:
        if topic == "state":
            self.held += 1
            await self.may_go_on.wait()
            self.held -= 1
        return await super().append(_place(topic, partition), 0, batch)

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        await self.may_read.wait()
        return await super().bounds(_place(topic, partition), 0)

    def read(self, topic: str, partition: int, start: int, end: int) -> Any:
        return super().read(_place(topic, partition), 0, start, end)


def _place(topic: str, partition: int) -> str:
    return f"{topic}/{partition}" if partition else topic


class OneByOne(CountingState):
    """Makes a step of each record."""

    def fold(self, records: Sequence[SourceRecord], rules: Rules) -> Step:
        return super().fold(records[:1], rules)


class World:
    """A worker without Faust: it owns what it is told, and its tape says what it did."""

    def __init__(self, records: int = 0, states: type[CountingState] = CountingState) -> None:
        self.kafka = PartitionedKafka()
        self.actions = self.kafka.actions
        self.now = 0.0
        self.is_stopping = False
        for number in range(records):
            self.kafka.put("source", key_of(number % 3), b"v", [])
        state_log = StateLog(OwnedLog("state", self.kafka, self.kafka.open))
        journeys = OwnedLog("journeys", self.kafka, self.kafka.open)
        outputs = KafkaPublisher(journeys, {TOUCHPOINTS_REJECTED: "rejected"}, self.kafka)
        recovery = Recovery(
            source="source",
            epoch=RULES.epoch,
            states=states,
            state_log=state_log,
            outputs=OutputRepair("journeys", outputs),
            telemetry=self,
            clock=lambda: self.now,
        )
        ports = Ports(
            self.seek,
            self.kafka.open,
            self.end,
            lambda: self.is_stopping,
            self,
            lambda: self.now,
        )
        sessioniser = Sessioniser(RULES, outputs, state_log, self, lambda: self.now)
        self.delivery = Delivery(sessioniser, recovery, ports)

    async def own(self, *partitions: int) -> None:
        """Be assigned these and recover them."""
        self.delivery.assigned(partitions)
        await asyncio.gather(*(one.recovered.wait() for one in self.delivery.owned.values()))
        self.actions.clear()

    def records(self, start: int, end: int) -> Sequence[Any]:
        return self.kafka.logs["source"][start:end]

    async def seek(self, partition: int, offset: int) -> None:
        self.actions.append(f"seek {partition} to {offset}")

    def end(self, event: str, why: object) -> None:
        self.actions.append(f"end {event}: {why}")

    def chunk(self, records: int) -> None:
        self.actions.append(f"chunk of {records}")

    def dropped(self, partition: int, wanted: int, first: int, *, sought: bool) -> None: ...
    def assigned(self, partitions: Any) -> None: ...
    def reading(self) -> None: ...
    def recovered(self, partition: Any, seconds: float, records: int) -> None: ...
    def repaired(self, partition: int, topic: str, records: int) -> None: ...
    def stepped(self, partition: Any, step: Any, seconds: float) -> None: ...
    def oversize(self) -> None: ...


async def settled() -> None:
    """Returns when nobody can go on by himself."""
    for _ in range(50):
        await asyncio.sleep(0)


class Stream:
    """Faust's stream of chunks, as far as the agent uses it."""

    def __init__(self, world: World, *chunks: Sequence[Any], partitions: int = 1) -> None:
        self._world = world
        self._chunks = chunks
        self._partitions = partitions

    def noack(self) -> "Stream":
        return self

    async def events(self) -> Any:
        for number, chunk in enumerate(self._chunks):
            message = type("Message", (), {"partition": number % self._partitions})
            yield type("Event", (), {"message": message, "value": chunk})

    async def ack(self, event: Any) -> None:
        self._world.actions.append(f"acknowledge up to {event.value[-1].offset}")


async def test_a_chunk_is_acknowledged_last() -> None:
    world = World(records=4)
    await world.own(0)
    await follow(Stream(world, world.records(0, 4)), world.delivery)
    assert world.actions == [
        "chunk of 4",
        "append 3 to journeys",
        "append 4 to state",
        "acknowledge up to 3",
    ]


async def test_what_is_applied_already_is_skipped() -> None:
    world = World(records=6)
    await world.own(0)
    assert await world.delivery.handle(0, world.records(0, 4))
    world.actions.clear()
    assert await world.delivery.handle(0, world.records(2, 6))
    assert world.actions == ["chunk of 2", "append 2 to journeys", "append 3 to state"]


async def test_a_chunk_after_a_hole_is_dropped_and_faust_is_sent_back() -> None:
    world = World(records=6)
    await world.own(0)
    await follow(Stream(world, world.records(3, 6)), world.delivery)
    assert world.actions == ["seek 0 to 0"]


async def test_a_chunk_that_is_all_applied_is_acknowledged_and_sends_faust_forward() -> None:
    world = World(records=4)
    await world.own(0)
    await world.delivery.handle(0, world.records(0, 4))
    world.actions.clear()
    world.now = 1.0
    await follow(Stream(world, world.records(0, 2)), world.delivery)
    assert world.actions == ["seek 0 to 4", "acknowledge up to 1"]


async def test_faust_is_sent_back_at_most_every_half_second() -> None:
    world = World(records=6)
    await world.own(0)
    for world.now in (0.0, 0.3, 0.5, 0.6):
        await world.delivery.handle(0, world.records(3, 6))
    assert world.actions == ["seek 0 to 0", "seek 0 to 0"]


async def test_an_offset_that_cannot_be_had_ends_the_process_instead_of_asking_for_ever() -> None:
    world = World(records=6)
    await world.own(0)
    with contextlib.suppress(HoleInTheLog):
        for world.now in range(100):
            await world.delivery.handle(0, world.records(3, 6))
    assert world.actions == [
        *["seek 0 to 0"] * 20,
        "end step.failed: 0 cannot be had, only 3 after it",
    ]


async def test_seeks_that_led_to_a_step_are_forgotten() -> None:
    world = World(records=60)
    await world.own(0)
    for number in range(50):
        world.now = float(number)
        await world.delivery.handle(0, world.records(number + 1, number + 2))
        await world.delivery.handle(0, world.records(number, number + 1))
    assert not [action for action in world.actions if action.startswith("end")]


async def test_a_chunk_of_a_partition_that_is_not_ours_is_left_alone() -> None:
    world = World(records=2)
    await world.own()
    await follow(Stream(world, world.records(0, 2)), world.delivery)
    assert world.actions == []


async def test_a_failure_ends_the_process_before_the_acknowledgement() -> None:
    world = World(records=2)
    await world.own(0)
    world.kafka.put("state", b"foreign", b"0", [])
    with contextlib.suppress(ForeignWrite):
        await follow(Stream(world, world.records(0, 2)), world.delivery)
    assert world.actions == [
        "chunk of 2",
        "append 2 to journeys",
        "append 3 to state",
        "end step.failed: state/0: expected 0, got 1",
    ]


@pytest.mark.parametrize(("is_stopping", "ends"), [(False, 1), (True, 0)])
async def test_a_recovery_that_is_cut_off_ends_the_process_unless_it_is_stopping(
    ends: int, *, is_stopping: bool
) -> None:
    world = World()
    world.is_stopping = is_stopping
    world.kafka.fails_with = asyncio.CancelledError()
    world.delivery.assigned([0])
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    assert sum(action.startswith("end recovery.failed") for action in world.actions) == ends


async def test_a_stop_ends_the_recoveries_of_every_assignment() -> None:
    world = World()
    world.is_stopping = True
    world.kafka.may_read.clear()
    for partitions in ([0], [0, 1], [0]):
        world.delivery.assigned(partitions)
        await world.delivery.revoked()
    await settled()
    await world.delivery.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_worker_that_owned_nothing_recovers_what_it_is_given_later() -> None:
    world = World(records=2)
    await world.own()
    await world.own(0)
    assert await world.delivery.handle(0, world.records(0, 2))


async def test_a_chunk_waits_until_its_partition_has_recovered() -> None:
    world = World(records=2)
    world.delivery.assigned([0])
    assert not world.delivery.is_ready
    assert await world.delivery.handle(0, world.records(0, 2))
    assert world.delivery.is_ready


async def test_a_chunk_that_waits_for_a_partition_that_goes_elsewhere_is_let_go() -> None:
    world = World(records=2)
    await world.own(0)
    await world.delivery.revoked()
    waiting = asyncio.ensure_future(world.delivery.handle(0, world.records(0, 2)))
    await asyncio.sleep(0)
    world.delivery.assigned([])
    assert not await waiting
    assert world.actions == []


async def test_memory_survives_a_revoke_and_the_log_is_not_read_again() -> None:
    world = World(records=4)
    await world.own(0)
    await world.delivery.handle(0, world.records(0, 2))
    await world.delivery.revoked()
    await world.own(0)
    assert await world.delivery.handle(0, world.records(2, 4))
    assert [action for action in world.actions if action.startswith("read")] == []


async def test_a_revoke_waits_for_the_step_in_flight_and_lets_none_begin() -> None:
    world = World(records=4)
    await world.own(0)
    going = asyncio.ensure_future(world.delivery.handle(0, world.records(0, 2)))
    await asyncio.sleep(0)
    await world.delivery.revoked()
    assert going.done()
    world.actions.clear()
    late = asyncio.ensure_future(world.delivery.handle(0, world.records(2, 4)))
    await asyncio.sleep(0)
    assert (late.done(), world.actions) == (False, [])
    world.delivery.assigned([])
    assert not await late


async def test_chunks_of_different_partitions_are_in_flight_together() -> None:
    world = World(records=2)
    world.kafka.logs["source/1"] = world.kafka.logs["source"]
    await world.own(0, 1)
    world.kafka.may_go_on.clear()
    stream = Stream(world, world.records(0, 2), world.records(0, 2), partitions=2)
    following = asyncio.ensure_future(follow(stream, world.delivery))
    await settled()
    assert world.kafka.held == 2
    world.kafka.may_go_on.set()
    await following
    assert sorted(world.actions[-4:]) == [
        "acknowledge up to 1",
        "acknowledge up to 1",
        "append 3 to state",
        "append 3 to state/1",
    ]


async def test_a_partition_that_recovers_holds_up_no_other() -> None:
    world = World(records=2)
    world.kafka.logs["source/1"] = world.kafka.logs["source"]
    await world.own(0, 1)
    world.delivery.owned[0].recovered.clear()
    stream = Stream(world, world.records(0, 2), world.records(0, 2), partitions=2)
    following = asyncio.ensure_future(follow(stream, world.delivery))
    await settled()
    assert world.actions[-2:] == ["append 3 to state/1", "acknowledge up to 1"]
    assert "append 3 to state" not in world.actions
    following.cancel()
    await asyncio.wait([following])
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_chunks_of_one_partition_are_taken_in_order() -> None:
    world = World(records=4)
    await world.own(0)
    await follow(Stream(world, world.records(0, 2), world.records(2, 4)), world.delivery)
    assert [action for action in world.actions if action.startswith(("ack", "seek"))] == [
        "acknowledge up to 1",
        "acknowledge up to 3",
    ]


async def test_a_revoke_waits_for_the_steps_of_all_partitions() -> None:
    world = World(records=2)
    world.kafka.logs["source/1"] = world.kafka.logs["source"]
    await world.own(0, 1)
    world.kafka.may_go_on.clear()
    going = [
        asyncio.ensure_future(world.delivery.handle(number, world.records(0, 2)))
        for number in (0, 1)
    ]
    await settled()
    assert world.kafka.held == 2
    revoking = asyncio.ensure_future(world.delivery.revoked())
    await settled()
    assert not revoking.done()
    world.kafka.may_go_on.set()
    await revoking
    assert [one.partition.applied for one in world.delivery.owned.values()] == [1, 1]
    assert all([await one for one in going])


async def test_a_revoke_waits_for_one_step_and_not_for_the_rest_of_a_chunk() -> None:
    world = World(records=3, states=OneByOne)
    await world.own(0)
    world.kafka.may_go_on.clear()
    following = asyncio.ensure_future(follow(Stream(world, world.records(0, 3)), world.delivery))
    await settled()
    revoking = asyncio.ensure_future(world.delivery.revoked())
    await asyncio.sleep(0)
    world.kafka.may_go_on.set()
    await revoking
    await following
    assert world.actions == ["chunk of 3", "append 1 to journeys", "append 2 to state"]


async def test_what_another_owner_wrote_meanwhile_is_read_before_the_next_step() -> None:
    world = World(records=6)
    await world.own(0)
    await world.delivery.handle(0, world.records(0, 2))
    other = World()
    other.kafka.logs = world.kafka.logs
    await other.own(0)
    await other.delivery.handle(0, world.records(2, 4))
    await world.delivery.revoked()
    await world.own(0)
    assert await world.delivery.handle(0, world.records(4, 6))
    assert world.delivery.partitions[0].state.rows()[key_of(0)] == b"2 3"


async def test_a_worker_is_not_ready_before_it_was_assigned_anything() -> None:
    assert not World().delivery.is_ready
