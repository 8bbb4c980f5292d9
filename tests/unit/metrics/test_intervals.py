"""The intervals: the golden values, and an independent library."""

from collections import Counter
from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from services.metrics.domain.intervals import (
    Clusters,
    Z,
    adjusted_mean,
    adjusted_net,
    adjusted_strata,
    difference,
    mean,
    mean_of,
    ratio,
    wilson,
)

A = {1: 5, 2: 10, 3: 15, 4: 40, 5: 30}
distributions = st.dictionaries(st.integers(1, 5), st.integers(1, 500), min_size=1)


def near(*values: float) -> object:
    return pytest.approx(values, abs=5e-7)


def test_the_mean_of_the_golden_distribution() -> None:
    assert mean(A) == 3.8


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (A, (0.6391, 0.7492, 0.694175, 0.028082)),
        ({5: 4}, (0.5347, 1.0, 0.785714, 0.128060)),
    ],
)
def test_adjusted_mean_has_the_golden_values(
    counts: dict[int, int], expected: tuple[float, ...]
) -> None:
    low, high, centre, error = adjusted_mean(counts, 1, 5)
    assert (round(low, 4), round(high, 4)) == expected[:2]
    assert (centre, error) == near(*expected[2:])


@given(distributions)
def test_adjusted_mean_is_that_of_statsmodels_on_the_added_answers(counts: dict[int, int]) -> None:
    values = [(step - 1) / 4 for step in range(1, 6)]
    weights = [counts.get(step, 0) + 0.6 for step in range(1, 6)]
    peer = DescrStatsW(values, weights=weights, ddof=0)
    found = adjusted_mean(counts, 1, 5)
    error = peer.std / sum(weights) ** 0.5
    assert (found.centre, found.error) == near(peer.mean, error)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((70, 15, 15), (0.3902, 0.6778, 0.533981, 0.073384)),
        ((4, 0, 0), (0.0694, 1.0, 0.571429, 0.256120)),
    ],
)
def test_adjusted_net_has_the_golden_values(
    parts: tuple[int, int, int], expected: tuple[float, ...]
) -> None:
    low, high, centre, error = adjusted_net(*parts)
    assert (round(low, 4), round(high, 4)) == expected[:2]
    assert (centre, error) == near(*expected[2:])


def test_adjusted_net_times_100_is_that_of_the_recommendation_score() -> None:
    low, high, centre, error = (100 * part for part in adjusted_net(50, 30, 20))
    assert [round(part, 2) for part in (low, high, centre)] == [14.05, 44.20, 29.13]
    assert round(error, 3) == 7.692
    low, high, centre, error = (100 * part for part in adjusted_net(4, 0, 0))
    assert [round(part, 2) for part in (low, high, centre, error)] == [6.94, 100, 57.14, 25.61]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (70, 100, 0.6042, 0.7811),
        (4, 4, 0.5101, 1),
        (0, 5, 0, 0.4345),
        (820, 1000, 0.7950, 0.8426),
        (8, 28, 0.1525, 0.4706),
    ],
)
def test_wilson_has_the_golden_values(hits: int, of: int, low: float, high: float) -> None:
    assert tuple(round(end, 4) for end in wilson(hits, of)) == (low, high)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_statsmodels(parts: tuple[int, int]) -> None:
    peer = proportion_confint(*parts, alpha=0.05, method="wilson")
    assert wilson(*parts) == pytest.approx(peer, abs=1e-6)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_stays_in_range_around_its_share(parts: tuple[int, int]) -> None:
    low, high = wilson(*parts)
    assert 0 <= low <= parts[0] / parts[1] <= high <= 1


@given(distributions)
def test_the_adjusted_mean_stays_in_range(counts: dict[int, int]) -> None:
    found = adjusted_mean(counts, 1, 5)
    assert 0 <= found.low < found.centre < found.high <= 1


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_adjusted_net_stays_in_range(positive: int, neutral: int, negative: int) -> None:
    found = adjusted_net(positive, neutral, negative)
    assert -1 <= found.low < found.high <= 1


@given(distributions)
def test_one_stratum_has_the_adjusted_mean(counts: dict[int, int]) -> None:
    halves = adjusted_strata([(0.5, counts), (0.5, counts)], 1, 5)
    whole = adjusted_mean({answer: 2 * n for answer, n in counts.items()}, 1, 5)
    assert tuple(halves) == near(*whole)


def test_strata_have_the_error_of_measures_where_the_added_answers_do_not_matter() -> None:
    few, many = {1: 30_000, 5: 10_000}, {4: 20_000, 5: 60_000}
    peers = [
        DescrStatsW([(x - 1) / 4 for x in counts], weights=list(counts.values()), ddof=0)
        for counts in (few, many)
    ]
    found = adjusted_strata([(0.9, few), (0.1, many)], 1, 5)
    error = ((0.9 * peers[0].std_mean) ** 2 + (0.1 * peers[1].std_mean) ** 2) ** 0.5
    assert found.centre == pytest.approx(0.9 * peers[0].mean + 0.1 * peers[1].mean, abs=1e-4)
    assert found.error == pytest.approx(error, rel=1e-3)


