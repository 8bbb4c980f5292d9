"""The oracle itself, on cases worked out by hand."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.catalogue import Windows
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Channel, Initiator, Outcome, Stage
from tests.builders import DAY, MINUTE, ORIGIN, pseudonym, record
from tests.oracle.journeys import Account, Journey, accounts, journeys_of

WINDOWS = Windows()
CASE = pseudonym("case")
OTHER_CASE = pseudonym("other case")


def event(when: timedelta, action: str, **changes: Any) -> TouchpointRecord:
    """What happened `when` after the first day's morning; its id says both."""
    ident = f"{action} {when.total_seconds()}"
    ordinary: dict[str, Any] = {"ident": ident, "time": ORIGIN + when, "action": action}
    return record(**(ordinary | changes))


def agency(when: timedelta, action: str, **changes: Any) -> TouchpointRecord:
    ordinary: dict[str, Any] = {"initiator": Initiator.AGENCY}
    return event(when, action, **(ordinary | changes))


def told(*events: TouchpointRecord, windows: Windows = WINDOWS) -> list[tuple[str, float, int]]:
    """Outcome, day of the end and number of events of each journey."""
    return [(j.outcome.value, _day(j), len(j.events)) for j in journeys_of(events, windows)]


def _day(journey: Journey) -> float:
    return (journey.ended - ORIGIN) / DAY


def test_a_visit_alone_informs_and_ends_when_the_gap_is_over() -> None:
    assert told(event(0 * DAY, "visited")) == [("informed", 30, 1)]


def test_a_started_journey_that_falls_silent_is_abandoned_at_the_gap() -> None:
    assert told(event(0 * DAY, "started"), event(1 * DAY, "visited")) == [("abandoned", 31, 2)]


def test_an_event_exactly_at_the_gap_extends_the_journey() -> None:
    assert told(event(0 * DAY, "visited"), event(30 * DAY, "visited")) == [("informed", 60, 2)]


def test_a_visit_just_after_the_gap_opens_another_journey() -> None:
    late = 30 * DAY + timedelta(microseconds=1)
    assert [n for _, _, n in told(event(0 * DAY, "visited"), event(late, "visited"))] == [1, 1]


@pytest.mark.parametrize("action", ["saved", "resumed"])
def test_a_kept_run_has_the_time_limit_and_expires(action: str) -> None:
    assert told(event(0 * DAY, "started"), event(1 * DAY, action)) == [("expired", 91, 2)]


def test_a_case_gives_the_citizen_the_time_limit() -> None:
    assert told(event(0 * DAY, "started", case=CASE)) == [("expired", 90, 1)]


def test_a_case_that_never_started_still_ends_as_informed() -> None:
    assert told(event(0 * DAY, "visited", case=CASE)) == [("informed", 90, 1)]


def test_after_submitting_it_is_the_agencys_turn_for_the_decision_limit() -> None:
    assert told(event(5 * DAY, "submitted")) == [("undecided", 370, 1)]


def test_a_chasing_call_does_not_move_the_agencys_limit() -> None:
    calls = [event(n * DAY, "contacted") for n in (40, 200)]
    assert told(event(0 * DAY, "submitted"), *calls) == [("undecided", 365, 3)]


def test_a_second_submission_does_not_move_the_agencys_limit() -> None:
    assert told(event(0 * DAY, "submitted"), event(9 * DAY, "submitted")) == [("undecided", 365, 2)]


def test_returned_gives_the_citizen_the_turn_and_the_time_limit() -> None:
    assert told(event(0 * DAY, "submitted"), agency(50 * DAY, "returned")) == [("expired", 140, 2)]


def test_a_submission_after_returned_gives_the_agency_a_new_limit() -> None:
    events = [
        event(0 * DAY, "submitted"),
        agency(50 * DAY, "returned"),
        event(60 * DAY, "submitted"),
    ]
    assert told(*events) == [("undecided", 425, 3)]


def test_a_reminder_does_not_move_the_citizens_silence() -> None:
    assert told(event(0 * DAY, "started"), agency(20 * DAY, "followed_up")) == [
        ("abandoned", 30, 2)
    ]


