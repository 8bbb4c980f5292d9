"""Which journey an entry belongs to: every rule at its limit, within it and beyond it."""

from datetime import timedelta

import pytest

from schemas.vocabulary import Action, Initiator
from services.journey.domain.entries import Entry
from tests.unit.journey.builders import (
    DAY,
    MINUTE,
    SECOND,
    by_agency,
    day,
    entry,
    folded,
    members,
)

CASE = "case-1"
OTHER_CASE = "case-2"


def ids(*entries: Entry) -> list[list[int]]:
    return [[one.id for one in group] for group in members(*entries)]


def test_an_entry_exactly_at_the_gap_extends_the_journey() -> None:
    first, second = entry(Action.VISITED, day(0)), entry(Action.VISITED, day(30))
    assert ids(first, second) == [[first.id, second.id]]


def test_an_entry_just_inside_the_gap_extends_the_journey() -> None:
    first, second = entry(Action.VISITED, day(0)), entry(Action.VISITED, day(30) - SECOND, 2)
    assert ids(first, second) == [[first.id, second.id]]


def test_an_entry_just_after_the_gap_opens_another_journey() -> None:
    first, second = entry(Action.VISITED, day(0)), entry(Action.VISITED, day(30) + SECOND, 2)
    assert ids(first, second) == [[first.id], [second.id]]


def test_an_entry_between_two_journeys_joins_them() -> None:
    first, last = entry(Action.VISITED, day(0)), entry(Action.VISITED, day(50))
    between = entry(Action.VISITED, day(25))
    assert ids(first, last) == [[first.id], [last.id]]
    assert ids(first, last, between) == [[first.id, between.id, last.id]]


def test_the_same_event_under_two_identities_counts_once() -> None:
    own = entry(Action.VISITED, day(0), 1)
    copy = entry(Action.VISITED, day(1), 1, origin="visitor")
    assert ids(own, copy) == [[1]]


def test_different_cases_never_meet() -> None:
    one = entry(Action.SUBMITTED, day(0), 1, case=CASE)
    other = entry(Action.SUBMITTED, day(1), 2, case=OTHER_CASE)
    assert ids(one, other) == [[1], [2]]


def test_a_journey_without_a_case_takes_the_first_it_gets() -> None:
    [journey] = folded(entry(Action.VISITED, day(0)), entry(Action.SUBMITTED, day(1), case=CASE))
    assert journey.case == CASE


def test_the_same_case_comes_before_a_journey_without_one() -> None:
    own = entry(Action.STARTED, day(0), 1, case=CASE)
    other = entry(Action.STARTED, day(1), 2, case=OTHER_CASE)
    step = by_agency(Action.PROCESSED, day(2), ident=3, case=CASE)
    assert ids(own, other, step) == [[1, 3], [2]]


def test_the_same_case_comes_first_even_when_its_journey_has_ended() -> None:
    own = [
        entry(Action.SUBMITTED, day(0), 1, case=CASE),
        by_agency(Action.DECIDED, day(1), ident=2),
    ]
    running = entry(Action.STARTED, day(2), 3)
    late_step = by_agency(Action.PROCESSED, day(3), ident=4, case=CASE)
    assert ids(*own, running, late_step) == [[1, 2, 4], [3]]


def test_a_running_journey_comes_before_an_ended_one() -> None:
    ended = [entry(Action.STARTED, day(0), 1), entry(Action.COMPLETED, day(1), 2)]
    running = entry(Action.STARTED, day(2), 3)
    call = entry(Action.CONTACTED, day(3), 4)
    assert ids(*ended, running, call) == [[1, 2], [3, 4]]


def test_of_equals_the_journey_that_opened_last_is_taken() -> None:
    first = entry(Action.STARTED, day(0), 1, case=CASE)
    last = entry(Action.STARTED, day(1), 2, case=OTHER_CASE)
    call = entry(Action.CONTACTED, day(2), 3)
    assert ids(first, last, call) == [[1], [2, 3]]


