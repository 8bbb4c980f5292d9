"""The oracle's intervals: the values of which a statistician said what they are, and peers."""

from random import Random

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from tests.oracle import intervals
from tests.oracle.intervals import Interval, is_close

HUNDRED = {1: 5, 2: 10, 3: 15, 4: 40, 5: 30}
FIVE = (1, 5)


def ends(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    return round(interval.low, 4), round(interval.high, 4)


def test_of_a_share() -> None:
    assert ends(intervals.wilson(820, 1000)) == (0.7950, 0.8426)
    assert ends(intervals.wilson(9, 4)) == (0.5101, 1)
    assert intervals.wilson(0, 0) is None


def test_of_answers() -> None:
    assert ends(intervals.mean(HUNDRED, FIVE)) == (0.6391, 0.7492)
    assert ends(intervals.mean({5: 4}, FIVE, (0, 10))) == (5.3472, 10)
    assert ends(intervals.net(70, 15, 15)) == (0.3902, 0.6778)
    low, high = ends(intervals.net(50, 30, 20, 100))
    assert (round(low, 2), round(high, 2)) == (14.05, 44.2)


def test_of_strata_and_of_two_groups() -> None:
    one = intervals.strata([(1.0, HUNDRED)], FIVE)
    assert ends(one) == ends(intervals.mean(HUNDRED, FIVE))
    # Two that are alike are as sure together as all their people are.
    twice = intervals.mean({answer: 2 * n for answer, n in HUNDRED.items()}, FIVE)
    assert ends(intervals.strata([(0.5, HUNDRED), (0.5, HUNDRED)], FIVE)) == ends(twice)
    assert ends(intervals.difference(HUNDRED, HUNDRED, FIVE)) == (-0.0778, 0.0778)


def test_of_gaps() -> None:
    assert ends(intervals.gap([-0.25, 0, -0.5, 0.25, -0.25])) == (-0.3998, 0.0998)
    assert intervals.gap([0.1, 0.1]) is None


def test_of_units_that_repeat_within_a_journey() -> None:
    journeys = [(1, 0)] * 15 + [(2, 1)] * 4 + [(5, 4)]
    assert ends(intervals.ratio(8 / 28, journeys, 1)) == (0.0755, 0.4960)
    assert intervals.ratio(0.5, [(2, 1)]) is None
    assert intervals.ratio(0.5, [(2, 1)] * 9) is None


def test_a_ratio_is_as_sure_as_a_regression_with_errors_clustered_by_journey() -> None:
    rng = Random(1)
    sizes = [rng.randint(1, 6) for _ in range(60)]
    hits = [[int(rng.random() < rng.choice((0.2, 0.8))) for _ in range(m)] for m in sizes]
    every = np.array([hit for own in hits for hit in own])
    of = np.repeat(np.arange(len(sizes)), sizes)
    fit = OLS(every, np.ones(len(every))).fit(cov_type="cluster", cov_kwds={"groups": of})
    journeys = [(len(own), sum(own)) for own in hits]
    found = intervals.ratio(every.mean(), journeys, 1)
    assert (found.low, found.high) == pytest.approx(fit.conf_int()[0], rel=1e-6)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("quantile", "n", "between"),
    [(0.5, 10, (2, 9)), (0.9, 10, (7, 11)), (0.5, 100, (40, 61)), (0.5, 1, (0, 2))],
)
def test_of_a_quantile(quantile: float, n: int, between: tuple[int, int]) -> None:
    found = intervals.ranks(quantile, n, float)
    assert found == Interval(float(between[0]), float(between[1]), "binomial_ranks")
    assert intervals.ranks(0.9, 10, lambda _: None) is None


def test_what_is_close() -> None:
    one = Interval(0.2, None, "wilson")
    assert is_close(None, None)
    assert is_close(one, Interval(0.200001, None, "wilson"))
    assert not is_close(one, None)
    for other in (Interval(0.2, 0.5, "wilson"), Interval(0.21, None, "wilson")):
        assert not is_close(one, other)
    assert not is_close(one, one._replace(method="ratio"))