def test_a_processed_step_changes_neither_turn_nor_outcome() -> None:
    events = [event(0 * DAY, "submitted"), agency(9 * DAY, "processed")]
    assert told(*events) == [("undecided", 365, 2)]


def test_submitted_silent_for_fifty_days_then_decided_is_a_success() -> None:
    [journey] = journeys_of([event(0 * DAY, "submitted"), agency(50 * DAY, "decided")], WINDOWS)
    assert journey.outcome is Outcome.SUCCESS
    assert journey.submitted == ORIGIN
    assert journey.decided == journey.ended == ORIGIN + 50 * DAY


@pytest.mark.parametrize(
    ("action", "said", "outcome"),
    [
        ("completed", None, "success"),
        ("completed", "negative_but_correct", "negative_but_correct"),
        ("decided", None, "success"),
        ("decided", "negative_but_correct", "negative_but_correct"),
        ("failed", None, "error"),
        ("withdrawn", None, "withdrawn"),
        ("transferred", None, "transferred"),
    ],
)
def test_an_ending_action_ends_with_its_outcome(
    action: str, said: str | None, outcome: str
) -> None:
    assert told(event(0 * DAY, "started"), event(1 * DAY, action, outcome=said)) == [
        (outcome, 1, 2)
    ]


def test_the_first_ending_action_ends() -> None:
    events = [event(0 * DAY, "started"), event(1 * DAY, "failed"), event(2 * DAY, "completed")]
    assert told(*events) == [("error", 1, 3)]


def test_a_later_decision_of_its_case_corrects_the_outcome_but_not_the_end() -> None:
    events = [
        event(0 * DAY, "submitted", case=CASE),
        agency(9 * DAY, "decided", case=CASE),
        agency(60 * DAY, "decided", case=CASE, outcome="negative_but_correct"),
    ]
    assert told(*events) == [("negative_but_correct", 9, 3)]


def test_a_later_decision_without_a_case_corrects_nothing() -> None:
    events = [
        event(0 * DAY, "submitted"),
        agency(9 * DAY, "decided"),
        agency(20 * DAY, "decided", outcome="negative_but_correct"),
    ]
    assert told(*events) == [("success", 9, 3)]


def test_what_comes_within_the_follow_up_attaches_and_changes_nothing() -> None:
    events = [
        event(0 * DAY, "started"),
        event(1 * DAY, "completed"),
        event(31 * DAY, "contacted"),
    ]
    assert told(*events) == [("success", 1, 3)]


def test_what_comes_after_the_follow_up_opens_another_journey() -> None:
    events = [
        event(0 * DAY, "started"),
        event(1 * DAY, "completed"),
        event(31 * DAY + MINUTE, "contacted"),
    ]
    assert [n for _, _, n in told(*events)] == [2, 1]


def test_its_own_case_attaches_for_the_longer_follow_up() -> None:
    ended = [event(0 * DAY, "submitted", case=CASE), agency(1 * DAY, "decided", case=CASE)]
    assert told(*ended, event(181 * DAY, "contacted", case=CASE)) == [("success", 1, 3)]
    assert len(told(*ended, event(181 * DAY + MINUTE, "contacted", case=CASE))) == 2


def test_a_start_never_attaches_to_an_ended_journey() -> None:
    events = [event(0 * DAY, "completed", case=CASE), event(MINUTE, "started", case=CASE)]
    assert [n for _, _, n in told(*events)] == [1, 1]


@pytest.mark.parametrize("action", ["visited", "saved", "submitted"])
def test_new_matter_attaches_after_the_end_only_within_the_visit(action: str) -> None:
    ended = event(0 * DAY, "completed")
    assert [n for _, _, n in told(ended, event(29 * MINUTE, action))] == [2]
    assert [n for _, _, n in told(ended, event(30 * MINUTE, action))] == [1, 1]


def test_new_matter_of_the_agency_attaches_after_the_end() -> None:
    assert told(event(0 * DAY, "completed"), agency(9 * DAY, "visited")) == [("success", 0, 2)]


