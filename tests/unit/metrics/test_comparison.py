"""A journey against its parts, and visitors of a touchpoint against the others."""

from datetime import timedelta
from typing import Any

import pytest
from statsmodels.stats.weightstats import DescrStatsW

from schemas.journey import JourneySnapshot, SurveyStep
from tests.unit.metrics.scoring import books, numbers, score, told
from tests.unit.metrics.snapshots import START, bucket, journey, step, visit

HOUR = timedelta(hours=1)


def part(answer: int, touchpoint: str = "form", **changes: Any) -> SurveyStep:
    return step(
        answer=answer,
        touchpoint=touchpoint,
        **{"about": "touchpoint", "instrument": "page"} | changes,
    )


def pair(ident: str, whole: int, *parts: SurveyStep) -> JourneySnapshot:
    return journey(ident, survey=(step(answer=whole), *parts))


def test_the_journey_gap_has_the_golden_values() -> None:
    found = score(
        "journey_gap",
        [
            pair("1", 3, part(4)),
            pair("2", 5, part(5)),
            pair("3", 2, part(4), part(4, "desk")),
            pair("4", 5, part(5), part(3, "desk")),
            pair("5", 1, part(2)),
        ],
    )
    assert numbers(found) == (-0.75, 5, -0.15)
    assert found is not None
    ends = (round(found.ci_low or 0, 4), round(found.ci_high or 0, 4))
    assert (*ends, found.ci_method) == (-0.3998, 0.0998, "mean")
    assert found.dimensions.construct == "satisfaction"


def test_the_gap_of_one_journey_is_no_number() -> None:
    assert numbers(score("journey_gap", [pair("1", 3, part(4))])) == (-0.25, 1, None)


def test_a_gap_to_three_parts_is_kept_to_a_millionth() -> None:
    thirds = (part(5), part(5, "desk"), part(3, "guide"))
    found = score("journey_gap", [pair("1", 5, *thirds), pair("2", 5, *thirds)])
    assert found is not None
    assert found.value == pytest.approx(1 / 6, abs=1e-6)
    assert (found.ci_low, found.ci_method) == (None, None)


@pytest.mark.parametrize(
    "survey",
    [
        (step(answer=3),),
        (part(3),),
        (step(answer=3), part(3, scale="1..7")),
        (step(answer=3), part(3, construct="ease")),
        (step(answer=3, about="service"), part(3)),
        (step(answer=3), part(3, provenance="moderated")),
    ],
)
def test_a_gap_needs_both_answers_on_the_same_scale(survey: tuple[SurveyStep, ...]) -> None:
    assert score("journey_gap", [journey(survey=survey)]) is None


def test_a_journey_has_one_gap_of_its_last_answers() -> None:
    again = step(answer=1, instrument="later", time=START + 3 * HOUR)
    corrected = part(5, instrument="other", time=START + 2 * HOUR)
    found = score("journey_gap", [journey(survey=(step(answer=5), part(1), again, corrected))])
    assert numbers(found)[:2] == (-1.0, 1)


def test_unlinked_people_have_no_gap_and_no_impact() -> None:
    answer = {"construct": "satisfaction", "scale": "1..5", "instrument": "exit", "answer": 5}
    both = (
        {**answer, "about": "journey", "count": 9},
        {**answer, "about": "touchpoint", "count": 9},
    )
    ids = {message.metric_id for message in told(books([bucket(answers=both)]))}
    assert not ids & {"journey_gap", "touchpoint_impact"}


def answering(name: str, times: int, answer: int, *touchpoints: str) -> list[JourneySnapshot]:
    visits = tuple(visit(touchpoint) for touchpoint in touchpoints)
    return [
        journey(f"{name} {n}", touchpoints=visits, survey=(step(answer=answer),))
        for n in range(times)
    ]


def test_the_impact_is_of_visitors_less_the_others() -> None:
    came = answering("a", 20, 2, "form", "desk") + answering("b", 20, 4, "form", "desk")
    others = answering("c", 25, 4, "form") + answering("d", 25, 5, "form")
    found = score("touchpoint_impact", came + others, "desk")
    assert found is not None
    assert (found.n, found.state) == (40, "ok")
    assert found.value == pytest.approx(0.5 - 0.875)
    assert found.distribution == {"2": 20, "4": 20}
    errors = [
        DescrStatsW([0, 0.25, 0.5, 0.75, 1], weights=[n + 0.6 for n in counts], ddof=0).std_mean
        for counts in ((0, 20, 0, 20, 0), (0, 0, 0, 25, 25))
    ]
    # statsmodels divides by one less than the number of answers, we by that number.
    errors = [e * ((n + 2) / (n + 3)) ** 0.5 for e, n in zip(errors, (40, 50), strict=True)]
    width = 2 * 1.959964 * (errors[0] ** 2 + errors[1] ** 2) ** 0.5
    assert (found.ci_high or 0) - (found.ci_low or 0) == pytest.approx(width)


@pytest.mark.parametrize(("came", "others"), [(29, 40), (40, 29), (40, 0)])
def test_an_impact_needs_thirty_on_both_sides(came: int, others: int) -> None:
    snapshots = answering("a", came, 2, "form", "desk") + answering("c", others, 4, "form")
    found = score("touchpoint_impact", snapshots, "desk")
    assert found is not None
    assert (found.n, found.value, found.ci_low) == (min(came, others), None, None)
    assert found.state != "ok"


def test_a_touchpoint_visited_twice_is_one_visit() -> None:
    twice = answering("a", 30, 2, "desk", "form", "desk") + answering("c", 30, 4, "form")
    found = score("touchpoint_impact", twice, "desk")
    assert found is not None
    assert (found.n, found.value) == (30, -0.5)


def test_an_impact_is_of_one_question() -> None:
    came = answering("a", 30, 2, "desk")
    others = [
        journey(f"o{n}", touchpoints=(), survey=(step(answer=4, wording="w2"),)) for n in range(30)
    ]
    found = score("touchpoint_impact", came + others, "desk")
    assert found is not None
    assert (found.n, found.value) == (0, None)
