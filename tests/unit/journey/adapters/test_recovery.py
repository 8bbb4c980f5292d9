"""From the logs back to memory, on a Kafka in memory."""

import struct
from collections.abc import Collection, Sequence
from uuid import UUID

import pytest

from schemas.codec import encode
from schemas.journey import Account, JourneySnapshot, Progress
from schemas.topics import JOURNEYS, TOUCHPOINTS_REJECTED
from services.journey.adapters.output_repair import OutputRepair, OutputsLost
from services.journey.adapters.owned_log import OwnedLog
from services.journey.adapters.publisher import KafkaPublisher
from services.journey.adapters.recovery import Recovery, StateLost, StateRefused
from services.journey.adapters.state_log import StateLog, upto_of
from services.journey.domain import state
from services.journey.domain.partition import APPLIED, Output
from services.journey.domain.rules import first_version
from services.journey.domain.state import Position
from services.journey.sessionise import Partition, StateTooLarge
from tests.journey_worker.counting import CountingState, key_of, snapshot
from tests.journey_worker.memory_kafka import NOW, MemoryKafka

ANNE, BERT = key_of(1), key_of(2)


class World:
    """Logs as somebody left them, and a partition that knows nothing yet."""

    def __init__(
        self,
        source_end: int = 100,
        batch_bytes: int = 1_000,
        states: type[CountingState] = CountingState,
    ) -> None:
        self.kafka = MemoryKafka(batch_bytes)
        self.partition = Partition(0, CountingState.empty(0))
        self.repaired_topics: list[tuple[str, int]] = []
        self.fetches = 0
        for _ in range(source_end):
            self.kafka.put("source", b"k", b"v", [])
        journeys = OwnedLog("journeys", self.kafka, self.kafka.open)
        outputs = KafkaPublisher(journeys, {TOUCHPOINTS_REJECTED: "rejected"}, self.kafka)
        self.recovery = Recovery(
            source="source",
            epoch=1,
            states=states,
            state_log=StateLog(OwnedLog("state", self.kafka, self.kafka.open)),
            outputs=OutputRepair("journeys", outputs),
            telemetry=self,
            clock=lambda: 0.0,
        )

    def wrote(
        self, upto: int, next_output: int = 0, epoch: int = 1, **counts: bytes | None
    ) -> None:
        """A step that somebody wrote."""
        headers = [("upto", struct.pack(">q", upto))]
        for name, value in counts.items():
            self.kafka.put("state", {"anne": ANNE, "bert": BERT}[name], value, headers)
        position = Position(offset=upto, epoch=epoch, next_output=next_output)
        self.kafka.put("state", APPLIED, state.encode(position), headers)

    def swept(self, tick: int, anne: bytes | None) -> None:
        """A slice of a tick that somebody wrote: there is more to sweep."""
        headers = [("upto", struct.pack(">q", tick))]
        position = Position(offset=tick - 1, epoch=1, sweeping=tick)
        self.kafka.put("state", ANNE, anne, headers)
        self.kafka.put("state", APPLIED, state.encode(position), headers)

    def published(self, *outputs: Output) -> None:
        for output in outputs:
            self.kafka.put("journeys", output.key, output.value, [("kind", b"journey")])

    async def recover(self) -> int:
        return await self.recovery.recover(self.partition, self.kafka)

    @property
    def counts(self) -> dict[bytes, bytes]:
        return {key: row for key, row in self.partition.state.rows().items() if key != APPLIED}

    def progressed(self, applied: int) -> None:
        """Somebody said how far a clock is."""
        told = encode(
            Progress(
                partition=0,
                clock="import",
                watermark=NOW,
                last=True,
                applied=applied,
                account=Account(applied=applied),
            )
        )
        self.kafka.put("journeys", b"progress/0/import", told, [("kind", b"progress")])

    def journeys(self) -> list[bytes]:
        return [record.value or b"" for record in self.kafka.logs["journeys"]]

    def reading(self) -> None:
        self.fetches += 1

    def recovered(self, partition: Partition, seconds: float, records: int) -> None: ...
    def repaired(self, _partition: int, topic: str, records: int) -> None:
        self.repaired_topics.append((topic, records))


async def test_the_last_row_of_each_key_is_what_counts() -> None:
    world = World()
    world.wrote(9, anne=b"1 5", bert=b"1 9")
    world.wrote(20, anne=b"2 15")
    await world.recover()
    assert (world.partition.applied, world.counts) == (20, {ANNE: b"2 15", BERT: b"1 9"})


async def test_a_tombstone_takes_its_key_away() -> None:
    world = World()
    world.wrote(9, anne=b"1 5", bert=b"1 9")
    world.wrote(20, anne=None)
    await world.recover()
    assert world.counts == {BERT: b"1 9"}