def test_new_matter_with_the_case_attaches_after_the_end() -> None:
    events = [event(0 * DAY, "completed", case=CASE), event(9 * DAY, "visited", case=CASE)]
    assert told(*events) == [("success", 0, 2)]


def test_resumed_reopens_what_silence_had_ended() -> None:
    events = [event(0 * DAY, "started"), event(45 * DAY, "resumed")]
    assert told(*events) == [("expired", 135, 2)]


def test_resumed_does_not_reopen_what_an_action_ended() -> None:
    events = [event(0 * DAY, "withdrawn"), event(9 * DAY, "resumed")]
    assert told(*events) == [("withdrawn", 0, 2)]


def test_a_decision_with_its_case_reopens_and_ends_an_undecided_journey() -> None:
    events = [event(0 * DAY, "submitted", case=CASE), agency(400 * DAY, "decided", case=CASE)]
    assert told(*events) == [("success", 400, 2)]


def test_a_decision_without_case_attaches_to_an_undecided_journey_and_changes_nothing() -> None:
    events = [event(0 * DAY, "submitted"), agency(380 * DAY, "decided")]
    assert told(*events) == [("undecided", 365, 2)]


def test_a_submission_with_its_case_reopens_an_expired_journey() -> None:
    events = [event(0 * DAY, "started", case=CASE), event(120 * DAY, "submitted", case=CASE)]
    assert told(*events) == [("undecided", 485, 2)]


def test_the_longest_duration_ends_a_journey_that_is_kept_alive() -> None:
    events = [event(n * 25 * DAY, "visited") for n in range(31)]
    assert told(*events)[0] == ("informed", 730, 30)


def test_different_cases_never_meet() -> None:
    events = [event(0 * DAY, "started", case=CASE), event(MINUTE, "visited", case=OTHER_CASE)]
    assert [n for _, _, n in told(*events)] == [1, 1]


def test_a_journey_without_a_case_takes_the_case() -> None:
    events = [
        event(0 * DAY, "started"),
        event(1 * DAY, "submitted", case=CASE),
        agency(2 * DAY, "decided", case=CASE),
    ]
    assert [j.case for j in journeys_of(events, WINDOWS)] == [CASE]


def test_the_same_case_fits_better_than_a_running_journey() -> None:
    events = [
        event(0 * DAY, "completed", case=CASE),
        event(1 * DAY, "started"),
        event(2 * DAY, "contacted", case=CASE),
    ]
    assert [n for _, _, n in told(*events)] == [2, 1]


def test_a_running_journey_fits_better_than_an_ended_one() -> None:
    events = [
        event(0 * DAY, "completed"),
        event(1 * DAY, "started"),
        event(2 * DAY, "contacted"),
    ]
    assert [n for _, _, n in told(*events)] == [1, 2]


def test_of_two_running_journeys_the_last_opened_takes_it() -> None:
    events = [
        event(0 * DAY, "started", case=CASE),
        event(1 * DAY, "started", case=OTHER_CASE),
        event(2 * DAY, "contacted"),
    ]
    assert [n for _, _, n in told(*events)] == [1, 2]


def test_a_resume_is_not_a_start_but_what_follows_is() -> None:
    events = [event(0 * DAY, "resumed"), event(1 * DAY, "submitted")]
    [journey] = journeys_of(events, WINDOWS)
    assert (journey.started, journey.resumed) == (ORIGIN + 1 * DAY, 1)


def test_a_step_of_the_agency_in_the_transaction_starts_nothing() -> None:
    [journey] = journeys_of([agency(0 * DAY, "processed")], WINDOWS)
    assert (journey.started, journey.outcome) == (None, Outcome.INFORMED)


def test_a_twin_counts_once_and_the_copy_that_sorts_first_stays() -> None:
    first = event(0 * DAY, "visited", ident="same")
    second = event(1 * DAY, "visited", ident="same")
    [journey] = journeys_of([second, first, first], WINDOWS)
    assert journey.events == (first,)
    assert accounts([second, first, first]) == {"live": Account(applied=1, duplicate=2)}


def test_any_order_of_arrival_is_the_same() -> None:
    events = [event(0 * DAY, "started"), event(1 * DAY, "submitted"), agency(2 * DAY, "decided")]
    assert journeys_of(events[::-1], WINDOWS) == journeys_of(events, WINDOWS)


