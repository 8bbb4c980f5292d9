"""Steps of a partition: what they consume, what they change, and what stops them."""

from dataclasses import replace

import pytest

from schemas import topics
from schemas.codec import encode
from schemas.journey import Account
from schemas.vocabulary import Reason, RecordKind
from services.journey.domain.partition import (
    APPLIED,
    PartitionState,
    SourceRecord,
    UnknownControl,
)
from services.journey.domain.rules import Rules
from services.journey.domain.state import PersonRow
from services.journey.domain.state import encode as encode_row
from tests.builders import pseudonym, record
from tests.unit.journey.builders import ZERO, World, day, name, progress, rejections, snapshots


def test_nothing_is_applied_before_the_first_step() -> None:
    state = PartitionState.empty(2)
    assert (state.partition, state.applied, state.epoch, dict(state.rows())) == (2, -1, 0, {})


def test_a_step_needs_a_record() -> None:
    with pytest.raises(ValueError, match="at least one record"):
        PartitionState.empty(0).fold([], Rules({}))


def test_a_step_ends_before_a_tick() -> None:
    world = World()
    records = [*world.records(record("a"), record("b")), world.tick_record(day(9))]
    step = world.state.fold(records, world.rules)
    assert (step.used, step.upto) == (2, 1)


def test_a_tick_is_a_step_of_its_own() -> None:
    world = World()
    records = [world.tick_record(day(9)), *world.records(record("a"))]
    assert world.state.fold(records, world.rules).used == 1


def test_a_step_ends_at_a_thousand_records() -> None:
    world = World()
    records = world.records(*(record(f"e{n}", subject=pseudonym(str(n))) for n in range(1_001)))
    assert world.state.fold(records, world.rules).used == 1_000


def test_a_step_ends_before_one_key_has_more_events_in_it_than_fifty() -> None:
    world = World()
    events = [record(f"e{n}") for n in range(51)]
    events.insert(25, record("another", subject=pseudonym("other")))
    assert world.state.fold(world.records(*events), world.rules).used == 51


def test_a_step_ends_before_the_rows_it_touches_hold_more_than_fits() -> None:
    people = [pseudonym(name) for name in ("ann", "bob", "cyd")]
    world = World()
    world.send(*(record(f"first of {one}", subject=one) for one in people))
    ann, bob, _ = (len(world.state.rows()[one.encode()]) for one in people)
    rules = replace(world.rules, most_bytes=ann + bob)
    again = world.records(*(record(f"{n} of {one}", subject=one) for one in people for n in "12"))
    assert world.state.fold(again, rules).used == 4
    assert world.state.fold(again, replace(rules, most_bytes=1)).used == 2


def test_taking_a_step_moves_the_offset_and_the_rows() -> None:
    world = World()
    step = world.state.fold(world.records(record("a")), Rules({}, epoch=4))
    assert world.state.applied == -1
    world.state.take(step, next_output=7)
    assert (world.state.applied, world.state.epoch, world.state.next_output) == (0, 4, 7)
    key = pseudonym("citizen").encode()
    assert world.state.rows() == {key: dict(step.state)[key], APPLIED: step.applied_with(7)}


def test_a_step_that_is_taken_without_outputs_keeps_the_output_offset() -> None:
    world = World()
    world.state.take(world.state.fold(world.records(record("a")), world.rules), 7)
    step = world.state.fold(world.records(record("b")), world.rules)
    world.state.take(step)
    assert world.state.next_output == 7
    assert world.state.row(APPLIED) == step.applied == step.applied_with(7)


def test_a_restored_partition_knows_what_the_log_said() -> None:
    world = World(partition=5)
    world.send(record("a"), record("b", identity_kind="once", clock="demo"))
    world.tick(day(1))
    restored = PartitionState.restore(5, world.state.rows())
    assert restored.rows() == world.state.rows()
    assert (restored.partition, restored.position) == (5, world.state.position)
    assert (restored.live_citizens, restored.deadlines) == (1, 2)
    assert restored.state_bytes == world.state.state_bytes


@pytest.mark.parametrize("kind", ["surprise"])
def test_a_control_record_that_cannot_be_followed_stops_the_worker(kind: str) -> None:
    world = World()
    unknown = SourceRecord(1, ZERO, None, b"{}", kind)
    records = [*world.records(record("a")), unknown]
    assert world.state.fold(records, world.rules).used == 1
    with pytest.raises(UnknownControl, match=f"'{kind}' at offset 1"):
        world.state.fold([unknown], world.rules)


