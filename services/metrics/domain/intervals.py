"""Intervals of scores: the value stays plain, the interval is the adjusted one, clipped.

All work on full counts, so they describe the variation of the process, not sampling.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

Z = 1.959964
_ADDED = 3  # answers added by the adjusted intervals, spread over the categories


class Method(StrEnum):
    """How the interval of a score is made, as it is told with it."""

    WILSON = "wilson"
    ADJUSTED_MEAN = "adjusted_mean"
    ADJUSTED_NET = "adjusted_net"
    ADJUSTED_STRATA = "adjusted_strata"
    DIFFERENCE = "difference"
    MEAN = "mean"
    RATIO = "ratio"
    RANKS = "binomial_ranks"
    BOUNDS = "bounds"
    NONE = "none"


class Interval(NamedTuple):
    """A 95 % interval with its centre and standard error, before the ends were clipped."""

    low: float
    high: float
    centre: float
    error: float


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The Wilson score interval; needs at least one trial and no more successes than trials."""
    share = successes / trials
    shrink = 1 + Z * Z / trials
    centre = (share + Z * Z / (2 * trials)) / shrink
    half = Z * sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials)) / shrink
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == trials else min(1.0, centre + half)


def mean(counts: Mapping[int, int]) -> float:
    """The mean of a distribution that holds at least one answer."""
    return sum(answer * n for answer, n in counts.items()) / sum(counts.values())


def adjusted_mean(counts: Mapping[int, int], low: int, high: int) -> Interval:
    """The interval of the mean on a scale, mapped to 0..1, with 3/k answers added to each step."""
    return adjusted_strata([(1.0, counts)], low, high)


def adjusted_strata(
    strata: Iterable[tuple[float, Mapping[int, int]]], low: int, high: int
) -> Interval:
    """The interval of a mean over strata whose weights add up to 1, mapped to 0..1.

    The three answers are added once, to each stratum its weight of them: so one stratum has the
    adjusted mean, and many small ones are not drawn to the middle many times.
    """
    centre = variance = 0.0
    for weight, counts in strata:
        part, squared_error = _with_added(counts, low, high, _ADDED * weight)
        centre += weight * part
        variance += weight**2 * squared_error
    return _clipped(centre, sqrt(variance), (0.0, 1.0))


def _with_added(
    counts: Mapping[int, int], low: int, high: int, added: float
) -> tuple[float, float]:
    """Mean and squared standard error on 0..1 with `added` answers spread over the steps."""
    steps = range(low, high + 1)
    weights = {(x - low) / (high - low): counts.get(x, 0) + added / len(steps) for x in steps}
    total = sum(weights.values())
    centre = sum(x * weight for x, weight in weights.items()) / total
    spread = sum(weight * (x - centre) ** 2 for x, weight in weights.items()) / total
    return centre, spread / total


def difference(one: Interval, other: Interval) -> Interval:
    """The interval of one score on 0..1 minus that of another group."""
    error = sqrt(one.error**2 + other.error**2)
    return _clipped(one.centre - other.centre, error, (-1.0, 1.0))


def mean_of(n: int, total: float, squares: float, resolution: float = 0.0) -> Interval | None:
    """The interval of the mean of n >= 1 values on -1..1, from their sum and sum of squares, each
    stored to within `resolution`. None when they tell nothing of their spread.
    """
    spread = squares - total**2 / n
    if n < 2 or spread <= 2 * n * resolution:
        return None
    return _clipped(total / n, sqrt(spread / (n - 1) / n), (-1.0, 1.0))


def adjusted_net(positive: int, neutral: int, negative: int) -> Interval:
    """The interval of positive share minus negative share, on -1..1."""
    total = positive + neutral + negative + _ADDED
    up = (positive + _ADDED / 4) / total
    down = (negative + _ADDED / 4) / total
    return _clipped(up - down, sqrt((up + down - (up - down) ** 2) / total), (-1.0, 1.0))


class Clusters(NamedTuple):
    """Sums over journeys that bring several units each: `units` (m) of which `hits` (y) count."""

    journeys: int
    units: int
    hits: int
    units_squared: int  # of m * m
    products: int  # of m * y
    hits_squared: int  # of y * y


def ratio(sums: Clusters, highest: float = 1.0) -> Interval | None:
    """The interval of hits per unit when the units of one journey are alike; needs a unit.

    `highest` is the largest ratio there can be. None when the journeys tell nothing of their
    spread: there is one only, or all have the same ratio. No interval then, not one of width 0.
    """
    journeys, units, hits, units_squared, products, hits_squared = sums
    centre = hits / units
    # Summed as whole numbers: (y * M - Y * m)^2 with the totals M, Y is exact, so 0 is 0.
    spread = hits_squared * units**2 - 2 * products * hits * units + units_squared * hits**2
    if journeys < 2 or spread <= 0:
        return None
    error = sqrt(journeys / (journeys - 1) * spread) / units**2
    return _clipped(centre, error, (0.0, highest))


def _clipped(centre: float, error: float, ends: tuple[float, float]) -> Interval:
    low, high = max(ends[0], centre - Z * error), min(ends[1], centre + Z * error)
    return Interval(low, high, centre, error)
