"""What a snapshot adds, and that replacing it is exact in any order of arrival."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.journey import JourneySnapshot
from services.metrics.domain.changes import Block, Changes
from services.metrics.domain.contribution import (
    NOTHING,
    UNFINAL,
    Contribution,
    contribution,
    difference,
)
from services.metrics.domain.periods import day_of
from tests.builders import at, uid
from tests.unit.metrics.snapshots import START, bucket, ended, journey, rules, step, visit

DAY = "2026-03-02"


def test_one_open_journey_adds_to_the_day_it_started_in() -> None:
    assert contribution(journey(), rules()) == Contribution(
        service="permit",
        clock="live",
        days={
            DAY: {
                "cohort||open": 1,
                "events|form|": 1,
                "visited|form|": 1,
                "unfinal||": 1,
            }
        },
        counters={
            "open_journeys|town|permit|citizen": 1,
            "journeys_started|town|permit|website": 1,
            "touchpoint_events|town|permit|transaction|form|valid": 1,
        },
    )


def test_an_end_in_another_month_adds_to_both_days() -> None:
    made = contribution(ended(hours=24 * 40), rules())
    assert sorted(made.days) == [DAY, "2026-04-11"]
    assert made.days["2026-04-11"] == {
        "ended||success": 1,
        "reached|form|": 1,
        "duration||377": 1,
        "unfinal||": 1,
    }


def test_the_day_is_that_of_the_services_time_zone() -> None:
    late = at("2026-03-31 22:30")
    made = contribution(journey(started=late, touchpoints=()), rules())
    assert sorted(made.days) == ["2026-04-01"]


def test_a_final_journey_leaves_nothing_unfinal() -> None:
    made = contribution(ended(status="final"), rules())
    assert [UNFINAL in cells for cells in made.days.values()] == [False]


@pytest.mark.parametrize(("final", "unfinal"), [(True, 0), (False, 1)])
def test_a_bucket_is_unfinal_until_it_is_final(final: bool, unfinal: int) -> None:  # noqa: FBT001
    made = contribution(bucket(final=final), rules())
    assert made.days[DAY].get(UNFINAL, 0) == unfinal


@pytest.mark.parametrize("changes", [{"erased": True}, {"superseded_by": uid("2")}])
def test_a_journey_that_is_no_more_adds_nothing(changes: dict[str, Any]) -> None:
    assert contribution(ended(**changes), rules()) == NOTHING


def test_counters_of_an_ended_journey() -> None:
    made = contribution(ended(resumed=2, first_channel=None, identity="partial"), rules())
    assert made.counters == {
        "journeys_started|town|permit|none": 1,
        "journeys_resumed|town|permit|none": 2,
        "journeys_ended|town|permit|none|success|partial": 1,
        "journey_duration|town|permit|86400": 1,
        "journey_duration_sum|town|permit": 7200,
        "touchpoint_events|town|permit|transaction|form|valid": 1,
    }


def test_counters_of_a_survey_are_by_service_only() -> None:
    survey = (step("offered"), step(answer=4), step("dismissed", instrument="unheard-of"))
    made = contribution(journey(survey=survey, touchpoints=(), started=None), rules())
    assert made.counters == {
        "open_journeys|town|permit|citizen": 1,
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
        "survey_offered|town|permit|page": 3,
        "survey_completed|town|permit|page": 2,
        "survey_dismissed|town|permit|page": 1,
    }


def test_the_difference_is_what_changed_and_is_never_netted_over_counters() -> None:
    before, after = contribution(journey(), rules()), contribution(ended(), rules())
    found = difference(before, after)
    assert found.cells["permit", "live", DAY] == {
        "cohort||open": -1,
        "cohort||success": 1,
        "within||1d": 1,
        "ended||success": 1,
        "reached|form|": 1,
        "duration||223": 1,
        "cohort_duration||223": 1,
    }
    assert found.retracted == {"open_journeys|town|permit|citizen": 1}
    assert found.added == {
        "journeys_ended|town|permit|website|success|linked": 1,
        "journey_duration|town|permit|86400": 1,
        "journey_duration_sum|town|permit": 7200,
    }


def test_nothing_changes_between_equal_contributions() -> None:
    same = difference(contribution(ended(), rules()), contribution(ended(), rules()))
    assert (same.cells, same.added, same.retracted) == ({}, {}, {})


def test_a_journey_that_moves_to_another_clock_is_taken_back_on_the_first() -> None:
    found = difference(
        contribution(journey(), rules()), contribution(journey(clock="other"), rules())
    )
    assert found.cells["permit", "live", DAY]["cohort||open"] == -1
    assert found.cells["permit", "other", DAY]["cohort||open"] == 1


def test_a_month_is_the_sum_of_its_days() -> None:
    changes = Changes()
    changes.add(difference(NOTHING, contribution(ended(hours=48), rules())), None)
    month = changes.cells[Block("permit", "month", "2026-03-01", "live")]  # type: ignore[arg-type]
    days = [cells for block, cells in changes.cells.items() if block.kind == "day"]
    assert month == {cell: sum(day.get(cell, 0) for day in days) for cell in month}
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


def sums(contributions: list[Contribution]) -> Mapping[Block, Mapping[str, int]]:
    """The cells after each contribution replaced the one before."""
    changes = Changes()
    for before, after in zip([NOTHING, *contributions], contributions, strict=False):
        changes.add(difference(before, after), None)
    return {
        block: kept
        for block, cells in changes.cells.items()
        if (kept := {cell: n for cell, n in cells.items() if n})
    }


@settings(max_examples=40)
@given(versions())
def test_replacing_step_by_step_ends_where_counting_the_last_one_does(
    snapshots: list[JourneySnapshot],
) -> None:
    made = [contribution(snapshot, rules()) for snapshot in snapshots]
    assert sums(made) == sums(made[-1:])


@settings(max_examples=40)
@given(versions())
def test_counters_never_fall_and_their_net_is_that_of_the_last(
    snapshots: list[JourneySnapshot],
) -> None:
    made = [contribution(snapshot, rules()) for snapshot in snapshots]
    changes = Changes()
    for before, after in zip([NOTHING, *made], made, strict=False):
        change = difference(before, after)
        assert all(n > 0 for n in (*change.added.values(), *change.retracted.values()))
        changes.add(change, None)
    nets = {
        name: changes.added.get(name, 0) - changes.retracted.get(name, 0)
        for name in {*changes.added, *changes.retracted}
    }
    assert {name: n for name, n in nets.items() if n} == made[-1].counters


@given(st.integers(0, 24 * 400), outcomes)
def test_every_amount_is_positive_and_in_a_day_of_the_journey(hours: int, outcome: str) -> None:
    made = contribution(ended(hours=hours, outcome=outcome), rules())
    last = day_of(START + timedelta(hours=hours), rules().services["permit"].zone)
    assert all(DAY <= day <= last for day in made.days)
    assert all(n > 0 for cells in made.days.values() for n in cells.values())