def test_what_breaks_the_contract_is_rejected_under_where_it_lay() -> None:
    world = World(partition=2)
    told = world.apply([SourceRecord(0, day(3), b"key", b'{"data": 1}')])
    [refused] = rejections(told)
    assert (refused.reason, refused.source, refused.at) == (
        Reason.CONTRACT_BROKEN,
        "journey",
        day(3),
    )
    assert refused.origin is not None
    assert refused.origin.model_dump() == {"topic": "touchpoints.v1", "partition": 2, "offset": 0}
    assert (told[0].topic, told[0].key) == (topics.TOUCHPOINTS_REJECTED, b"journey")
    world.next = 1
    [said] = progress(world.tick(day(3)))
    assert said.account == Account(rejected={Reason.CONTRACT_BROKEN: 1})


@pytest.mark.parametrize("value", [b"", b"\0", b"\xff\xfe", b"[]", b'{"specversion":"1.0"}'])
def test_no_bytes_can_stop_a_step(value: bytes) -> None:
    world = World()
    told = world.apply([SourceRecord(0, ZERO, b"key", value)])
    assert [r.reason for r in rejections(told)] == [Reason.CONTRACT_BROKEN]


def test_a_key_that_is_not_the_subject_breaks_the_contract() -> None:
    world = World()
    told = world.apply([SourceRecord(0, ZERO, b"somebody", encode(record("a")))])
    assert [r.detail for r in rejections(told)] == ["key: is not the subject of the event"]


def test_a_record_that_makes_the_fold_fail_is_rejected_alone_and_raises_an_alarm() -> None:
    world = World()
    endless = record("b", time="9999-12-31T00:00:00Z")
    told = world.send(record("a"), endless, record("c", action="started", time=day(6)))
    assert [r.reason for r in rejections(told)] == [Reason.INTERNAL]
    assert [j.entries for j in snapshots(told)] == [2]
    [alarm] = world.steps[-1].alarms
    assert (alarm.offset, alarm.happening, type(alarm.error)) == (1, "fold.failed", OverflowError)
    assert progress(world.tick(ZERO))[0].account == Account(
        applied=2, rejected={Reason.INTERNAL: 1}
    )


def test_an_unlinked_record_that_makes_the_fold_fail_is_rejected_alone() -> None:
    world = World()
    endless = record("b", identity_kind="once", time="9999-12-31T23:30:00Z")
    told = world.send(record("a"), endless)
    assert [r.reason for r in rejections(told)] == [Reason.INTERNAL]
    assert len(snapshots(told)) == 1


def test_snapshots_go_to_the_journeys_topic_under_their_id() -> None:
    world = World()
    [told] = world.send(record("a"))
    assert (told.topic, told.key, told.kind) == (
        topics.JOURNEYS,
        str(name("a")).encode(),
        RecordKind.JOURNEY,
    )


def test_journeys_can_be_told_again_as_they_were_told_last() -> None:
    world = World()
    world.send(record("a"), record("b", subject=pseudonym("somebody"), time=day(4)))
    world.tick(day(40))
    newest = {o.key: o for o in world.outputs if o.kind == RecordKind.JOURNEY}
    somebody, nobody = pseudonym("somebody").encode(), pseudonym("nobody").encode()
    asked = {name("b"): somebody, name("a"): somebody, name("unknown"): nobody}
    [again] = world.state.republish(asked)
    assert again == newest[again.key]
    assert again.key == str(name("b")).encode()


def test_to_tell_a_journey_again_only_the_row_of_whose_it_is_is_read() -> None:
    world = World()
    world.send(record("a"), record("b", subject=pseudonym("somebody")))
    somebody = pseudonym("somebody").encode()
    rows = {
        key: row if key in {somebody, APPLIED} else encode_row(PersonRow({}, b"broken"))
        for key, row in world.state.rows().items()
    }
    restored = PartitionState.restore(0, rows)
    assert len(restored.republish({name("b"): somebody})) == 1


def test_a_service_that_is_not_in_the_catalogue_is_measured_all_the_same() -> None:
    world = World(replace(Rules({}), epoch=1))
    world.send(record("a", service="brand-new"))
    assert world.journey.service == "brand-new"
