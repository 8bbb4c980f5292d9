"""Satisfaction, and who was asked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.journey import JourneySnapshot
from tests.unit.metrics.scoring import numbers, score
from tests.unit.metrics.snapshots import START, bucket, journey, step

A = {1: 5, 2: 10, 3: 15, 4: 40, 5: 30}
HOUR = timedelta(hours=1)


def answering(counts: Mapping[int, int], **changes: Any) -> list[JourneySnapshot]:
    return [
        journey(f"{answer} {n}", survey=(step(answer=answer, **changes),))
        for answer, times in counts.items()
        for n in range(times)
    ]


def test_linear_satisfaction_has_the_golden_values() -> None:
    found = score("satisfaction.linear", answering(A))
    assert found is not None
    assert (found.n, round(found.value or 0, 9), found.ci_method) == (100, 0.7, "adjusted_mean")
    assert (round(found.ci_low or 0, 4), round(found.ci_high or 0, 4)) == (0.6391, 0.7492)
    assert found.distribution == {"1": 5, "2": 10, "3": 15, "4": 40, "5": 30}


def test_top2_satisfaction_has_the_golden_values() -> None:
    found = score("satisfaction.top2", answering(A))
    assert numbers(found) == (70, 100, 0.7)
    assert found is not None
    assert (round(found.ci_low or 0, 4), round(found.ci_high or 0, 4)) == (0.6042, 0.7811)


def test_the_two_formulas_differ_on_the_same_answers() -> None:
    fours = answering({4: 100})
    assert numbers(score("satisfaction.linear", fours))[2] == 0.75
    assert numbers(score("satisfaction.top2", fours))[2] == 1.0


def test_four_times_five_is_full_marks_with_a_wide_interval() -> None:
    found = score("satisfaction.linear", answering({5: 4}))
    assert found is not None
    assert (found.value, round(found.ci_low or 0, 4), found.ci_high) == (1.0, 0.5347, 1.0)


def test_a_dismissal_is_not_an_answer() -> None:
    dismissed = [journey(f"d{n}", survey=(step("dismissed"),)) for n in range(100)]
    assert numbers(score("satisfaction.linear", answering(A) + dismissed))[1] == 100
    assert score("satisfaction.linear", dismissed) is None


@pytest.mark.parametrize("provenance", ["moderated", "estimated"])
def test_what_was_moderated_or_estimated_is_in_no_score(provenance: str) -> None:
    assert score("satisfaction.linear", answering({5: 3}, provenance=provenance)) is None


def test_the_latest_answer_of_a_journey_wins() -> None:
    twice = journey(survey=(step(answer=1), step(answer=5, time=START + 2 * HOUR)))
    reversed_ = journey(survey=(step(answer=5, time=START + 2 * HOUR), step(answer=1)))
    for snapshot in (twice, reversed_):
        assert numbers(score("satisfaction.linear", [snapshot])) == (5, 1, 1.0)


def test_answers_at_two_touchpoints_are_two() -> None:
    both = journey(survey=(step(answer=1), step(answer=5, touchpoint="form")))
    assert numbers(score("satisfaction.linear", [both])) == (6, 2, 0.5)


def test_an_answer_about_a_touchpoint_is_of_that_touchpoint() -> None:
    about = answering({4: 5}, about="touchpoint", touchpoint="form", instrument="page")
    found = score("satisfaction.linear", about, "form")
    assert found is not None
    assert found.dimensions.model_dump(exclude_none=True) == {
        "agency": "town",
        "service": "permit",
        "touchpoint": "form",
        "instrument": "page",
        "construct": "satisfaction",
        "scale": "1..5",
        "wording": "w1",
    }
    assert score("satisfaction.linear", about) is None


@pytest.mark.parametrize(("answers", "state"), [(4, "suppressed"), (5, "low_n"), (30, "ok")])
def test_few_answers_at_a_touchpoint_are_suppressed(answers: int, state: str) -> None:
    about = answering({4: answers}, about="touchpoint", touchpoint="form")
    found = score("satisfaction.top2", about, "form")
    assert found is not None
    assert found.state == state


def test_few_answers_about_the_service_are_shown_as_few() -> None:
    found = score("satisfaction.top2", answering({4: 2}))
    assert found is not None
    assert found.state == "low_n"


def test_other_scales_have_no_top2() -> None:
    wide = answering({7: 1}, scale="1..7")
    assert score("satisfaction.top2", wide) is None
    assert numbers(score("satisfaction.linear", wide)) == (7, 1, 1.0)


def test_other_constructs_are_not_satisfaction() -> None:
    assert score("satisfaction.linear", answering({5: 3}, construct="ease")) is None


def test_a_wording_that_is_not_known_is_no_dimension() -> None:
    found = score("satisfaction.linear", answering({5: 3}, wording=None))
    assert found is not None
    assert found.dimensions.wording is None


OFFER = step("offered", offer_id="o1")


@pytest.mark.parametrize(
    ("survey", "answered"),
    [
        ((OFFER,), 0),
        ((OFFER, step("dismissed", offer_id="o1")), 0),
        ((OFFER, step(answer=5, offer_id="o1")), 1),
        ((OFFER, step(answer=5, offer_id="o2")), 0),
        ((OFFER, step(answer=5, offer_id="o1", time=START)), 1),
        ((step("offered"), step(answer=5, time=START)), 0),
        ((step("offered"), step(answer=5)), 1),
        ((step("offered"), step(answer=5, instrument="page")), 0),
    ],
)
def test_an_offer_is_answered_by_its_id_or_else_by_time(
    survey: tuple[Any, ...], answered: int
) -> None:
    found = score("response_rate", [journey(survey=survey)])
    assert numbers(found) == (answered, 1, answered)
    assert found is not None
    assert found.dimensions.instrument == "exit"


def test_unlinked_answers_count_where_they_belong_by_their_hour() -> None:
    answer = {"construct": "satisfaction", "scale": "1..5", "wording": "w1", "instrument": "page"}
    unlinked = bucket(
        chain=({"instrument": "page", "offered": 4, "answered": 3, "dismissed": 1},),
        answers=(
            {**answer, "about": "touchpoint", "answer": 5, "count": 2},
            {**answer, "about": "journey", "answer": 3, "count": 1},
        ),
    )
    assert numbers(score("satisfaction.linear", [unlinked], "guide")) == (10, 2, 1.0)
    assert numbers(score("satisfaction.linear", [unlinked])) == (3, 1, 0.5)
    assert numbers(score("response_rate", [unlinked])) == (3, 4, 0.75)


def test_unlinked_answers_that_were_moderated_are_in_no_score() -> None:
    chain = ({"instrument": "page", "offered": 4, "answered": 3},)
    assert score("response_rate", [bucket(chain=chain, provenance="moderated")]) is None


@settings(max_examples=30)
@given(st.dictionaries(st.integers(1, 5), st.integers(1, 20), min_size=1))
def test_scores_and_intervals_stay_in_range(counts: dict[int, int]) -> None:
    for metric_id in ("satisfaction.linear", "satisfaction.top2"):
        found = score(metric_id, answering(counts))
        assert found is not None
        assert found.value is not None
        assert 0 <= (found.ci_low or 0) <= (found.ci_high or 0) <= 1
        assert 0 <= found.value <= 1