def test_a_visit_is_a_run_of_events_less_than_thirty_minutes_apart() -> None:
    events = [event(n * MINUTE, "visited") for n in (0, 29, 58, 88)]
    [journey] = journeys_of(events, WINDOWS)
    assert journey.visits == 2


def test_the_predecessor_ended_last_and_strictly_before() -> None:
    events = [
        event(0 * DAY, "completed"),
        event(9 * DAY, "started"),
        event(10 * DAY, "completed"),
        event(50 * DAY, "started"),
    ]
    first, second, third = journeys_of(events, WINDOWS)
    assert first.predecessor is None
    assert [j.predecessor and j.predecessor.opened for j in (second, third)] == [
        first.opened,
        second.opened,
    ]


def test_a_journey_that_ended_longer_ago_than_the_reach_is_no_predecessor() -> None:
    events = [event(0 * DAY, "completed"), event(400 * DAY + MINUTE, "started")]
    assert [j.predecessor for j in journeys_of(events, WINDOWS)] == [None, None]


def test_the_predecessor_is_told_as_it_stood_when_the_next_one_opened() -> None:
    events = [
        event(0 * DAY, "submitted", case=CASE),
        event(0 * DAY + MINUTE, "completed", case=CASE),
        event(1 * DAY, "started"),
        event(2 * DAY, "contacted", case=CASE, channel="phone"),
    ]
    _, second = journeys_of(events, WINDOWS)
    assert second.predecessor is not None
    assert second.predecessor.last_channel is Channel.WEBSITE


def test_a_contact_repeats_when_another_was_made_within_seven_or_twenty_eight_days() -> None:
    events = [event(0 * DAY, "contacted"), event(8 * DAY, "contacted"), event(9 * DAY, "contacted")]
    [journey] = journeys_of(events, WINDOWS)
    assert [(c.repeat_7d, c.repeat_28d) for c in journey.contacts] == [
        (False, False),
        (False, True),
        (True, True),
    ]


def test_a_contact_repeats_one_of_the_journey_before() -> None:
    events = [
        event(0 * DAY, "contacted"),
        event(1 * DAY, "completed"),
        event(2 * DAY, "started"),
        event(3 * DAY, "contacted"),
    ]
    assert [[c.repeat_7d for c in j.contacts] for j in journeys_of(events, WINDOWS)] == [
        [False],
        [True],
    ]


def test_channels_touchpoints_and_milestones_are_told_in_order() -> None:
    events = [
        event(0 * DAY, "visited", touchpoint="guidance"),
        event(MINUTE, "started", touchpoint="form"),
        event(1 * DAY, "contacted", touchpoint="help", channel="phone"),
        agency(2 * DAY, "processed", touchpoint="handling", channel="post"),
        event(3 * DAY, "submitted", touchpoint="form"),
    ]
    [journey] = journeys_of(events, WINDOWS)
    assert journey.channels == [
        (Channel.WEBSITE, Initiator.CITIZEN),
        (Channel.PHONE, Initiator.CITIZEN),
        (Channel.POST, Initiator.AGENCY),
        (Channel.WEBSITE, Initiator.CITIZEN),
    ]
    assert (journey.first_channel, journey.last_touchpoint) == (Channel.WEBSITE, "form")
    assert journey.touchpoints["form"].count == 2
    assert journey.milestones == {Stage.INFORMATION: ORIGIN, Stage.TRANSACTION: ORIGIN + MINUTE}


def test_the_steps_of_a_survey_are_kept_in_order() -> None:
    feedback = {"about": "journey", "instrument": "exit"}
    answer = feedback | {"construct": "satisfaction", "scale": "1..5", "answer": 4}
    events = [
        event(0 * DAY, "completed"),
        event(MINUTE, "offered", feedback=feedback),
        event(2 * MINUTE, "answered", feedback=answer),
    ]
    [journey] = journeys_of(events, WINDOWS)
    assert [e.data.action for e in journey.survey] == [Action.OFFERED, Action.ANSWERED]