@pytest.mark.parametrize(
    ("after", "joins"), [(30 * DAY, True), (30 * DAY - SECOND, True), (30 * DAY + SECOND, False)]
)
def test_an_ended_journey_accepts_a_call_within_its_follow_up(
    after: timedelta,
    joins: bool,  # noqa: FBT001 - a case of the table
) -> None:
    ended = [entry(Action.STARTED, day(0), 1), entry(Action.COMPLETED, day(1), 2)]
    call = entry(Action.CONTACTED, day(1) + after, 3)
    assert ids(*ended, call) == ([[1, 2, 3]] if joins else [[1, 2], [3]])


@pytest.mark.parametrize(
    ("after", "joins"), [(180 * DAY, True), (180 * DAY - SECOND, True), (180 * DAY + SECOND, False)]
)
def test_an_ended_journey_accepts_its_case_within_the_case_follow_up(
    after: timedelta,
    joins: bool,  # noqa: FBT001 - a case of the table
) -> None:
    ended = [entry(Action.SUBMITTED, day(0), 1, case=CASE), entry(Action.COMPLETED, day(1), 2)]
    step = by_agency(Action.PROCESSED, day(1) + after, ident=3, case=CASE)
    assert ids(*ended, step) == ([[1, 2, 3]] if joins else [[1, 2], [3]])


def test_an_ended_journey_with_a_case_follows_up_caselessly_for_the_shorter_time() -> None:
    ended = [entry(Action.SUBMITTED, day(0), 1, case=CASE), entry(Action.COMPLETED, day(1), 2)]
    call = entry(Action.CONTACTED, day(31) + SECOND, 3)
    assert ids(*ended, call) == [[1, 2], [3]]


@pytest.mark.parametrize("case", [None, CASE])
def test_an_ended_journey_never_accepts_a_start(case: str | None) -> None:
    ended = [
        entry(Action.SUBMITTED, day(0), 1, case=CASE),
        entry(Action.COMPLETED, day(1), 2, case=CASE),
    ]
    again = entry(Action.STARTED, day(1) + MINUTE, 3, case=case)
    assert ids(*ended, again) == [[1, 2], [3]]


@pytest.mark.parametrize("action", [Action.VISITED, Action.SAVED, Action.SUBMITTED])
def test_a_new_matter_opens_a_journey_after_the_visit_that_ended_one(action: Action) -> None:
    ended = [entry(Action.STARTED, day(0), 1), entry(Action.COMPLETED, day(1), 2)]
    assert ids(*ended, entry(action, day(1) + 29 * MINUTE, 3)) == [[1, 2, 3]]
    assert ids(*ended, entry(action, day(1) + 30 * MINUTE, 3)) == [[1, 2], [3]]


@pytest.mark.parametrize("action", [Action.VISITED, Action.SAVED, Action.SUBMITTED])
def test_what_would_be_a_new_matter_belongs_to_its_case(action: Action) -> None:
    ended = [
        entry(Action.SUBMITTED, day(0), 1, case=CASE),
        entry(Action.COMPLETED, day(1), 2, case=CASE),
    ]
    assert ids(*ended, entry(action, day(3), 3, case=CASE)) == [[1, 2, 3]]


@pytest.mark.parametrize("initiator", [Initiator.AGENCY, Initiator.SYSTEM])
def test_only_a_citizen_brings_a_new_matter(initiator: Initiator) -> None:
    ended = [entry(Action.STARTED, day(0), 1), entry(Action.COMPLETED, day(1), 2)]
    letter = entry(Action.VISITED, day(3), 3, initiator=initiator.value)
    assert ids(*ended, letter) == [[1, 2, 3]]


def test_a_case_that_comes_back_after_its_reach_opens_a_follow_on() -> None:
    first, second = folded(
        entry(Action.SUBMITTED, day(0), 1, case=CASE),
        by_agency(Action.DECIDED, day(1), ident=2, case=CASE),
        entry(Action.SUBMITTED, day(182), 3, case=CASE),
    )
    assert second.previous is not None
    assert second.previous.id == first.id


