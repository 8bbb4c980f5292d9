"""Buckets and ranks of durations."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from services.metrics.domain.durations import (
    ZERO,
    bucket_of,
    in_order,
    quantile,
    quantile_interval,
    ranks,
    representative,
    seconds_between,
)
from tests.builders import at

NOON = at("2026-03-02 12:00")
seconds = st.floats(min_value=1e-3, max_value=1e9)


@given(seconds)
def test_a_bucket_stands_for_its_durations_within_two_percent(length: float) -> None:
    assert abs(representative(bucket_of(length)) - length) <= 0.02 * length * (1 + 1e-9)


@given(seconds, seconds)
def test_longer_durations_are_in_no_earlier_bucket(one: float, other: float) -> None:
    short, long = sorted((one, other))
    assert int(bucket_of(short)) <= int(bucket_of(long))


def test_nothing_at_all_has_a_bucket_of_its_own() -> None:
    assert (bucket_of(0), representative(ZERO)) == ("zero", 0.0)


def test_fifty_days_are_in_bucket_382() -> None:
    assert bucket_of(timedelta(days=50).total_seconds()) == "382"
    assert representative("382") == pytest.approx(50 * 86400, rel=0.02)


def test_a_span_is_never_negative() -> None:
    assert seconds_between(NOON, NOON - timedelta(hours=1)) == 0
    assert seconds_between(NOON, NOON + timedelta(hours=1)) == 3600


def test_buckets_are_ordered_by_length_and_empty_ones_left_out() -> None:
    assert list(in_order({"10": 1, "9": 2, "-3": 1, "zero": 4, "8": 0})) == [
        "zero",
        "-3",
        "9",
        "10",
    ]


@given(
    st.lists(seconds, min_size=1, max_size=200),
    st.sampled_from([Fraction(1, 2), Fraction(9, 10)]),
    st.integers(0, 50),
)
def test_a_quantile_is_the_nearest_rank(lengths: list[float], share: Fraction, never: int) -> None:
    counts: dict[str, int] = {}
    for length in lengths:
        counts[bucket_of(length)] = counts.get(bucket_of(length), 0) + 1
    population = len(lengths) + never
    rank = ceil(share * population)
    by_hand = sorted(lengths, key=lambda length: int(bucket_of(length)))
    expected = representative(bucket_of(by_hand[rank - 1])) if rank <= len(lengths) else None
    assert quantile(counts, float(share), population) == expected


def test_the_quantile_of_nothing_is_not_reached() -> None:
    assert quantile({}, 0.5, 0) is None


@given(st.integers(1, 3000), st.sampled_from([0.1, 0.5, 0.9]))
def test_the_ranks_are_those_of_the_binomial(population: int, share: float) -> None:
    low, high = ranks(share, population)
    assert (low, high - 1) == tuple(binom.ppf([0.025, 0.975], population, share))


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_million_have_ranks_too(share: float) -> None:
    low, high = ranks(share, 1_000_000)
    assert (low, high - 1) == tuple(binom.ppf([0.025, 0.975], 1_000_000, share))


def test_the_first_of_few_may_be_preceded_by_shorter_ones() -> None:
    assert quantile_interval({"10": 3}, 0.5, 3) == (0.0, None)


@given(st.lists(seconds, min_size=1, max_size=200), st.sampled_from([0.5, 0.9]))
def test_a_quantile_lies_in_its_interval(lengths: list[float], share: float) -> None:
    counts = Counter(bucket_of(length) for length in lengths)
    low, high = quantile_interval(counts, share, len(lengths))
    value = quantile(counts, share, len(lengths))
    assert low is not None
    assert value is not None
    assert low <= value <= (inf if high is None else high)
