"""The values of which a statistician said what they are; nothing here is ours."""

import pytest

from deploy.demo.truth import intervals
from deploy.demo.truth.intervals import Interval
from deploy.demo.truth.parts import seconds_of
from deploy.demo.truth.scores import seconds_at

HUNDRED = {1: 5, 2: 10, 3: 15, 4: 40, 5: 30}
FIVE = (1, 5)


def ends(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    return round(interval.low, 4), round(interval.high, 4)


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        (4, 4, (0.5101, 1)),
        (0, 5, (0, 0.4345)),
        (820, 1000, (0.7950, 0.8426)),
        (8, 28, (0.1525, 0.4706)),
        (70, 100, (0.6042, 0.7811)),
        (9, 4, (0.5101, 1)),
    ],
)
def test_of_a_share(hits: int, of: int, expected: tuple[float, float]) -> None:
    assert ends(intervals.wilson(hits, of)) == expected


def test_of_a_mean_answer() -> None:
    assert ends(intervals.mean(HUNDRED, FIVE)) == (0.6391, 0.7492)
    assert ends(intervals.mean({5: 4}, FIVE)) == (0.5347, 1)
    assert ends(intervals.mean(HUNDRED, FIVE, 0, 10)) == (6.3913, 7.4922)
    assert ends(intervals.mean(HUNDRED, FIVE, 1, 5)) == (3.5565, 3.9969)


def test_of_a_balance() -> None:
    assert ends(intervals.net(70, 15, 15)) == (0.3902, 0.6778)
    assert ends(intervals.net(4, 0, 0)) == (0.0694, 1)
    low, high = ends(intervals.net(50, 30, 20, 100))
    assert (round(low, 2), round(high, 2)) == (14.05, 44.2)


def test_of_units_that_repeat_within_a_journey() -> None:
    journeys = {(1, 0): 15, (2, 1): 4, (5, 4): 1}
    assert ends(intervals.ratio(8 / 28, journeys, 1)) == (0.0755, 0.4960)
    assert intervals.ratio(0.5, {(2, 1): 1}) is None
    assert intervals.ratio(0.5, {(2, 1): 9}) is None
    assert intervals.ratio(0, {(0, 3): 2}) is None


def test_of_gaps_in_millionths() -> None:
    gaps = [-250_000, 0, -500_000, 250_000, -250_000]
    squares = sum(gap**2 // 1_000_000 for gap in gaps)
    assert ends(intervals.gap(5, sum(gaps), squares)) == (-0.3998, 0.0998)
    assert intervals.gap(1, 250_000, 62_500) is None
    assert intervals.gap(2, 500_000, 125_000) is None


def test_one_stratum_is_a_mean_and_a_difference_of_one_people_is_none() -> None:
    one = intervals.strata([(1.0, HUNDRED)], FIVE)
    assert ends(one) == ends(intervals.mean(HUNDRED, FIVE))
    # Twice the variance, so the root of two times as wide as 0.6391 to 0.7492.
    assert ends(intervals.difference(HUNDRED, HUNDRED, FIVE)) == (-0.0778, 0.0778)


@pytest.mark.parametrize(
    ("percent", "n", "between"),
    # From the tables of the binomial distribution: of ten, from the 2nd to the 9th.
    [(50, 10, (2, 9)), (90, 10, (7, 11)), (50, 100, (40, 61)), (50, 1, (0, 2))],
)
def test_of_a_quantile(percent: int, n: int, between: tuple[int, int]) -> None:
    first, last = between
    found = intervals.ranks(percent, n, float)
    assert found == Interval(float(first), float(last), "binomial_ranks")


def test_an_end_that_nobody_came_to_is_none() -> None:
    lengths = {"10": 3, "20": 2}
    found = intervals.ranks(50, 10, lambda rank: seconds_at(lengths, rank))
    assert found == Interval(seconds_of("10"), None, "binomial_ranks")
    assert intervals.ranks(90, 10, lambda _: None) is None
    # Of one, half may lie before it: no length is below 0.
    assert intervals.ranks(50, 1, lambda _: 7.0) == Interval(0.0, 7.0, "binomial_ranks")
