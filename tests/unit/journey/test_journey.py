"""What each entry adds to its journey."""

import pytest

from schemas.vocabulary import Action, Stage
from services.journey.domain.entries import Entry, Help, Opinion
from services.journey.domain.journey import Journey
from services.journey.domain.parts import Asked, Choice, Helped, Place
from tests.unit.journey.builders import DAY, MINUTE, SECOND, by_agency, day, entry, folded


def only(*entries: Entry) -> Journey:
    [journey] = folded(*entries)
    return journey


def test_a_citizen_who_acts_in_the_transaction_starts_the_journey() -> None:
    visit = entry(Action.VISITED, day(1), stage=Stage.TRANSACTION.value)
    assert only(entry(Action.VISITED, day(0)), visit).started == day(1)


@pytest.mark.parametrize(
    "action",
    [Action.STARTED, Action.SUBMITTED, Action.COMPLETED, Action.DECIDED, Action.FAILED],
)
def test_a_start_a_submission_or_an_end_starts_the_journey_whoever_acts(action: Action) -> None:
    assert only(by_agency(action, day(0))).started == day(0)


def test_a_step_of_the_agency_starts_nothing() -> None:
    assert only(by_agency(Action.PROCESSED, day(0))).started is None


def test_outside_the_transaction_nothing_starts() -> None:
    started = entry(Action.STARTED, day(0), stage=Stage.INFORMATION.value)
    assert only(started).started is None


def test_a_resumption_is_never_a_start() -> None:
    journey = only(entry(Action.RESUMED, day(0)))
    assert (journey.started, journey.resumed, journey.saved) == (None, 1, True)


def test_a_paper_journey_starts_with_its_submission() -> None:
    journey = only(entry(Action.SUBMITTED, day(0), channel="paper"))
    assert (journey.started, journey.submitted, journey.turn) == (day(0), day(0), "agency")


def test_the_first_submission_and_the_first_decision_are_told() -> None:
    journey = only(
        entry(Action.SUBMITTED, day(0)),
        by_agency(Action.RETURNED, day(1)),
        entry(Action.SUBMITTED, day(2)),
        by_agency(Action.DECIDED, day(3)),
    )
    assert (journey.submitted, journey.decided) == (day(0), day(3))


def test_half_an_hour_of_nothing_begins_a_new_visit() -> None:
    within = only(
        entry(Action.VISITED, day(0)), entry(Action.VISITED, day(0) + 30 * MINUTE - SECOND, 2)
    )
    apart = only(entry(Action.VISITED, day(0)), entry(Action.VISITED, day(0) + 30 * MINUTE, 2))
    assert (within.visits, apart.visits) == (1, 2)


def test_the_first_entry_of_each_stage_is_a_milestone() -> None:
    journey = only(
        entry(Action.CONTACTED, day(0), stage="need"),
        entry(Action.STARTED, day(1)),
        entry(Action.SAVED, day(2)),
    )
    assert journey.milestones == {"need": day(0), "transaction": day(1)}


def test_a_touchpoint_tells_how_often_and_when_it_was_visited() -> None:
    journey = only(
        entry(Action.VISITED, day(0), touchpoint="page"),
        entry(Action.VISITED, day(1), touchpoint="page", channel="kiosk"),
    )
    assert journey.places == {"page": Place("information", day(0), day(1), "website", "citizen", 2)}


def test_a_run_of_one_channel_and_initiator_is_one_choice() -> None:
    journey = only(
        entry(Action.VISITED, day(0)),
        entry(Action.STARTED, day(1)),
        by_agency(Action.PROCESSED, day(2)),
        entry(Action.CONTACTED, day(3), channel="phone"),
    )
    assert journey.choices == [
        Choice(day(0), "website", "citizen"),
        Choice(day(2), "website", "agency"),
        Choice(day(3), "phone", "citizen"),
    ]


@pytest.mark.parametrize("action", [Action.SAVED, Action.ANSWERED, Action.DISMISSED])
def test_what_a_citizen_does_where_it_came_chooses_no_channel(action: Action) -> None:
    [journey] = folded(
        entry(Action.STARTED, day(0), 1), entry(action, day(1), 2, channel="email", opinion=None)
    )
    assert [one.channel for one in journey.choices] == ["website"]


def test_the_last_touchpoint_is_the_citizens_last_in_the_transaction() -> None:
    journey = only(
        entry(Action.STARTED, day(0), touchpoint="form"),
        by_agency(Action.PROCESSED, day(1), touchpoint="desk"),
        entry(Action.CONTACTED, day(2), touchpoint="helpline"),
    )
    assert journey.last_touchpoint == "form"


def test_an_assisted_entry_makes_an_assisted_journey() -> None:
    journey = only(entry(Action.STARTED, day(0), assisted=True), entry(Action.SAVED, day(1)))
    assert journey.assisted is True


def test_a_transfer_names_where_the_citizen_was_sent() -> None:
    journey = only(by_agency(Action.TRANSFERRED, day(0), transferred_to="housing"))
    assert (journey.outcome, journey.transferred_to) == ("transferred", "housing")


def test_the_survey_chain_is_kept_in_order() -> None:
    asked, said = Opinion("journey", "exit"), Opinion("journey", "exit", "ease", "1..5", 4)
    journey = only(
        entry(Action.OFFERED, day(0), opinion=asked), entry(Action.ANSWERED, day(1), opinion=said)
    )
    assert journey.survey == [
        Asked(day(0), "offered", "offered", "website", "observed", asked),
        Asked(day(1), "answered", "answered", "website", "observed", said),
    ]


def test_a_contact_keeps_what_was_noted() -> None:
    noted = Help("chase", avoidable=True)
    journey = only(entry(Action.CONTACTED, day(0), help=noted, channel="phone"))
    assert journey.contacts == [Helped(day(0), "contacted", "phone", "citizen", "observed", noted)]


@pytest.mark.parametrize(
    ("days", "repeats"),
    [(7, (True, True)), (7.001, (False, True)), (28, (False, True)), (28.001, (False, False))],
)
def test_a_contact_repeats_one_within_seven_or_twenty_eight_days(
    days: float, repeats: tuple[bool, bool]
) -> None:
    journey = only(entry(Action.CONTACTED, day(0)), entry(Action.CONTACTED, day(days)))
    last = journey.contacts[-1]
    assert (last.repeat_7d, last.repeat_28d) == repeats


def test_a_call_from_the_agency_repeats_nothing_and_is_not_repeated() -> None:
    journey = only(
        entry(Action.CONTACTED, day(0)),
        by_agency(Action.CONTACTED, day(1)),
        entry(Action.CONTACTED, day(9)),
    )
    assert [c.repeat_7d for c in journey.contacts] == [False, False, False]


def test_a_contact_repeats_one_of_the_predecessor() -> None:
    _, second = folded(
        entry(Action.CONTACTED, day(0)),
        entry(Action.COMPLETED, day(1)),
        entry(Action.STARTED, day(2)),
        entry(Action.CONTACTED, day(3)),
    )
    assert second.contacts[0].repeat_7d is True
    assert day(3) - day(0) < 7 * DAY