async def test_without_state_a_partition_begins_where_its_source_does() -> None:
    world = World()
    world.kafka.starts["source"] = 40
    assert await world.recover() == 40


async def test_an_older_step_after_a_newer_one_changes_nothing_and_is_written_over() -> None:
    world = World()
    world.wrote(20, anne=b"2 15", bert=b"1 9")
    world.wrote(12, anne=b"1 5")
    await world.recover()
    assert (world.partition.applied, world.counts[ANNE]) == (20, b"2 15")
    assert [record.value for record in world.kafka.logs["state"] if record.key == ANNE] == [
        b"2 15",
        b"1 5",
        b"2 15",
    ]
    assert world.repaired_topics == [("state", 2)]


async def test_a_late_step_behind_a_slice_of_the_next_tick_brings_nothing_back() -> None:
    world = World()
    world.wrote(11, anne=b"1 5", bert=b"1 9")
    world.swept(12, anne=None)
    world.wrote(11, anne=b"1 5", bert=b"1 9")
    await world.recover()
    assert (world.partition.applied, world.counts) == (11, {BERT: b"1 9"})
    world.wrote(11, anne=b"1 5")
    await world.recover()
    assert world.counts == {BERT: b"1 9"}


async def test_what_is_mended_while_a_tick_is_swept_is_not_taken_for_foreign_later() -> None:
    world = World()
    world.swept(12, anne=None)
    world.wrote(11, anne=b"1 5")
    await world.recover()
    assert [upto_of(record) for record in world.kafka.logs["state"]] == [12, 12, 11, 11, 12, 12]


async def test_a_key_the_older_step_brought_back_is_taken_away_again() -> None:
    world = World()
    world.wrote(20, bert=b"1 9")
    world.wrote(12, anne=b"1 5")
    await world.recover()
    assert ANNE not in world.counts
    assert [record.value for record in world.kafka.logs["state"] if record.key == ANNE] == [
        b"1 5",
        None,
    ]


async def test_after_a_repair_the_last_record_of_applied_is_right_again() -> None:
    world = World()
    world.wrote(20, anne=b"2 15")
    world.wrote(12)
    await world.recover()
    last = [one.value for one in world.kafka.logs["state"] if one.key == APPLIED][-1]
    assert state.decode_position(last).offset == 20


async def test_a_second_recovery_reads_only_what_is_new() -> None:
    world = World()
    world.wrote(9, anne=b"1 5")
    await world.recover()
    world.kafka.actions.clear()
    world.wrote(20, anne=b"2 15")
    await world.recover()
    assert world.kafka.actions == ["read state from 2 to 4"]
    assert world.counts == {ANNE: b"2 15"}


async def test_what_one_owner_has_mended_the_next_does_not_mend_again() -> None:
    world = World()
    world.wrote(20, anne=b"2 15", bert=b"1 9")
    world.wrote(12, anne=b"1 5")
    await world.recover()
    mended = len(world.kafka.logs["state"])
    world.partition = Partition(0, CountingState.empty(0))
    await world.recover()
    assert (world.counts[ANNE], len(world.kafka.logs["state"])) == (b"2 15", mended)


async def test_memory_that_its_log_has_lost_is_not_gone_on_with() -> None:
    world = World()
    world.wrote(9, anne=b"1 5")
    world.wrote(20, anne=b"2 15")
    await world.recover()
    del world.kafka.logs["state"][2:]
    with pytest.raises(StateLost, match="state/0 reached 4 before, but it ends at 2"):
        await world.recover()


async def test_a_state_beyond_the_end_of_its_source_is_refused() -> None:
    world = World(source_end=10)
    world.wrote(10)
    with pytest.raises(StateRefused, match="state knows offset 10, but source/0 ends at 10"):
        await world.recover()


async def test_a_state_of_another_epoch_is_refused() -> None:
    world = World()
    world.wrote(10, epoch=2)
    with pytest.raises(StateRefused, match="state is of epoch 2, but source/0 is of epoch 1"):
        await world.recover()


async def test_records_that_retention_took_before_they_were_read_are_told() -> None:
    world = World()
    world.wrote(10)
    world.kafka.starts["source"] = 12
    with pytest.raises(StateRefused, match="source/0 starts at 12: 11 on were never read"):
        await world.recover()


async def test_an_older_journey_behind_the_last_step_is_published_again_as_it_is() -> None:
    world = World()
    world.published(snapshot(ANNE, 2, 15))
    world.wrote(20, next_output=1, anne=b"2 15")
    world.published(snapshot(ANNE, 1, 5))
    await world.recover()
    assert world.journeys()[-1] == snapshot(ANNE, 2, 15).value
    assert (world.partition.next_output, world.repaired_topics) == (3, [("journeys", 1)])


