"""When and how a journey ends, and when it is closed and final."""

import pytest

from schemas.vocabulary import Action
from services.journey.domain.entries import Entry
from services.journey.domain.rules import FOREVER
from tests.unit.journey.builders import DAY, SECOND, by_agency, day, entry, folded, seen

CASE = "case-1"


def ends(*entries: Entry) -> tuple[float, str]:
    """The day on which the only journey has ended for ever, and how."""
    [journey] = folded(*entries)
    view = seen(journey)
    assert view.ended is not None
    return (view.ended - day(0)) / DAY, view.outcome


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
def test_an_ending_action_ends_the_journey_at_once(action: Action, outcome: str) -> None:
    assert ends(entry(Action.STARTED, day(0)), entry(action, day(2))) == (2, outcome)


@pytest.mark.parametrize("action", [Action.COMPLETED, Action.DECIDED])
def test_a_refusal_that_is_right_is_its_own_outcome(action: Action) -> None:
    refused = by_agency(action, day(2), outcome="negative_but_correct")
    assert ends(entry(Action.STARTED, day(0)), refused) == (2, "negative_but_correct")


def test_an_action_cannot_give_an_outcome_that_is_not_its_own() -> None:
    odd = entry(Action.FAILED, day(2), outcome="success")
    assert ends(entry(Action.STARTED, day(0)), odd) == (2, "error")


def test_the_first_ending_action_ends() -> None:
    entries = entry(Action.FAILED, day(2)), entry(Action.COMPLETED, day(3))
    assert ends(entry(Action.STARTED, day(0)), *entries) == (2, "error")


def test_a_started_journey_is_abandoned_after_the_gap() -> None:
    assert ends(entry(Action.STARTED, day(0))) == (30, "abandoned")


def test_a_journey_that_never_started_is_informed() -> None:
    assert ends(entry(Action.VISITED, day(0))) == (30, "informed")


@pytest.mark.parametrize("action", [Action.SAVED, Action.RESUMED])
def test_a_saved_run_expires_after_the_time_limit(action: Action) -> None:
    assert ends(entry(Action.STARTED, day(0)), entry(action, day(1))) == (91, "expired")


def test_a_journey_with_a_case_expires_after_the_time_limit() -> None:
    assert ends(entry(Action.STARTED, day(0), case=CASE)) == (90, "expired")


def test_a_submission_the_agency_gave_back_expires_after_the_time_limit() -> None:
    given_back = by_agency(Action.RETURNED, day(10))
    assert ends(entry(Action.SUBMITTED, day(0)), given_back) == (100, "expired")


def test_the_agency_is_overdue_after_the_decision_limit() -> None:
    assert ends(entry(Action.SUBMITTED, day(0))) == (365, "undecided")


def test_submitted_silent_for_fifty_days_and_decided_is_a_success() -> None:
    decided = by_agency(Action.DECIDED, day(50))
    assert ends(entry(Action.SUBMITTED, day(0)), decided) == (50, "success")


def test_silence_runs_from_the_citizens_last_act() -> None:
    assert ends(entry(Action.STARTED, day(0)), entry(Action.VISITED, day(20))) == (50, "abandoned")


def test_a_reminder_does_not_prolong_silence() -> None:
    reminder = by_agency(Action.CONTACTED, day(20))
    assert ends(entry(Action.STARTED, day(0)), reminder) == (30, "abandoned")


def test_a_chasing_call_does_not_prolong_the_agencys_limit() -> None:
    chasing = entry(Action.CONTACTED, day(200))
    assert ends(entry(Action.SUBMITTED, day(0)), chasing) == (365, "undecided")


def test_a_second_submission_does_not_prolong_the_agencys_limit() -> None:
    again = entry(Action.SUBMITTED, day(100))
    assert ends(entry(Action.SUBMITTED, day(0)), again) == (365, "undecided")


def test_a_submission_after_a_return_gives_the_agency_its_limit_anew() -> None:
    given_back, again = by_agency(Action.RETURNED, day(10)), entry(Action.SUBMITTED, day(20))
    assert ends(entry(Action.SUBMITTED, day(0)), given_back, again) == (385, "undecided")


def test_a_step_of_the_agency_changes_neither_turn_nor_outcome() -> None:
    step = by_agency(Action.PROCESSED, day(20))
    assert ends(entry(Action.STARTED, day(0)), step) == (30, "abandoned")
    assert ends(entry(Action.SUBMITTED, day(0)), step) == (365, "undecided")


def test_the_longest_duration_is_a_deadline_like_the_others() -> None:
    visits = [
        entry(Action.STARTED, day(0)),
        *(entry(Action.VISITED, day(29 * n)) for n in range(1, 26)),
    ]
    assert ends(*visits) == (730, "abandoned")


def test_at_its_deadline_a_journey_is_still_open() -> None:
    [journey] = folded(entry(Action.STARTED, day(0)))
    assert seen(journey, day(30)).status == "open"
    assert seen(journey, day(30) + SECOND)[:3] == (day(30), "abandoned", "ended")


def test_a_journey_is_closed_after_its_follow_up() -> None:
    [journey] = folded(entry(Action.STARTED, day(0)), entry(Action.COMPLETED, day(1)))
    assert (seen(journey, day(31)).status, seen(journey, day(31)).closed) == ("ended", None)
    assert seen(journey, day(31) + SECOND).status == "closed"
    assert seen(journey, day(31) + SECOND).closed == day(31)


def test_a_journey_with_a_case_is_closed_after_the_case_follow_up() -> None:
    [journey] = folded(
        entry(Action.STARTED, day(0), case=CASE), entry(Action.COMPLETED, day(1), case=CASE)
    )
    assert seen(journey, day(181)).status == "ended"
    assert seen(journey, day(181) + SECOND).status == "closed"


def test_a_journey_is_final_when_grace_has_passed_too() -> None:
    [journey] = folded(entry(Action.STARTED, day(0)), entry(Action.COMPLETED, day(1)))
    assert seen(journey, day(91)).status == "closed"
    assert seen(journey, day(91) + SECOND).status == "final"


def test_each_deadline_is_the_last_instant_of_how_a_journey_looks() -> None:
    [journey] = folded(entry(Action.STARTED, day(0)))
    dues = [seen(journey, day(n)).due for n in (0, 31, 61)]
    assert dues == [day(30), day(60), day(120)]
    assert seen(journey, FOREVER).status == "final"