def test_what_attaches_after_the_end_changes_neither_end_nor_outcome() -> None:
    [journey] = folded(
        entry(Action.STARTED, day(0)),
        entry(Action.COMPLETED, day(1)),
        entry(Action.FAILED, day(2)),
        entry(Action.WITHDRAWN, day(3)),
    )
    assert (journey.ended, journey.outcome, journey.entries) == (day(1), "success", 4)


def test_a_later_decision_of_its_case_corrects_the_outcome_but_not_the_end() -> None:
    [journey] = folded(
        entry(Action.SUBMITTED, day(0), case=CASE),
        by_agency(Action.DECIDED, day(1), case=CASE),
        by_agency(Action.DECIDED, day(9), case=CASE, outcome="negative_but_correct"),
    )
    assert (journey.ended, journey.outcome) == (day(1), "negative_but_correct")
    assert journey.decided == day(1)


def test_a_later_decision_without_its_case_corrects_nothing() -> None:
    [journey] = folded(
        entry(Action.SUBMITTED, day(0), case=CASE),
        by_agency(Action.DECIDED, day(1), case=CASE),
        by_agency(Action.DECIDED, day(9), outcome="negative_but_correct"),
    )
    assert (journey.ended, journey.outcome) == (day(1), "success")


def test_a_journey_that_silence_ended_is_reopened_when_it_is_resumed() -> None:
    [journey] = folded(
        entry(Action.STARTED, day(0)),
        entry(Action.RESUMED, day(40)),
        entry(Action.COMPLETED, day(41)),
    )
    assert (journey.started, journey.ended, journey.outcome) == (day(0), day(41), "success")


def test_a_resumption_after_the_follow_up_opens_a_journey() -> None:
    assert len(folded(entry(Action.STARTED, day(0)), entry(Action.RESUMED, day(60)))) == 1
    assert len(folded(entry(Action.STARTED, day(0)), entry(Action.RESUMED, day(60) + SECOND))) == 2


@pytest.mark.parametrize("action", [Action.SUBMITTED, Action.RETURNED])
def test_its_case_reopens_a_journey_that_silence_ended(action: Action) -> None:
    [journey] = folded(entry(Action.STARTED, day(0), case=CASE), entry(action, day(100), case=CASE))
    assert (journey.ended, journey.outcome) == (None, "open")


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        (Action.COMPLETED, "success"),
        (Action.DECIDED, "success"),
        (Action.FAILED, "error"),
        (Action.WITHDRAWN, "withdrawn"),
        (Action.TRANSFERRED, "transferred"),
    ],
)
def test_an_ending_action_of_its_case_replaces_the_end_that_silence_made(
    action: Action, outcome: str
) -> None:
    [journey] = folded(
        entry(Action.STARTED, day(0), case=CASE), by_agency(action, day(100), case=CASE)
    )
    assert (journey.ended, journey.outcome) == (day(100), outcome)


def test_without_its_case_an_ending_action_does_not_undo_silence() -> None:
    [journey] = folded(entry(Action.STARTED, day(0)), entry(Action.COMPLETED, day(40)))
    assert (journey.ended, journey.outcome) == (day(30), "abandoned")


def test_nothing_reopens_a_journey_that_an_action_ended() -> None:
    [journey] = folded(
        entry(Action.SUBMITTED, day(0), case=CASE),
        entry(Action.WITHDRAWN, day(1), case=CASE),
        entry(Action.RESUMED, day(2), case=CASE),
        entry(Action.SUBMITTED, day(3), case=CASE),
        by_agency(Action.RETURNED, day(4), case=CASE),
    )
    assert (journey.ended, journey.outcome) == (day(1), "withdrawn")


def test_what_does_not_reopen_fixes_the_end_that_silence_made() -> None:
    [journey] = folded(entry(Action.STARTED, day(0)), entry(Action.CONTACTED, day(40), case=CASE))
    assert (journey.ended, journey.outcome, journey.case) == (day(30), "abandoned", CASE)