async def test_a_journey_of_an_older_epoch_behind_the_last_step_is_written_over() -> None:
    world = World()
    world.published(snapshot(ANNE, 2, 15))
    world.wrote(20, next_output=1, anne=b"2 15")
    older = JourneySnapshot.model_validate_json(snapshot(ANNE, 9, 0).value)
    version = first_version(0) + 90
    told = encode(older.model_copy(update={"version": version}))
    world.published(Output(JOURNEYS, str(older.id).encode(), told, "journey"))
    await world.recover()
    assert world.journeys()[-1] == snapshot(ANNE, 2, 15).value


async def test_a_journey_memory_knows_no_more_gets_its_newest_version_back() -> None:
    world = World()
    world.published(snapshot(ANNE, 1, 5), snapshot(ANNE, 2, 15))
    world.wrote(20, next_output=2)
    world.published(snapshot(ANNE, 1, 5))
    await world.recover()
    assert world.journeys()[-1] == snapshot(ANNE, 2, 15).value


async def test_outputs_of_ours_behind_those_of_a_state_that_was_ahead_are_mended() -> None:
    world = World()
    world.published(snapshot(ANNE, 2, 15), snapshot(ANNE, 1, 5))
    world.wrote(10, next_output=2, anne=b"1 5")
    await world.recover()
    world.wrote(15, next_output=1, anne=b"2 15")
    await world.recover()
    assert world.journeys()[2:] == [snapshot(ANNE, 2, 15).value]


async def test_an_older_progress_behind_the_last_step_gets_the_newest_back() -> None:
    world = World()
    world.progressed(15)
    world.wrote(20, next_output=1)
    world.progressed(5)
    await world.recover()
    assert world.journeys()[-1] == world.journeys()[0]
    assert world.repaired_topics == [("journeys", 1)]


async def test_a_record_that_cannot_be_read_stops_no_recovery() -> None:
    world = World()
    world.wrote(20, anne=b"2 15")
    world.kafka.put("journeys", b"key", b"{}", [("kind", b"journey")])
    await world.recover()
    assert (world.journeys(), world.partition.next_output) == ([b"{}"], 1)


async def test_each_fetch_of_a_long_search_for_a_version_is_told() -> None:
    world = World()
    world.published(*[snapshot(ANNE, count, count) for count in range(10)])
    world.wrote(20, next_output=10)
    world.published(snapshot(ANNE, 1, 5))
    await world.recover()
    assert world.fetches == 1 + 1 + 11  # the state, what lies behind it, and all journeys


class AskedForNothing(CountingState):
    """Its journeys are not to be looked through: that reads every row there is."""

    def republish(self, ids: Collection[UUID]) -> Sequence[Output]:
        raise AssertionError(f"asked for {ids}")


async def test_after_a_step_that_was_cut_short_no_row_is_searched() -> None:
    world = World(states=AskedForNothing)
    world.wrote(20, anne=b"2 15")
    world.published(snapshot(ANNE, 3, 25))
    await world.recover()
    assert world.partition.next_output == 1


async def test_outputs_that_are_gone_are_told() -> None:
    world = World()
    world.published(snapshot(ANNE, 2, 15))
    world.wrote(20, next_output=3, anne=b"2 15")
    with pytest.raises(OutputsLost, match="journeys/0 reached 3 before, but it ends at 1"):
        await world.recover()


async def test_rows_that_fit_no_batch_together_are_written_again_in_several() -> None:
    world = World(batch_bytes=122)
    world.wrote(20, anne=b"x" * 60, bert=b"y" * 60)
    world.wrote(12, anne=b"1 5", bert=b"1 5")
    await world.recover()
    assert [one.value for one in world.kafka.logs["state"] if one.key == BERT][-1] == b"y" * 60
    assert world.kafka.actions.count("append 2 to state") == 2


async def test_a_row_that_cannot_be_written_again_stops_the_recovery() -> None:
    world = World(batch_bytes=150)
    world.wrote(20, anne=b"x" * 200)
    world.wrote(12, anne=b"1 5")
    with pytest.raises(StateTooLarge, match="a row of state/0 cannot be written again"):
        await world.recover()


async def test_what_a_step_published_that_was_cut_short_is_left_to_be_written_again() -> None:
    world = World()
    world.published(snapshot(ANNE, 2, 15))
    world.wrote(20, next_output=1, anne=b"2 15")
    world.published(snapshot(ANNE, 3, 25))
    await world.recover()
    assert len(world.journeys()) == 2
    assert world.partition.next_output == 2
