"""Satisfaction weighted to how all journeys ended and began, not only those that answered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from schemas.journey import JourneySnapshot
from services.metrics.domain.measures.adjusted import collapsed
from tests.unit.metrics.scoring import numbers, score
from tests.unit.metrics.snapshots import START, bucket, ended, journey, step

ADJUSTED = "satisfaction.linear.adjusted"


def group(
    outcome: str, journeys: int, answers: Mapping[int, int], **changes: Any
) -> list[JourneySnapshot]:
    """So many journeys that ended this way; the first of them answered."""
    said = [answer for answer, times in answers.items() for _ in range(times)]
    surveys = [(step(answer=answer),) for answer in said] + [()] * (journeys - len(said))
    return [
        ended(f"{outcome} {changes} {n}", outcome=outcome, survey=survey, **changes)
        for n, survey in enumerate(surveys)
    ]


def test_the_silent_weigh_as_much_as_those_who_answered() -> None:
    served = group("success", 60, {5: 30})
    failed = group("abandoned", 40, {1: 5, 2: 5})
    found = score(ADJUSTED, served + failed)
    assert found is not None
    assert found.n == 40
    assert found.value == pytest.approx(0.6 * 1 + 0.4 * 0.125)
    assert numbers(score("satisfaction.linear", served + failed))[2] == pytest.approx(0.78125)
    assert found.distribution == {"1": 5, "2": 5, "5": 30}
    assert found.ci_method == "adjusted_strata"
    assert 0 < (found.ci_low or 0) < 0.65 < (found.ci_high or 0) < 1


def test_the_value_is_the_weighted_mean_of_statsmodels() -> None:
    groups = {("success", 70): {5: 6, 4: 3}, ("error", 20): {1: 4, 3: 4}, ("expired", 10): {2: 5}}
    weights = [
        (answer, n * journeys / sum(answers.values()))
        for (_, journeys), answers in groups.items()
        for answer, n in answers.items()
    ]
    peer = DescrStatsW([x for x, _ in weights], weights=[w for _, w in weights])
    snapshots = [j for (o, n), answers in groups.items() for j in group(o, n, answers)]
    found = score(ADJUSTED, snapshots)
    assert found is not None
    assert found.value == pytest.approx((peer.mean - 1) / 4)


def test_the_first_channel_is_part_of_the_stratum() -> None:
    online = group("success", 50, {5: 10})
    paper = group("success", 50, {1: 5}, first_channel="paper")
    found = score(ADJUSTED, online + paper)
    assert found is not None
    assert found.value == 0.5


def test_strata_with_fewer_than_five_answers_are_taken_together() -> None:
    small = group("error", 10, {1: 4}) + group("expired", 10, {5: 4})
    found = score(ADJUSTED, group("success", 80, {3: 5}) + small)
    assert found is not None
    assert found.value == pytest.approx(0.8 * 0.5 + 0.2 * 0.5)
    apart = score(ADJUSTED, group("success", 80, {3: 5}) + group("error", 20, {1: 5}))
    assert apart is not None
    assert apart.value == pytest.approx(0.8 * 0.5 + 0.2 * 0)


def test_the_silent_go_with_the_smallest_that_answered() -> None:
    found = score(
        ADJUSTED,
        group("success", 50, {5: 9}) + group("error", 30, {1: 6}) + group("expired", 20, {}),
    )
    assert found is not None
    assert found.value == pytest.approx(0.5)


def test_fewer_than_five_answers_have_the_plain_mean() -> None:
    found = score(ADJUSTED, group("success", 10, {5: 2}) + group("error", 90, {1: 1}))
    assert found is not None
    assert found.n == 3
    assert found.value == pytest.approx(2 / 3)


def test_answers_of_nobody_that_ended_have_no_adjusted_score() -> None:
    assert score(ADJUSTED, [journey(survey=(step(answer=5),))]) is None
    answer = {"construct": "satisfaction", "scale": "1..5", "instrument": "exit", "answer": 5}
    unlinked = bucket(answers=({**answer, "about": "journey", "count": 9},))
    assert score(ADJUSTED, [unlinked]) is None


def test_answers_of_strata_without_an_end_in_the_period_stand_for_nobody() -> None:
    later = START + timedelta(days=60)
    early = [ended(f"e{n}", survey=(step(answer=1),), ended=later) for n in range(5)]
    found = score(ADJUSTED, early)
    assert found is not None
    assert (found.n, found.value) == (0, None)
    found = score(ADJUSTED, early + group("error", 5, {5: 5}))
    assert found is not None
    assert (found.n, found.value) == (5, 1.0)


strata = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))


@given(
    st.dictionaries(strata, st.integers(1, 50), min_size=1),
    st.dictionaries(strata, st.dictionaries(st.integers(1, 5), st.integers(1, 9))),
)
def test_taken_together_no_journey_is_lost_and_only_one_part_may_be_small(
    journeys: dict[tuple[str, str], int], answers: dict[tuple[str, str], dict[int, int]]
) -> None:
    parts = collapsed(journeys, answers)
    used = sum(sum(answers.get(stratum, {}).values()) for stratum in journeys)
    assert sum(part.journeys for part in parts) == sum(journeys.values())
    sizes = [sum(part.answers.values()) for part in parts]
    assert sum(sizes) == used
    assert all(size >= 5 for size in sizes) or len(parts) == 1
