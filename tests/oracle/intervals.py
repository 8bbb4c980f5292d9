"""Between what a number lies in 95 of 100 such periods.

Statisticians' libraries do the work: statsmodels' Wilson interval, its weighted means and
variances, its interval of a mean; numpy's covariances for a ratio; scipy's binomial quantiles for
the ranks. What is ours is only which answers are added before, as the definitions say.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import inf, isclose
from typing import NamedTuple

import numpy as np
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

Ends = tuple[float, float]
Steps = tuple[int, int]
Answers = Mapping[int, int]
Cluster = tuple[int, int]
"""Of one journey: so many units, of which so many count."""

_Z = 1.959964
_BEYOND = 0.05  # this share of periods lies outside
_ADDED = 3
_CLOSE = 1e-6  # sums are kept in millionths


class Interval(NamedTuple):
    """None is an end that nobody came to."""

    low: float | None
    high: float | None
    method: str


def is_close(one: Interval | None, other: Interval | None) -> bool:
    """Whether two ways came to the same interval."""
    if one is None or other is None:
        return one is other
    pairs = ((one.low, other.low), (one.high, other.high))
    return one.method == other.method and all(_is_same_end(*pair) for pair in pairs)


def _is_same_end(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=_CLOSE, abs_tol=10 * _CLOSE)


@cache
def wilson(hits: float, of: int) -> Interval | None:
    """Of a share."""
    if of <= 0:
        return None
    low, high = proportion_confint(min(hits, of), of, _BEYOND, "wilson")
    return Interval(float(low), float(high), "wilson")


def mean(answers: Answers, steps: Steps, ends: Ends = (0, 1)) -> Interval:
    """Of a mean answer, with the lowest step brought to the first end, the highest to the second:
    the added answers are spread evenly over the steps.
    """
    low, high = _clipped(*_centre_and_error(answers, steps, _ADDED), (0, 1))
    first, last = ends
    return Interval(first + low * (last - first), first + high * (last - first), "adjusted_mean")


def net(above: int, neutral: int, below: int, times: int = 1) -> Interval:
    """Of the share above less the share below: half of the added answers are neutral."""
    weights = {1.0: above + _ADDED / 4, 0.0: neutral + _ADDED / 2, -1.0: below + _ADDED / 4}
    low, high = _clipped(*_weighted(weights), (-1, 1))
    return Interval(times * low, times * high, "adjusted_net")


def strata(parts: Sequence[tuple[float, Answers]], steps: Steps) -> Interval:
    """Of means that are weighted; each stratum has its weight of the added answers."""
    weights = np.array([weight for weight, _ in parts])
    told = np.array([_centre_and_error(answers, steps, _ADDED * w) for w, answers in parts])
    error = float(np.linalg.norm(weights * told[:, 1]))
    ends = _clipped(float(weights @ told[:, 0]), error, (0, 1))
    return Interval(*ends, "adjusted_strata")


def difference(some: Answers, others: Answers, steps: Steps) -> Interval:
    """Of the mean of some people less that of the others, who are independent of them."""
    one, other = (_centre_and_error(answers, steps, _ADDED) for answers in (some, others))
    ends = _clipped(one[0] - other[0], float(np.hypot(one[1], other[1])), (-1, 1))
    return Interval(*ends, "difference")


def gap(gaps: Sequence[float]) -> Interval | None:
    """Of the mean of these; None where they say nothing of how they spread."""
    if np.ptp(gaps) <= _CLOSE:
        return None
    low, high = DescrStatsW(np.array(gaps)).zconfint_mean(_BEYOND)
    return Interval(max(-1.0, float(low)), min(1.0, float(high)), "mean")


def ratio(value: float, journeys: Sequence[Cluster], highest: float = inf) -> Interval | None:
    """Of hits per unit, by the delta method: journeys vary, and with them units and hits together.
    None where there are no two different ones.
    """
    units, hits = np.array(journeys).reshape(-1, 2).T
    if len(journeys) < 2 or not np.any(hits * units.sum() != units * hits.sum()):
        return None
    slope = np.array([-hits.sum() / units.sum(), 1.0])
    variance = slope @ np.cov(units, hits) @ slope / len(journeys) / units.mean() ** 2
    return Interval(*_clipped(value, float(np.sqrt(variance)), (0, highest)), "ratio")


def ranks(quantile: float, of: int, at: Callable[[int], float | None]) -> Interval | None:
    """Of a quantile: how many of `of` lie below it is binomial, whatever they are. `at` tells of
    the one at a rank; nothing is shorter than 0.
    """
    first, last = (int(binom.ppf(p, of, quantile)) for p in (_BEYOND / 2, 1 - _BEYOND / 2))
    low = at(first) if first else 0.0
    return None if low is None else Interval(low, at(last + 1), "binomial_ranks")


def _centre_and_error(answers: Answers, steps: Steps, added: float) -> tuple[float, float]:
    low, high = steps
    scale = range(low, high + 1)
    each = added / len(scale)
    return _weighted({(step - low) / (high - low): answers.get(step, 0) + each for step in scale})


def _weighted(weights: Mapping[float, float]) -> tuple[float, float]:
    told = DescrStatsW(np.array(list(weights)), np.array(list(weights.values())))
    return float(told.mean), float(np.sqrt(told.var / told.sum_weights))


def _clipped(centre: float, error: float, ends: Ends) -> Ends:
    return max(ends[0], centre - _Z * error), min(ends[1], centre + _Z * error)
