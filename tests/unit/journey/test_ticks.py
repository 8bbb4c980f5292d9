"""Ticks: only they move time, each clock its own, and a sweep goes on to its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.journey import Account, Progress
from schemas.vocabulary import Reason, RecordKind
from services.journey.domain import state
from services.journey.domain.partition import PartitionState, SourceRecord
from services.journey.domain.rules import Rules
from services.journey.domain.state import PersonRow
from tests.builders import pseudonym, record
from tests.unit.journey.builders import (
    DAY,
    SECOND,
    ZERO,
    World,
    day,
    progress,
    rejections,
    snapshots,
)

FEW = replace(Rules({}), most_swept=3)


def crowd(world: World, size: int, clock: str = "live") -> None:
    world.send(
        *(
            record(f"e{n}", subject=pseudonym(f"p{n}"), time=day(0) + n * SECOND, clock=clock)
            for n in range(size)
        )
    )


def test_event_times_do_not_move_time() -> None:
    world = World()
    world.send(record("a", action="started", time=day(0)))
    world.send(record("b", subject=pseudonym("other"), time=day(300)))
    assert [j.status for j in world.journeys.values()] == ["open", "open"]


def test_a_live_tick_has_the_time_the_broker_gave_it() -> None:
    world = World(partition=3)
    [told] = world.tick(day(5))
    assert (told.key, told.kind) == (b"progress/3/live", RecordKind.PROGRESS)
    assert progress([told]) == [
        Progress(partition=3, clock="live", watermark=day(5), applied=0, account=Account())
    ]


def test_a_named_clock_has_the_time_its_feeder_says() -> None:
    world = World()
    world.tick(day(5), "import")
    assert world.state.watermarks == {"import": day(5)}


def test_a_tick_moves_only_its_own_clock() -> None:
    world = World()
    world.send(record("a", time=day(0)), record("b", time=day(0), clock="import"))
    told = world.tick(day(31), "import")
    assert [(j.clock, j.status) for j in snapshots(told)] == [("import", "ended")]


def test_time_never_goes_back() -> None:
    world = World()
    world.tick(day(5))
    [said] = progress(world.tick(day(4)))
    assert said.watermark == day(5)


def test_every_tick_tells_the_progress_and_the_account() -> None:
    world = World()
    world.send(record("a"), record("a"))
    [said] = progress(world.tick(ZERO))
    assert (said.applied, said.account) == (2, Account(applied=1, duplicate=1))


def test_a_tick_closes_what_is_due_with_its_own_offset_as_version() -> None:
    world = World()
    world.send(record("a", action="started", time=day(0)))
    [ended] = snapshots(world.tick(day(31)))
    assert (ended.outcome, ended.version) == ("abandoned", 2**44 + 1)


def test_a_tick_that_finds_nothing_due_changes_no_row() -> None:
    world = World()
    world.send(record("a", time=day(0)))
    world.tick(day(30))
    assert world.steps[-1].state == ()


def test_the_last_tick_takes_every_journey_of_its_clock_to_final() -> None:
    world = World()
    world.send(
        record("a", time=day(0), action="submitted", clock="import"),
        record("b", time=day(0), action="submitted"),
    )
    told = world.tick(day(1), "import", last=True)
    assert [(j.clock, j.status, j.ended) for j in snapshots(told)] == [
        ("import", "final", day(365))
    ]
    [said] = progress(told)
    assert (said.last, said.watermark) == (True, day(1))
    assert world.state.live_citizens == 1


def test_after_the_last_tick_every_event_of_the_clock_is_late() -> None:
    world = World()
    world.tick(day(1), "import", last=True)
    told = world.send(record("a", time=day(400), clock="import"), record("b", time=day(0)))
    assert [r.reason for r in rejections(told)] == [Reason.LATE]


def test_what_arrives_after_the_last_tick_is_told_at_once_as_no_tick_will() -> None:
    world = World()
    world.tick(day(1), "import", last=True)
    told = world.send(record("a", time=day(400), clock="import"), record("b", time=day(0)))
    assert [(p.clock, p.account) for p in progress(told)] == [("import", Account(late=1))]


def test_after_a_restart_a_clock_that_had_its_last_tick_is_still_over() -> None:
    world = World()
    world.tick(day(1), "import", last=True)
    world.state = PartitionState.restore(0, world.state.rows())
    told = world.send(record("a", time=day(400), clock="import"))
    assert [r.reason for r in rejections(told)] == [Reason.LATE]


def test_a_large_sweep_is_cut_into_slices_that_leave_the_position_alone() -> None:
    world = World(FEW)
    crowd(world, 7)
    world.tick(day(31))
    slices = world.steps[1:]
    assert [(s.used, s.upto, len(s.state)) for s in slices] == [(0, 7, 3), (0, 7, 3), (1, 7, 1)]
    assert [s.position.offset for s in slices] == [6, 6, 7]
    assert [len(progress(s.outputs)) for s in slices] == [0, 0, 1]
    assert {j.version for s in slices for j in snapshots(s.outputs)} == {2**44 + 7}


def test_a_sweep_that_fits_exactly_is_one_step() -> None:
    world = World(FEW)
    crowd(world, 3)
    world.tick(day(31))
    assert [s.used for s in world.steps[1:]] == [1]


def test_a_worker_that_stops_between_two_slices_goes_on_where_it_was() -> None:
    straight, restarted = World(FEW), World(FEW)
    for world in (straight, restarted):
        crowd(world, 7)
    straight.tick(day(31))
    tick = restarted.tick_record(day(31))
    first = restarted.state.fold([tick], FEW)
    restarted.state.take(first)
    restarted.state = PartitionState.restore(0, restarted.state.rows())
    told = [*first.outputs, *restarted.apply([tick])]
    assert told == [o for s in straight.steps[1:] for o in s.outputs]
    assert restarted.state.rows() == straight.state.rows()


def test_the_last_tick_of_a_large_clock_ends_too() -> None:
    world = World(FEW)
    crowd(world, 10, "import")
    world.tick(day(1), "import", last=True)
    assert (world.state.live_citizens, world.state.deadlines) == (0, 0)
    assert world.state.applied == 10


def broken(world: World, who: str) -> bytes:
    """Make a citizen's row one that cannot be read, behind a deadline that can."""
    key = pseudonym(who).encode()
    rows = dict(world.state.rows())
    rows[key] = state.encode(PersonRow(state.decode_dues(rows[key]), b"broken"))
    world.state = PartitionState.restore(0, rows)
    return rows[key]


