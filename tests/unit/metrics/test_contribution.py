"""What a snapshot adds, and that replacing it is exact in any order of arrival."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.journey import Bucket, JourneySnapshot
from services.metrics.domain.blocks import Block
from services.metrics.domain.changes import UNFINAL, Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, contribution
from services.metrics.domain.periods import Shelf, hour_of
from services.metrics.domain.shelves import Shelves
from tests.builders import at, uid
from tests.unit.metrics.snapshots import START, bucket, ended, journey, rules, step, visit

DAY = "2026-03-02"
NINE, TEN = "2026-03-02T09:00Z", "2026-03-02T10:00Z"
LIVE = ("permit", "live")


def changed(*versions: JourneySnapshot | Bucket) -> Changes:
    """What the store gets when these follow one another, each in the place of the one before."""
    changes, before = Changes(Shelves(rules(), Closings())), NOTHING
    for version in versions:
        now = contribution(version, rules())
        changes.replace(before, now)
        before = now
    return changes


def cells(changes: Changes, shelf: Shelf, start: str, clock: str = "live") -> Mapping[str, int]:
    """What one block gets of the first measures; nothing where it gets nothing."""
    amounts = changes.cells().get(Block("permit", shelf, start, clock), {})
    known = ("cohort", "within", "ended", "visited", "events", "unfinal")
    return {name: n for name, n in amounts.items() if n and name.partition("|")[0] in known}


def test_one_open_journey_adds_to_the_hour_it_started_in() -> None:
    made = contribution(journey(), rules())
    assert (made.service, made.clock, made.is_open) == ("permit", "live", True)
    (amounts,) = made.hours.values()
    assert amounts == {
        "cohort||open": 1,
        "events|form|": 1,
        "visited|form|": 1,
        "known|website|linked": 1,
    }
    assert made.counters == {
        "open_journeys|town|permit|citizen": 1,
        "journeys_started|town|permit|website": 1,
        "touchpoint_events|town|permit|transaction|form|valid": 1,
    }


def test_a_day_and_a_month_hold_all_that_their_hours_do_and_how_much_may_change() -> None:
    changes = changed(journey())
    all_cells = {"cohort||open": 1, "events|form|": 1, "visited|form|": 1, UNFINAL: 1}
    assert cells(changes, Shelf.DAY, DAY) == all_cells
    assert cells(changes, Shelf.MONTH, "2026-03-01") == all_cells


def test_hours_of_touchpoints_lie_apart() -> None:
    changes = changed(journey())
    assert cells(changes, Shelf.HOUR, NINE) == {"cohort||open": 1}
    assert cells(changes, Shelf.TOUCHPOINT_HOUR, NINE) == {"events|form|": 1, "visited|form|": 1}


def test_what_no_formula_reads_by_hours_has_no_hour() -> None:
    survey = (step(answer=4, time=START + timedelta(hours=5)),)
    blocks = changed(journey(survey=survey)).cells()
    assert not [block for block in blocks if block.start == "2026-03-02T14:00Z"]
    assert any("answers" in name for name in blocks[Block("permit", Shelf.DAY, DAY, "live")])


def test_an_end_in_another_month_adds_to_both() -> None:
    changes = changed(ended(hours=24 * 40))
    months = [block.start for block in changes.cells() if block.kind is Shelf.MONTH]
    assert sorted(months) == ["2026-03-01", "2026-04-01"]
    assert cells(changes, Shelf.DAY, "2026-04-11") == {"ended||success": 1, UNFINAL: 1}


def test_the_day_is_that_of_the_services_time_zone() -> None:
    late = at("2026-03-31 22:30")
    changes = changed(journey(started=late, touchpoints=(), opened=late))
    assert {b.start for b in changes.cells() if b.kind is Shelf.DAY} == {"2026-04-01"}


def test_a_final_journey_leaves_nothing_unfinal() -> None:
    changes = changed(journey(), ended(), ended(version=3, status="final"))
    assert UNFINAL not in cells(changes, Shelf.DAY, DAY)
    assert UNFINAL not in cells(changes, Shelf.MONTH, "2026-03-01")


def test_a_journey_of_many_hours_is_one_that_may_change() -> None:
    changes = changed(journey(), ended(hours=3), ended(hours=5, version=3))
    assert cells(changes, Shelf.DAY, DAY)[UNFINAL] == 1


@pytest.mark.parametrize(("final", "unfinal"), [(True, 0), (False, 1)])
def test_a_bucket_is_unfinal_until_it_is_final(final: bool, unfinal: int) -> None:  # noqa: FBT001
    assert cells(changed(bucket(final=final)), Shelf.DAY, DAY).get(UNFINAL, 0) == unfinal


@pytest.mark.parametrize("changes", [{"erased": True}, {"superseded_by": uid("2")}])
def test_a_journey_that_is_no_more_adds_nothing(changes: dict[str, Any]) -> None:
    made = contribution(ended(**changes), rules())
    assert (any(made.hours.values()), made.counters, made.is_open) == (False, {}, False)
    assert not any(
        n for block in changed(ended(**changes)).cells().values() for n in block.values()
    )


def test_counters_of_an_ended_journey() -> None:
    made = contribution(ended(resumed=2, first_channel=None, identity="partial"), rules())
    assert made.counters == {
        "journeys_started|town|permit|none": 1,
        "journeys_resumed|town|permit|none": 2,
        "journeys_ended|town|permit|none|success|partial": 1,
        "journey_duration|town|permit|86400": 1,
        "journey_duration_sum|town|permit": 7200,
        "touchpoint_events|town|permit|transaction|form|valid": 1,
        "survey_eligible|town|permit|exit": 1,
        "survey_eligible|town|permit|page": 1,
    }


def test_counters_of_a_survey_are_by_service_only() -> None:
    survey = (step("offered"), step(answer=4), step("dismissed", instrument="unheard-of"))
    made = contribution(journey(survey=survey, touchpoints=(), started=None), rules())
    assert made.counters == {
        "open_journeys|town|permit|citizen": 1,
        "survey_eligible|town|permit|exit": 1,
        "survey_offered|town|permit|exit": 1,
        "survey_completed|town|permit|exit": 1,
        "survey_dismissed|town|permit|other": 1,
        "survey_answers|town|permit|satisfaction|1..5|4": 1,
    }


def test_counters_of_unlinked_people_tell_their_quality() -> None:
    bots = contribution(bucket(quality="bot_suspected", touchpoint="nowhere"), rules())
    assert bots.counters == {"touchpoint_events|town|permit|information|other|bot_suspected": 3}
    chain = ({"instrument": "page", "offered": 3, "answered": 2, "dismissed": 1},)
    made = contribution(bucket(actions={"offered": 3}, chain=chain), rules())
    assert made.counters == {
        "touchpoint_events|town|permit|information|guide|valid": 3,
        "survey_eligible|town|permit|page": 3,
        "survey_offered|town|permit|page": 3,
        "survey_completed|town|permit|page": 2,
        "survey_dismissed|town|permit|page": 1,
    }


def test_a_change_is_what_differs_and_is_never_netted_over_counters() -> None:
    found = Changes(Shelves(rules(), Closings()))
    found.replace(contribution(journey(), rules()), contribution(ended(), rules()))
    assert cells(found, Shelf.DAY, DAY) == {
        "cohort||open": -1,
        "cohort||success": 1,
        "within||1d": 1,
        "ended||success": 1,
    }
    assert found.retracted == {"open_journeys|town|permit|citizen": 1}
    assert found.added == {
        "journeys_ended|town|permit|website|success|linked": 1,
        "journey_duration|town|permit|86400": 1,
        "journey_duration_sum|town|permit": 7200,
        "survey_eligible|town|permit|exit": 1,
        "survey_eligible|town|permit|page": 1,
    }


def test_nothing_changes_between_equal_contributions() -> None:
    same = Changes(Shelves(rules(), Closings()))
    same.replace(contribution(ended(), rules()), contribution(ended(), rules()))
    assert (same.cells(), same.added, same.retracted) == ({}, {}, {})


def test_a_journey_that_moves_to_another_clock_is_taken_back_on_the_first() -> None:
    found = Changes(Shelves(rules(), Closings()))
    found.replace(contribution(journey(), rules()), contribution(journey(clock="other"), rules()))
    assert cells(found, Shelf.DAY, DAY)["cohort||open"] == -1
    assert cells(found, Shelf.DAY, DAY)[UNFINAL] == -1
    assert cells(found, Shelf.DAY, DAY, "other")["cohort||open"] == 1
    assert cells(found, Shelf.DAY, DAY, "other")[UNFINAL] == 1


def test_a_month_is_the_sum_of_its_days() -> None:
    blocks = changed(ended(hours=48, status="final")).cells()
    month = blocks[Block("permit", Shelf.MONTH, "2026-03-01", "live")]
    month = {name: n for name, n in month.items() if not name.startswith("flow|")}
    days = [amounts for block, amounts in blocks.items() if block.kind is Shelf.DAY]
    assert month == {name: sum(day.get(name, 0) for day in days) for name in month}
    assert len(days) == 2


# -- properties ------------------------------------------------------------------------------------
outcomes = st.sampled_from(["success", "abandoned", "error", "expired", "undecided", "informed"])


@st.composite
def versions(draw: st.DrawFn) -> list[JourneySnapshot]:
    """Growing versions of one journey, some of them taken back."""
    made = []
    for version in range(1, draw(st.integers(2, 5))):
        snapshot = draw(
            st.builds(
                ended,
                hours=st.integers(0, 24 * 60),
                version=st.just(version),
                outcome=outcomes,
                erased=st.booleans(),
                resumed=st.integers(0, 3),
                survey=st.lists(st.builds(step, answer=st.integers(1, 5)), max_size=3).map(tuple),
                touchpoints=st.lists(
                    st.builds(visit, st.sampled_from(["form", "desk"]), count=st.integers(1, 4)),
                    max_size=3,
                ).map(tuple),
            )
        )
        made.append(snapshot)
    return made


def sums(snapshots: list[JourneySnapshot]) -> Mapping[Block, Mapping[str, int]]:
    """The cells after each version replaced the one before."""
    return {
        block: kept
        for block, amounts in changed(*snapshots).cells().items()
        if (kept := {name: n for name, n in amounts.items() if n})
    }


@settings(max_examples=40)
@given(versions())
def test_replacing_step_by_step_ends_where_counting_the_last_one_does(
    snapshots: list[JourneySnapshot],
) -> None:
    assert sums(snapshots) == sums(snapshots[-1:])


@settings(max_examples=40)
@given(versions())
def test_counters_never_fall_and_their_net_is_that_of_the_last(
    snapshots: list[JourneySnapshot],
) -> None:
    changes = changed(*snapshots)
    assert all(n > 0 for n in (*changes.added.values(), *changes.retracted.values()))
    nets = {
        name: changes.added.get(name, 0) - changes.retracted.get(name, 0)
        for name in {*changes.added, *changes.retracted}
    }
    last = contribution(snapshots[-1], rules()).counters
    assert {name: n for name, n in nets.items() if n} == last


@given(st.integers(0, 24 * 400), outcomes)
def test_every_amount_is_positive_and_in_an_hour_of_the_journey(hours: int, outcome: str) -> None:
    made = contribution(ended(hours=hours, outcome=outcome), rules())
    zone = rules().services["permit"].zone
    first, last = hour_of(START, zone), hour_of(START + timedelta(hours=hours), zone)
    assert all(first <= hour <= last for hour in made.hours)
    assert all(n > 0 for amounts in made.hours.values() for n in amounts.values())
