"""What people say, by construct, scale and touchpoint."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.journey import JourneySnapshot
from schemas.vocabulary import Level
from services.metrics.domain.measures import FORMULAS
from tests.unit.metrics.scoring import books, numbers, score, told
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


def test_net_satisfaction_has_the_golden_values() -> None:
    found = score("satisfaction.net", answering(A))
    assert numbers(found) == (55, 100, 0.55)
    assert found is not None
    assert (round(found.ci_low or 0, 4), round(found.ci_high or 0, 4)) == (0.3902, 0.6778)
    assert found.ci_method == "adjusted_net"


def test_the_french_mark_has_the_golden_values() -> None:
    assert numbers(score("satisfaction.fr10", answering(A))) == pytest.approx((380, 100, 7.0))
    smileys = answering({3: 60, 2: 25, 1: 15}, scale="smileys")
    found = score("satisfaction.fr10", smileys)
    assert numbers(found)[2] == pytest.approx(7.25)


@pytest.mark.parametrize(("answers", "state"), [(99, "low_n"), (100, "ok")])
def test_the_french_mark_needs_a_hundred_answers(answers: int, state: str) -> None:
    found = score("satisfaction.fr10", answering({4: answers}))
    assert found is not None
    assert found.state == state


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


def test_other_scales_have_no_top2_net_or_french_mark() -> None:
    wide = answering({7: 1}, scale="1..7")
    for name in ("top2", "net", "fr10"):
        assert score(f"satisfaction.{name}", wide) is None
    assert numbers(score("satisfaction.linear", wide)) == (7, 1, 1.0)


def test_other_constructs_are_not_satisfaction() -> None:
    assert score("satisfaction.linear", answering({5: 3}, construct="ease")) is None


def asked(construct: str, scale: str, counts: Mapping[int, int]) -> list[JourneySnapshot]:
    return answering(counts, construct=construct, scale=scale)


@pytest.mark.parametrize(
    ("metric_id", "construct", "scale", "counts", "expected"),
    [
        ("trust.positive", "trust", "thumbs", {1: 3, 0: 1}, (3, 4, 0.75)),
        ("trust.positive", "trust", "1..5", A, (70, 100, 0.7)),
        ("trust.change_net", "trust_change", "1..5", {5: 2, 4: 1, 3: 1, 2: 1}, (2, 5, 0.4)),
        ("trust.level", "trust_level", "0..10", {4: 2, 5: 3, 6: 4, 10: 1}, (5, 10, 0.5)),
        ("task_success.gc", "task_success", "yes_no", {1: 9, 0: 1}, (9, 10, 0.9)),
        ("ease", "ease", "1..7", {7: 1, 4: 1}, (11, 2, 5.5)),
        ("ease", "ease", "1..5", A, (380, 100, 3.8)),
        ("ease.top2", "ease", "1..7", {7: 1, 6: 1, 5: 2}, (2, 4, 0.5)),
        ("ease.top2", "ease", "1..5", A, (70, 100, 0.7)),
        ("nps", "recommend", "0..10", {9: 20, 10: 30, 7: 10, 8: 20, 0: 15, 6: 5}, (30, 100, 30.0)),
        ("recommend_intent", "recommend", "1..10", {10: 1, 9: 1, 8: 2}, (2, 4, 0.5)),
        ("reuse_intent", "reuse_intent", "1..5", A, (70, 100, 0.7)),
        ("reuse_intent", "reuse_intent", "0..10", {10: 1, 9: 1, 8: 2}, (2, 4, 0.5)),
        ("comprehension.fr10", "comprehension", "1..5", {5: 1, 4: 1, 3: 2}, (15, 4, 6.875)),
        ("help_quality.fr10", "help_quality", "1..5", {2: 1, 1: 1}, (3, 2, 1.25)),
    ],
)
def test_each_construct_has_its_figures(
    metric_id: str,
    construct: str,
    scale: str,
    counts: dict[int, int],
    expected: tuple[float, float, float],
) -> None:
    found = score(metric_id, asked(construct, scale, counts))
    assert numbers(found) == pytest.approx(expected)
    assert found is not None
    assert (found.dimensions.construct, found.dimensions.scale) == (construct, scale)
    assert found.distribution == {str(answer): n for answer, n in sorted(counts.items())}


@pytest.mark.parametrize(
    ("metric_id", "construct", "scale", "answer"),
    [
        ("trust.positive", "trust", "0..10", 9),
        ("trust.level", "trust_level", "1..5", 5),
        ("task_success.gc", "task_success", "1..5", 5),
        ("ease", "ease", "0..10", 9),
        ("ease.top2", "ease", "smileys", 3),
        ("nps", "recommend", "1..10", 9),
        ("recommend_intent", "recommend", "0..10", 9),
        ("reuse_intent", "reuse_intent", "yes_no", 1),
        ("comprehension.fr10", "comprehension", "smileys", 3),
    ],
)
def test_a_figure_says_nothing_on_a_scale_it_is_not_defined_for(
    metric_id: str, construct: str, scale: str, answer: int
) -> None:
    assert score(metric_id, asked(construct, scale, {answer: 3})) is None


def test_the_promoter_score_has_the_golden_interval_and_dismissals_do_not_move_it() -> None:
    said = asked("recommend", "0..10", {10: 50, 7: 30, 3: 20})
    dismissed = [
        journey(f"d{n}", survey=(step("dismissed", construct="recommend", scale="0..10"),))
        for n in range(100)
    ]
    found = score("nps", said + dismissed)
    assert numbers(found) == (30, 100, 30.0)
    assert found is not None
    assert (round(found.ci_low or 0, 2), round(found.ci_high or 0, 2)) == (14.05, 44.20)


def test_ease_has_its_interval_in_steps_of_its_scale() -> None:
    found = score("ease", asked("ease", "1..5", A))
    assert found is not None
    ends = (round(found.ci_low or 0, 3), round(found.ci_high or 0, 3))
    assert ends == (round(1 + 4 * 0.639135, 3), round(1 + 4 * 0.749215, 3))


def test_the_two_scales_of_trust_are_never_added() -> None:
    both = asked("trust", "thumbs", {1: 3}) + asked("trust", "1..5", {2: 2})
    told_of = {
        message.dimensions.scale: numbers(message)
        for message in told(books(both))
        if message.metric_id == "trust.positive"
    }
    assert told_of == {"thumbs": (3, 3, 1.0), "1..5": (0, 2, 0.0)}


@pytest.mark.parametrize("metric_id", ["nps", "recommend_intent", "reuse_intent", "trust.level"])
def test_some_figures_are_of_the_whole_only(metric_id: str) -> None:
    levels = {formula.level for formula in FORMULAS if formula.metric_id == metric_id}
    assert levels == {Level.SERVICE}


def test_a_wording_that_is_not_known_is_no_dimension() -> None:
    found = score("satisfaction.linear", answering({5: 3}, wording=None))
    assert found is not None
    assert found.dimensions.wording is None


def test_unlinked_answers_count_where_they_belong_by_their_hour() -> None:
    answer = {"construct": "satisfaction", "scale": "1..5", "wording": "w1", "instrument": "page"}
    unlinked = bucket(
        answers=(
            {**answer, "about": "touchpoint", "answer": 5, "count": 2},
            {**answer, "about": "journey", "answer": 3, "count": 1},
        ),
    )
    assert numbers(score("satisfaction.linear", [unlinked], "guide")) == (10, 2, 1.0)
    assert numbers(score("satisfaction.linear", [unlinked])) == (3, 1, 0.5)


def test_unlinked_answers_that_were_moderated_are_in_no_score() -> None:
    answer = {"construct": "satisfaction", "scale": "1..5", "instrument": "page", "answer": 5}
    answers = ({**answer, "about": "journey", "count": 3},)
    assert score("satisfaction.linear", [bucket(answers=answers)]) is not None
    assert score("satisfaction.linear", [bucket(answers=answers, provenance="moderated")]) is None


@settings(max_examples=30)
@given(st.dictionaries(st.integers(1, 5), st.integers(1, 20), min_size=1))
def test_scores_and_intervals_stay_in_range(counts: dict[int, int]) -> None:
    ends = {"linear": (0, 1), "top2": (0, 1), "net": (-1, 1), "fr10": (0, 10)}
    for name, (low, high) in ends.items():
        found = score(f"satisfaction.{name}", answering(counts))
        assert found is not None
        assert found.value is not None
        assert found.ci_low is not None
        assert found.ci_high is not None
        assert low <= found.ci_low <= found.ci_high <= high
        assert low <= found.value <= high
