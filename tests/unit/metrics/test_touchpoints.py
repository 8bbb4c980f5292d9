"""Visits and events at a touchpoint, who was lost there, and who had asked for help."""

from datetime import timedelta
from typing import Any

from schemas.journey import JourneySnapshot
from services.metrics.domain.measures.course import last_step
from tests.unit.metrics.scoring import numbers, score
from tests.unit.metrics.snapshots import START, bucket, contact, ended, journey, visit

DAY = timedelta(days=1)
BOTH = (visit("form"), visit("desk"))


def many(outcome: str, times: int, **changes: Any) -> list[JourneySnapshot]:
    return [ended(f"{outcome} {n}", outcome=outcome, **changes) for n in range(times)]


def test_dropoff_is_of_those_who_reached_the_touchpoint_and_were_last_seen_there() -> None:
    both = (visit("form"), visit("desk"))
    lost = many("abandoned", 2, touchpoints=both, last_touchpoint="desk")
    served = many("success", 3, touchpoints=both, last_touchpoint="desk")
    elsewhere = many("expired", 1, touchpoints=(visit("form"),))
    found = score("step_dropoff", lost + served + elsewhere, "desk")
    assert numbers(found) == (2, 5, 0.4)
    assert found is not None
    assert found.distribution == {"abandoned": 2}
    assert numbers(score("step_dropoff", lost + served + elsewhere, "form")) == (1, 6, 1 / 6)


def test_a_journey_that_came_often_visited_once_with_all_its_events() -> None:
    often = journey(touchpoints=(visit(count=3, last=START + DAY),))
    assert numbers(score("touchpoint_journeys", [often], "form")) == (1, None, 1)
    assert numbers(score("touchpoint_events", [often], "form")) == (3, None, 3)


def test_unlinked_people_are_events_and_no_journeys() -> None:
    assert numbers(score("touchpoint_events", [bucket()], "guide")) == (3, None, 3)
    assert score("touchpoint_journeys", [bucket()], "guide") is None


def test_the_informed_reached_nothing_that_could_be_dropped() -> None:
    asked = ended(outcome="informed", started=None, last_touchpoint=None)
    found = score("step_dropoff", [asked], "form")
    assert numbers(found) == (0, 0, None)


def test_a_visit_after_the_end_does_not_move_where_they_left() -> None:
    after = visit("desk", first=START + DAY, last=START + DAY)
    lost = ended(outcome="withdrawn", touchpoints=(visit("form"), after), last_touchpoint="desk")
    assert numbers(score("step_dropoff", [lost], "form")) == (1, 1, 1.0)
    assert numbers(score("step_dropoff", [lost], "desk")) == (0, 1, 0.0)


def test_of_a_touchpoint_seen_again_after_the_end_the_first_visit_counts() -> None:
    hour = timedelta(hours=1)
    form = visit("form", first=START, last=START + DAY)
    desk = visit("desk", first=START + hour, last=START + hour)
    lost = ended(outcome="withdrawn", touchpoints=(form, desk), last_touchpoint="form")
    assert lost.ended is not None
    assert last_step(lost, lost.ended) == desk


def test_what_the_agency_did_or_lies_outside_the_transaction_is_not_where_they_left() -> None:
    after = visit("desk", first=START + DAY, last=START + DAY)
    later: dict[str, Any] = dict.fromkeys(("first", "last"), START + timedelta(hours=1))
    letter = visit("letter", initiator="agency", **later)
    guide = visit("guide", stage="information", **later)
    lost = ended(touchpoints=(visit("form"), letter, guide, after), last_touchpoint="desk")
    assert lost.ended is not None
    assert last_step(lost, lost.ended) == visit("form")


def test_help_was_sought_by_those_who_made_contact_after_their_last_visit() -> None:
    called = many("abandoned", 1, contacts=(contact(1),))
    before = many("expired", 1, contacts=(contact(-1),))
    chased = many("error", 1, contacts=(contact(1, initiator="agency"),))
    guessed = many("withdrawn", 1, contacts=(contact(1, provenance="estimated"),))
    served = many("success", 1, contacts=(contact(1),))
    everybody = called + before + chased + guessed + served
    assert numbers(score("help_sought", everybody, "form")) == (1, 4, 0.25)
