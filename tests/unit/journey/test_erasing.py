"""What an erasure leaves of a person: nothing, and for 60 days the knowledge of that."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from schemas.codec import decode, encode
from schemas.control import Erasure
from schemas.erasure import ErasureReceipt
from schemas.topics import ERASURES, JOURNEYS
from schemas.vocabulary import Reason, RecordKind
from services.journey.domain.partition import Output, PartitionState, SourceRecord
from services.journey.domain.rules import Rules
from tests.builders import pseudonym, record
from tests.unit.journey.builders import (
    DEFAULT,
    ZERO,
    World,
    buckets,
    day,
    progress,
    rejections,
    snapshots,
)

ANN = pseudonym("ann")


def erase(
    world: World, subject: str, time: datetime, number: int = 0, *, objects: bool = False
) -> list[Output]:
    """Somebody asks for an erasure, and it is appended at the same moment."""
    asked = Erasure(id="er-1", number=number, subject=subject, time=time, objects=objects)
    world.next += 1
    made = SourceRecord(world.next - 1, time, None, encode(asked), RecordKind.ERASURE.value)
    return world.apply([made])


def receipt(outputs: list[Output]) -> ErasureReceipt:
    """The receipt among what was told."""
    [found] = [one for one in outputs if one.topic == ERASURES]
    assert found.kind == RecordKind.ERASURE_RECEIPT
    return decode(ErasureReceipt, found.value)


def test_nothing_is_held_of_somebody_who_was_erased() -> None:
    world = World(partition=3)
    world.send(record("a", subject=ANN), record("b", subject=pseudonym("bob")))
    erase(world, ANN, day(1))
    rows = world.state.rows()
    assert ANN.encode() not in rows
    assert pseudonym("bob").encode() in rows
    assert (world.state.live_citizens, world.state.deadlines) == (1, 1)


def test_each_journey_is_overwritten_and_says_nothing_of_whose_it_was() -> None:
    world = World()
    [before] = snapshots(world.send(record("a", subject=ANN, case=pseudonym("file"))))
    told = erase(world, ANN, day(1))
    [after] = snapshots(told)
    assert (after.id, after.erased) == (before.id, True)
    assert after.version > before.version
    assert after.revision == before.revision + 1
    assert (after.agency, after.service, after.clock) == (
        before.agency,
        before.service,
        before.clock,
    )
    assert after.opened == day(1)
    assert (after.entries, after.touchpoints, after.milestones, after.case) == (0, (), (), None)
    assert all(ANN.encode() not in one.value and ANN.encode() not in one.key for one in told)


def test_a_journey_that_is_only_remembered_is_overwritten_too() -> None:
    world = World()
    world.send(record("a", subject=ANN, action="completed"))
    world.tick(day(100))
    final = snapshots(world.outputs)[-1]
    assert final.status == "final"
    [gone] = snapshots(erase(world, ANN, day(101)))
    assert (gone.id, gone.erased) == (final.id, True)


def test_an_id_that_was_left_over_does_not_say_whose_it_was() -> None:
    world = World()
    world.send(record("b", subject=ANN, time=day(50)), record("c", subject=ANN, time=day(1)))
    told = world.send(record("d", subject=ANN, time=day(25)))
    left_over = [one for one in snapshots(told) if one.superseded_by is not None]
    assert len(left_over) == 1
    assert left_over[0].pseudonym != ANN


def test_events_from_before_do_not_come_back_and_are_counted() -> None:
    world = World()
    world.send(record("a", subject=ANN, time=ZERO))
    erase(world, ANN, day(1))
    told = world.send(record("a", subject=ANN, time=ZERO), record("b", subject=ANN, time=day(0.9)))
    assert (snapshots(told), rejections(told)) == ([], [])
    assert ANN.encode() not in world.state.rows()
    [said] = progress(world.tick(day(2)))
    assert said.account.rejected == {Reason.ERASED: 2}
    assert said.account.applied == 1


def test_events_from_then_on_begin_afresh() -> None:
    world = World()
    [before] = snapshots(world.send(record("a", subject=ANN, time=ZERO)))
    erase(world, ANN, day(1))
    [after] = snapshots(world.send(record("b", subject=ANN, time=day(1))))
    assert after.id != before.id
    assert (after.entries, after.predecessor) == (1, None)


@pytest.mark.parametrize(("days", "holds"), [(59, True), (61, False)])
def test_a_mark_is_kept_for_sixty_days(days: int, *, holds: bool) -> None:
    world = World()
    erase(world, ANN, day(1))
    world.tick(day(1 + days))
    marks = [key for key in world.state.rows() if ANN.encode() in key]
    assert bool(marks) is holds


def test_a_mark_outlives_the_longest_grace() -> None:
    patient = replace(DEFAULT, grace=timedelta(days=90))
    world = World(Rules({"slow": patient, "usual": DEFAULT}))
    erase(world, ANN, day(1))
    world.tick(day(90))
    told = world.send(record("a", subject=ANN, service="slow", time=day(0.5)), at=day(90))
    assert snapshots(told) == []


def test_a_restored_partition_knows_who_was_erased() -> None:
    world = World()
    erase(world, ANN, day(1))
    world.state = PartitionState.restore(0, world.state.rows())
    world.send(record("a", subject=ANN, time=ZERO))
    assert ANN.encode() not in world.state.rows()


def test_a_receipt_says_how_many_journeys_and_nothing_of_whom() -> None:
    world = World(partition=3)
    world.send(record("a", subject=ANN))
    told = erase(world, ANN, day(1), number=2)
    given = receipt(told)
    assert given == ErasureReceipt(id="er-1", number=2, partition=3, journeys=1, time=day(1))
    [key] = [one.key for one in told if one.topic == ERASURES]
    assert key == b"er-1.2/3"


def test_asked_for_again_it_finds_nothing_and_the_later_moment_holds() -> None:
    world = World()
    world.send(record("a", subject=ANN))
    erase(world, ANN, day(5))
    again = erase(world, ANN, day(2))
    assert receipt(again).journeys == 0
    assert not [one for one in again if one.topic == JOURNEYS]
    world.send(record("b", subject=ANN, time=day(3)))
    assert ANN.encode() not in world.state.rows()


def test_an_erasure_that_cannot_be_read_is_told_and_kept() -> None:
    world = World()
    unreadable = SourceRecord(0, ZERO, None, b"{}", RecordKind.ERASURE.value)
    step = world.state.fold([unreadable], world.rules)
    assert [alarm.happening for alarm in step.alarms] == ["erasure.unreadable"]
    [refused] = rejections(list(step.outputs))
    assert refused.reason == Reason.CONTRACT_BROKEN


def test_whoever_objects_is_counted_from_then_on_and_joined_to_nobody() -> None:
    world = World()
    world.send(record("a", subject=ANN, time=ZERO))
    [gone] = snapshots(erase(world, ANN, day(1), objects=True))
    told = world.send(record("b", subject=ANN, time=day(1)), record("c", subject=ANN, time=day(2)))
    assert gone.erased
    assert (snapshots(told), sum(sum(one.actions.values()) for one in buckets(told))) == ([], 2)
    assert ANN.encode() not in world.state.rows()
    assert all(ANN.encode() not in one.key + one.value for one in told)


def test_what_is_older_than_the_objection_is_dropped() -> None:
    world = World()
    erase(world, ANN, day(1), objects=True)
    told = world.send(record("a", subject=ANN, time=day(0.5)))
    assert (snapshots(told), buckets(told)) == ([], [])
    [said] = progress(world.tick(day(2)))
    assert said.account.rejected == {Reason.ERASED: 1}


def test_an_objection_stands_and_an_erasure_after_it_does_not_take_it_back() -> None:
    world = World()
    erase(world, ANN, day(1), objects=True)
    erase(world, ANN, day(2))
    world.tick(day(1_000))
    world.state = PartitionState.restore(0, world.state.rows())
    told = world.send(record("a", subject=ANN, time=day(1_000)), at=day(1_000))
    assert (snapshots(told), len(buckets(told))) == ([], 1)
