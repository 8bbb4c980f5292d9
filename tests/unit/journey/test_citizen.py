"""What becomes of an entry: applied, duplicate, late or one too many."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.journey import Account
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Reason
from services.journey.domain.rules import Rules
from tests.builders import pseudonym, record
from tests.unit.journey.builders import (
    DAY,
    SECOND,
    World,
    day,
    name,
    progress,
    rejections,
    snapshots,
)


def event(ident: str, on: float, action: Action = Action.STARTED, **more: Any) -> TouchpointRecord:
    return record(ident, action=action, time=day(on), **more)


def account(world: World, clock: str = "live") -> Account:
    """The account that a tick tells, long before anything falls due."""
    told = world.tick(day(0)) if clock == "live" else world.tick(day(0), clock)
    return progress(told)[-1].account


def test_an_event_sent_twice_counts_once() -> None:
    world = World()
    world.send(event("a", 0))
    assert world.send(event("a", 0)) == []
    assert account(world) == Account(applied=1, duplicate=1)


def test_an_event_sent_twice_in_one_step_counts_once() -> None:
    world = World()
    world.send(event("a", 0), event("a", 0))
    assert account(world) == Account(applied=1, duplicate=1)


def test_the_same_id_from_another_source_is_another_event() -> None:
    world = World()
    world.send(event("a", 0), record("a", source="/phone", time=day(1), action="contacted"))
    assert account(world) == Account(applied=2)


def test_exactly_at_the_watermark_less_grace_an_event_is_on_time() -> None:
    world = World()
    world.tick(day(100))
    world.send(event("a", 40))
    assert list(world.journeys) == [name("a")]


def test_before_the_watermark_less_grace_an_event_is_late() -> None:
    world = World()
    world.tick(day(100))
    told = world.send(record("a", time=day(40) - SECOND))
    [refused] = rejections(told)
    assert (refused.reason, refused.source, refused.subject) == (
        Reason.LATE,
        "web",
        pseudonym("citizen"),
    )
    assert refused.origin is not None
    assert (refused.origin.partition, refused.origin.offset) == (0, 1)
    assert account(world).late == 1


def test_a_duplicate_that_comes_too_late_is_late() -> None:
    world = World()
    world.send(event("a", 0))
    world.tick(day(61))
    world.send(event("a", 0))
    assert account(world) == Account(applied=1, late=1)


def test_what_is_late_on_one_clock_is_on_time_on_another() -> None:
    world = World()
    world.tick(day(100))
    world.send(event("a", 0, clock="import"))
    assert list(world.journeys) == [name("a")]


def test_one_entry_too_many_is_rejected() -> None:
    world = World(replace(Rules({}), most_entries=3))
    told = world.send(*(event(f"e{n}", n) for n in range(4)))
    assert [r.reason for r in rejections(told)] == [Reason.TOO_MANY]
    assert account(world) == Account(applied=3, rejected={Reason.TOO_MANY: 1})


def test_a_duplicate_is_no_entry_too_many() -> None:
    world = World(replace(Rules({}), most_entries=1))
    world.send(event("a", 0), event("a", 0))
    assert account(world) == Account(applied=1, duplicate=1)


def test_two_thousand_entries_are_what_a_citizen_may_have() -> None:
    assert Rules({}).most_entries == 2_000


def test_services_and_clocks_of_one_citizen_are_apart() -> None:
    world = World()
    world.send(
        event("a", 0),
        event("b", 0, service="passport"),
        event("c", 0, clock="import"),
    )
    assert [j.entries for j in world.journeys.values()] == [1, 1, 1]
    assert world.state.live_citizens == 1


@pytest.mark.parametrize(
    ("kind", "identity"), [("citizen", "linked"), ("visitor", "partial"), ("case", "partial")]
)
def test_the_kind_of_key_tells_how_much_can_be_joined(kind: str, identity: str) -> None:
    world = World()
    world.send(event("a", 0, identity_kind=kind))
    assert world.journey.identity == identity


def test_a_step_tells_a_changed_journey_once() -> None:
    world = World()
    told = world.send(event("a", 0), event("b", 1, Action.SAVED), event("c", 2, Action.RESUMED))
    assert [(j.id, j.entries) for j in snapshots(told)] == [(name("a"), 3)]


def test_a_version_is_epoch_and_offset_of_the_record_that_caused_it() -> None:
    world = World(Rules({}, epoch=3))
    world.send(event("a", 0), event("b", 1, Action.SAVED))
    assert world.journey.version == 3 * 2**44 + 1


def test_only_journeys_that_changed_are_told() -> None:
    world = World()
    world.send(event("a", 0), event("b", 1, Action.COMPLETED), event("c", 5))
    told = snapshots(world.send(event("d", 6, Action.SAVED)))
    assert [j.id for j in told] == [name("c")]


def test_an_entry_shows_that_silence_has_ended_another_journey() -> None:
    world = World()
    world.send(event("a", 0, case=pseudonym("one")))
    told = snapshots(world.send(event("b", 200, case=pseudonym("other"))))
    assert [(j.id, j.outcome) for j in told] == [(name("a"), "expired"), (name("b"), "open")]


def test_a_final_journey_leaves_with_its_entries_and_is_remembered() -> None:
    world = World()
    world.send(event("a", 0), event("b", 1, Action.COMPLETED), event("c", 80))
    size = world.state.state_bytes
    world.tick(day(91) + SECOND)
    assert world.journeys[name("a")].status == "final"
    assert world.state.state_bytes < size
    world.send(event("d", 81, Action.COMPLETED), event("e", 82))
    predecessor = world.journeys[name("c")].predecessor
    assert predecessor is not None
    assert (predecessor.id, predecessor.ended) == (name("a"), day(1))


def test_when_all_is_forgotten_the_row_goes() -> None:
    world = World()
    world.send(event("a", 0), event("b", 1, Action.COMPLETED))
    world.tick(day(1) + 460 * DAY)
    assert world.state.live_citizens == 1
    world.tick(day(1) + 460 * DAY + SECOND)
    assert world.state.live_citizens == 0
    assert world.steps[-1].state == ((pseudonym("citizen").encode(), None),)
