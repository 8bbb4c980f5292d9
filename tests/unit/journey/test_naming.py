"""Ids through re-folds, and what makes a change a revision."""

from typing import Any

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, RevisionReason
from tests.builders import pseudonym, record
from tests.unit.journey.builders import DAY, World, day, name, snapshots

CASE = pseudonym("case")


def event(ident: str, action: Action, on: float, **changes: Any) -> TouchpointRecord:
    return record(ident, action=action, time=day(on), **changes)


def test_a_journey_is_named_by_the_entry_that_opened_it() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0))
    assert world.journey.id == name("a")


def test_a_journey_keeps_its_published_id_when_an_earlier_entry_comes() -> None:
    world = World()
    world.send(event("b", Action.STARTED, 5))
    world.send(event("a", Action.VISITED, 0))
    assert (world.journey.id, world.journey.opened) == (name("b"), day(0))


def test_joined_journeys_keep_the_id_that_was_published_first() -> None:
    world = World()
    world.send(event("late", Action.VISITED, 50))
    world.send(event("early", Action.VISITED, 0))
    world.send(event("between", Action.VISITED, 25))
    assert world.journeys[name("late")].entries == 3
    assert world.journeys[name("early")].superseded_by == name("late")


def test_an_id_left_over_is_superseded_once() -> None:
    world = World()
    world.send(event("a", Action.VISITED, 0), event("c", Action.VISITED, 50))
    told = world.send(event("b", Action.VISITED, 25), event("d", Action.VISITED, 51))
    assert [j.id for j in snapshots(told) if j.superseded_by is not None] == [name("c")]
    assert snapshots(world.send(event("e", Action.VISITED, 52)))[0].superseded_by is None


def test_an_id_superseded_within_a_step_is_told_all_the_same() -> None:
    world = World()
    world.send(*(event(i, Action.VISITED, on) for i, on in (("a", 0), ("c", 50), ("b", 25))))
    assert {j.id: j.superseded_by for j in world.journeys.values()} == {
        name("a"): None,
        name("c"): name("a"),
    }


def test_a_split_names_the_new_journey_by_its_own_entry() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0), event("c", Action.VISITED, 5))
    world.send(event("b", Action.COMPLETED, 1))
    assert {j.id: j.entries for j in world.journeys.values()} == {name("a"): 2, name("c"): 1}


def test_a_predecessor_is_named_by_its_published_id() -> None:
    world = World()
    world.send(event("b", Action.STARTED, 1))
    world.send(event("a", Action.VISITED, 0), event("c", Action.COMPLETED, 2))
    world.send(event("d", Action.STARTED, 9))
    predecessor = world.journeys[name("d")].predecessor
    assert predecessor is not None
    assert predecessor.id == name("b")


def test_an_earlier_copy_of_an_event_takes_its_place_under_the_same_id() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 5))
    world.send(event("a", Action.STARTED, 3, uid=name("another")))
    assert (world.journey.id, world.journey.opened) == (name("a"), day(3))


def test_growth_and_deadlines_are_no_revisions() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0), event("b", Action.COMPLETED, 1))
    world.send(event("c", Action.FOLLOWED_UP, 2))
    world.tick(day(40))
    assert (world.journey.revision, world.journey.revision_reason) == (0, None)


def test_an_entry_that_is_not_the_newest_revises_an_ended_journey() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0), event("c", Action.COMPLETED, 5))
    world.send(event("b", Action.CONTACTED, 3))
    assert (world.journey.revision, world.journey.revision_reason) == (
        1,
        RevisionReason.LATE_ENTRY,
    )


def test_an_entry_that_is_not_the_newest_does_not_revise_a_running_journey() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0), event("c", Action.SAVED, 5))
    world.send(event("b", Action.CONTACTED, 3))
    assert (world.journey.revision, world.journey.revision_reason) == (0, None)


def test_a_journey_shown_as_ended_is_reopened_by_an_entry_from_before_its_deadline() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0))
    world.tick(day(31))
    assert world.journey.outcome == "abandoned"
    world.send(event("b", Action.SAVED, 29))
    assert (world.journey.outcome, world.journey.revision_reason) == (
        "open",
        RevisionReason.REOPENED,
    )


def test_a_resumption_after_silence_is_told_as_reopened() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0))
    world.tick(day(31))
    world.send(event("b", Action.RESUMED, 40))
    assert (world.journey.status, world.journey.revision_reason) == (
        "open",
        RevisionReason.REOPENED,
    )


def test_a_decision_that_corrects_the_outcome_is_told_as_decided() -> None:
    world = World()
    world.send(
        event("a", Action.SUBMITTED, 0, case=CASE), event("b", Action.COMPLETED, 1, case=CASE)
    )
    world.send(event("c", Action.DECIDED, 9, case=CASE, outcome="negative_but_correct"))
    assert (world.journey.outcome, world.journey.ended, world.journey.revision_reason) == (
        "negative_but_correct",
        day(1),
        RevisionReason.DECIDED,
    )


def test_the_next_ordinary_change_carries_no_reason_any_more() -> None:
    world = World()
    world.send(event("a", Action.STARTED, 0), event("c", Action.COMPLETED, 5))
    world.send(event("b", Action.CONTACTED, 3))
    world.tick(day(5) + 31 * DAY)
    assert (world.journey.status, world.journey.revision, world.journey.revision_reason) == (
        "closed",
        1,
        None,
    )