def test_a_citizen_whose_sweep_fails_is_left_as_it_is_and_tried_a_day_later() -> None:
    world = World()
    crowd(world, 2)
    row = broken(world, "p0")
    told = world.tick(day(31))
    [alarm] = world.steps[-1].alarms
    assert (alarm.happening, alarm.offset) == ("sweep.failed", 2)
    assert [j.pseudonym for j in snapshots(told)] == [pseudonym("p1")]
    assert world.state.row(pseudonym("p0").encode()) == row
    world.tick(day(31) + 23 * timedelta(hours=1))
    assert world.steps[-1].alarms == ()
    world.tick(day(31) + DAY + SECOND)
    assert len(world.steps[-1].alarms) == 1


def test_a_citizen_whose_sweep_fails_does_not_hold_up_the_last_tick() -> None:
    world = World(FEW)
    crowd(world, 5)
    rows = dict(world.state.rows())
    key = pseudonym("p0").encode()
    rows[key] = state.encode(PersonRow({"import": day(30)}, b"broken"))
    world.state = PartitionState.restore(0, rows)
    world.tick(day(1), "import", last=True)
    assert [len(s.alarms) for s in world.steps[1:]] == [1]


@pytest.mark.parametrize("value", [b"", b"{}", b'{"clock":"live","time":"2026-01-01T00:00:00Z"}'])
def test_a_tick_that_cannot_be_read_moves_nothing_and_raises_an_alarm(value: bytes) -> None:
    world = World()
    told = world.apply([SourceRecord(0, ZERO, None, value, RecordKind.TICK.value)])
    assert [r.reason for r in rejections(told)] == [Reason.CONTRACT_BROKEN]
    assert [a.happening for a in world.steps[-1].alarms] == ["tick.unreadable"]
    assert (world.state.applied, dict(world.state.watermarks)) == (0, {})
