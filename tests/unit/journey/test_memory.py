"""Predecessors: which journey came before, as it stood when the later one opened."""

from datetime import datetime, timedelta

import pytest

from schemas.vocabulary import Action
from services.journey.domain.belonging import fold
from services.journey.domain.entries import Entry
from services.journey.domain.memory import Past, forgotten_after, remember, still_needed
from services.journey.domain.parts import Previous
from tests.unit.journey.builders import DAY, DEFAULT, SECOND, day, entry, folded, seen

OPENED = entry(Action.STARTED, day(0), 1)
COMPLETED = entry(Action.COMPLETED, day(1), 2)


def previous_of(opening: Entry, *before: Entry) -> Previous | None:
    return folded(*before, opening)[-1].previous


def remembered(*entries: Entry) -> Past:
    [journey] = folded(*entries)
    ended = seen(journey).ended
    assert ended is not None
    return remember(journey, ended)


def test_the_journey_that_ended_before_is_the_predecessor() -> None:
    resumed = entry(Action.RESUMED, day(0.5), 4, channel="mobile_app")
    found = previous_of(entry(Action.STARTED, day(2)), OPENED, resumed, COMPLETED)
    assert found == Previous(OPENED.uid, day(1), "mobile_app")


def test_a_journey_that_ended_at_the_same_instant_is_none() -> None:
    start = entry(Action.STARTED, day(1), 3, sequence=1)
    assert previous_of(start, OPENED, COMPLETED) is None


@pytest.mark.parametrize(("late", "is_named"), [(0 * SECOND, True), (SECOND, False)])
def test_a_predecessor_ended_at_most_four_hundred_days_before(
    late: timedelta,
    is_named: bool,  # noqa: FBT001 - a case of the table
) -> None:
    start = entry(Action.STARTED, day(401) + late, 3)
    assert (previous_of(start, OPENED, COMPLETED) is not None) is is_named


def test_the_one_that_ended_last_is_named() -> None:
    first = [entry(Action.STARTED, day(0), 1, case="a"), entry(Action.STARTED, day(1), 2, case="b")]
    ends = [
        entry(Action.COMPLETED, day(5), 3, case="a"),
        entry(Action.COMPLETED, day(4), 4, case="b"),
    ]
    found = previous_of(entry(Action.STARTED, day(6)), *first, *ends)
    assert found is not None
    assert found.id == first[0].uid


def test_a_journey_that_still_runs_is_nobodys_predecessor() -> None:
    running = entry(Action.STARTED, day(0), 1, case="a")
    assert previous_of(entry(Action.STARTED, day(1), case="b"), running) is None


def test_a_predecessor_is_told_as_it_stood_when_the_later_one_opened() -> None:
    call = entry(Action.CONTACTED, day(5), 9, channel="phone", case="a")
    before = [
        entry(Action.STARTED, day(0), 1, case="a"),
        entry(Action.COMPLETED, day(1), 2, case="a"),
    ]
    found = previous_of(entry(Action.STARTED, day(2), 3), *before)
    _, later = folded(*before, entry(Action.STARTED, day(2), 3), call)
    assert later.previous == found


def test_memory_names_the_same_predecessor_as_the_journey_itself() -> None:
    start = entry(Action.STARTED, day(2), 3)
    later, _ = fold([start], [remembered(OPENED, COMPLETED)], DEFAULT)
    assert later[0].previous == previous_of(start, OPENED, COMPLETED)


@pytest.mark.parametrize("opened", [day(35), day(50), day(70)])
def test_memory_knows_that_a_journey_was_reopened(opened: datetime) -> None:
    before = [
        entry(Action.STARTED, day(0), 1, case="a"),
        entry(Action.RESUMED, day(100), 2, case="a"),
        entry(Action.COMPLETED, day(101), 3, case="a"),
    ]
    start = entry(Action.STARTED, opened + 60 * DAY, 4, case="b")
    _, alive = folded(*before, start)
    again, _ = fold([start], [remembered(*before)], DEFAULT)
    assert again[0].previous == alive.previous


@pytest.mark.parametrize(
    ("opened", "is_alone"),
    [(day(0.5), False), (day(1), False), (day(1) + SECOND, True)],
    ids=["while the other runs", "at its end", "after it"],
)
def test_a_journey_is_alone_when_all_others_had_ended(opened: datetime, *, is_alone: bool) -> None:
    before = [
        entry(Action.STARTED, day(0), 1, case="a"),
        entry(Action.COMPLETED, day(1), 2, case="a"),
    ]
    later = entry(Action.STARTED, opened, 3, case="b")
    first, second = folded(*sorted([*before, later], key=lambda one: one.order))
    assert (first.alone, second.alone) == (True, is_alone)
    (remembering,), _ = fold([later], [remembered(*before)], DEFAULT)
    assert remembering.alone is is_alone


def test_memory_is_kept_for_recall_and_grace() -> None:
    past = remembered(OPENED, COMPLETED)
    assert forgotten_after(past, DEFAULT) == day(1 + 400 + 60)
    assert still_needed([past], [], day(461), DEFAULT) == [past]
    assert still_needed([past], [], day(461) + SECOND, DEFAULT) == []


def test_memory_is_kept_while_a_live_journey_may_name_it() -> None:
    past = remembered(OPENED, COMPLETED)
    live = folded(entry(Action.STARTED, day(300)))
    assert still_needed([past], live, day(600), DEFAULT) == [past]