def test_strata_with_few_answers_each_are_covered_as_promised() -> None:
    """Of 1500 surveys with four strata of five answers; without the added ones it is 81 %."""
    random = Random(5)
    weights = (0.5, 0.3, 0.15, 0.05)
    shapes = ((2, 3, 5, 20, 70), (1, 1, 3, 5, 90), (30, 20, 20, 20, 10), (10, 10, 20, 30, 30))
    true = sum(
        weight * sum(share / 100 * step / 4 for step, share in enumerate(shape))
        for weight, shape in zip(weights, shapes, strict=True)
    )
    surveys = [
        [Counter(random.choices(range(1, 6), shape, k=5)) for shape in shapes] for _ in range(1500)
    ]
    found = [adjusted_strata(zip(weights, answers, strict=True), 1, 5) for answers in surveys]
    covered = sum(interval.low <= true <= interval.high for interval in found) / len(found)
    assert 0.93 <= covered <= 0.97


@given(distributions, distributions)
def test_a_difference_has_the_errors_of_both(one: dict[int, int], other: dict[int, int]) -> None:
    a, b = adjusted_mean(one, 1, 5), adjusted_mean(other, 1, 5)
    found = difference(a, b)
    assert (found.centre, found.error**2) == near(a.centre - b.centre, a.error**2 + b.error**2)
    assert -1 <= found.low < found.high <= 1


GAPS = [-0.25, 0, -0.5, 0.25, -0.25]


def test_mean_of_has_the_golden_values_of_the_journey_gap() -> None:
    found = mean_of(5, sum(GAPS), sum(gap * gap for gap in GAPS))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (-0.3998, 0.0998)
    assert (found.centre, found.error) == near(-0.15, 0.127475)


@given(st.lists(st.integers(-100, 100), min_size=2).filter(lambda values: len(set(values)) > 1))
def test_mean_of_is_the_sample_mean_of_statsmodels(hundredths: list[int]) -> None:
    values = [value / 100 for value in hundredths]
    peer = DescrStatsW(values)
    found = mean_of(len(values), sum(values), sum(value * value for value in values))
    assert found is not None
    assert (found.centre, found.error) == near(peer.mean, peer.std_mean)


@pytest.mark.parametrize("values", [[0.5], [1 / 3] * 2, [0.0] * 9])
def test_a_mean_without_spread_has_no_interval(values: list[float]) -> None:
    stored = [round(value, 6) for value in values], [round(value**2, 6) for value in values]
    assert mean_of(len(values), sum(stored[0]), sum(stored[1]), resolution=1e-6) is None


def clusters(journeys: list[tuple[int, int]]) -> Clusters:
    """The sums of (units, hits) per journey."""
    return Clusters(
        len(journeys),
        sum(m for m, _ in journeys),
        sum(y for _, y in journeys),
        sum(m * m for m, _ in journeys),
        sum(m * y for m, y in journeys),
        sum(y * y for _, y in journeys),
    )


def test_ratio_has_the_golden_values() -> None:
    found = ratio(clusters([(1, 0)] * 15 + [(2, 1)] * 4 + [(5, 4)]))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0755, 0.4960)
    assert (found.centre, found.error) == near(0.285714, 0.107277)


units_and_hits = st.tuples(st.integers(1, 9), st.integers(0, 9))


@given(st.lists(units_and_hits, min_size=2, max_size=40))
def test_ratio_is_that_of_its_definition(journeys: list[tuple[int, int]]) -> None:
    units, hits = (sum(part) for part in zip(*journeys, strict=True))
    p, n = hits / units, len(journeys)
    error = (n / (n - 1) * sum((y - p * m) ** 2 for m, y in journeys)) ** 0.5 / units
    found = ratio(clusters(journeys), inf)
    if found is None:
        assert error == pytest.approx(0, abs=1e-9)
    else:
        assert (found.centre, found.error) == near(p, error)


@given(st.lists(st.integers(0, 1), min_size=2, max_size=200).filter(lambda y: 0 < sum(y) < len(y)))
def test_ratio_of_single_units_is_the_sample_error_of_statsmodels(hits: list[int]) -> None:
    found = ratio(clusters([(1, hit) for hit in hits]))
    assert found is not None
    assert found.error == pytest.approx(DescrStatsW(hits).std_mean)


@pytest.mark.parametrize("journeys", [[(3, 1)], [(1, 0)] * 9, [(2, 1), (4, 2)]])
def test_a_ratio_without_spread_has_no_interval(journeys: list[tuple[int, int]]) -> None:
    assert ratio(clusters(journeys)) is None


def test_a_ratio_may_exceed_one_where_its_range_does() -> None:
    found = ratio(clusters([(1, 0), (1, 6)]), highest=inf)
    assert found is not None
    assert (found.low, round(found.high, 2)) == (0.0, 8.88)


def test_z_is_that_of_95_percent() -> None:
    assert round(Z, 6) == 1.959964
