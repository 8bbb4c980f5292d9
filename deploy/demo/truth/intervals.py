"""Between what a number lies in 95 of 100 such periods, straight from the definitions.

The value is plain and the interval the adjusted one, clipped to what is possible: so a score may
lie off the middle of its interval.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from math import exp, inf, lgamma, log, sqrt
from typing import NamedTuple

_Z = 1.959964
_ADDED = 3  # answers nobody gave, spread evenly over what could have been answered
_TAIL = 0.025
_NEVER_SO_FAR = 9  # standard deviations
_MILLION = 1_000_000
Answers = Mapping[int, int]
Ends = tuple[int, int]
Clusters = Mapping[tuple[int, int], int]
"""Of how many journeys each brought so many units, of which so many count."""


class Interval(NamedTuple):
    """None is an end that nobody came to."""

    low: float | None
    high: float | None
    method: str


class _Estimate(NamedTuple):
    """A score as it would be with the added answers, and its squared standard error."""

    centre: float
    variance: float

    def within(
        self, low: float, high: float, method: str, times: float = 1, plus: float = 0
    ) -> Interval:
        reach = _Z * sqrt(self.variance)
        ends = max(low, self.centre - reach), min(high, self.centre + reach)
        return Interval(plus + times * ends[0], plus + times * ends[1], method)


def wilson(hits: float, of: int) -> Interval:
    """From the least to the most a share can be for the observed one to be not too far off."""
    share = min(1.0, hits / of)
    return Interval(_least(share, of), 1 - _least(1 - share, of), "wilson")


def _least(share: float, of: int) -> float:
    """The smaller root of (share - x)² = z² x (1 - x) / of."""
    q = _Z * _Z / of
    return 2 * share**2 / (2 * share + q + sqrt(q * (q + 4 * share * (1 - share))))


def mean(answers: Answers, steps: Ends, bottom: float = 0.0, top: float = 1.0) -> Interval:
    """Of a mean answer, with the lowest step brought to `bottom` and the highest to `top`."""
    told = _adjusted(answers, steps, _ADDED)
    return told.within(0, 1, "adjusted_mean", top - bottom, bottom)


def net(above: int, neutral: int, below: int, times: int = 1) -> Interval:
    """Of the share above less the share below: half of what is added is neutral."""
    n = above + neutral + below + _ADDED
    up, down = (above + _ADDED / 4) / n, (below + _ADDED / 4) / n
    told = _Estimate(up - down, (up + down - (up - down) ** 2) / n)
    return told.within(-1, 1, "adjusted_net", times)


def strata(parts: Iterable[tuple[float, Answers]], steps: Ends) -> Interval:
    """Of means weighted by shares that add up to 1: each is added to by its weight."""
    told = [(weight, _adjusted(answers, steps, _ADDED * weight)) for weight, answers in parts]
    centre = sum(weight * one.centre for weight, one in told)
    variance = sum(weight**2 * one.variance for weight, one in told)
    return _Estimate(centre, variance).within(0, 1, "adjusted_strata")


def difference(some: Answers, others: Answers, steps: Ends) -> Interval:
    """Of the mean of some people less that of the others."""
    one, other = (_adjusted(answers, steps, _ADDED) for answers in (some, others))
    both = _Estimate(one.centre - other.centre, one.variance + other.variance)
    return both.within(-1, 1, "difference")


def gap(n: int, total: int, squares: int) -> Interval | None:
    """Of the mean of n gaps, from sums in millionths; None where they are alike as far as those
    can tell.
    """
    # A gap is off by half a millionth at most, and n gaps and their squares by so much together.
    spread = (squares - total**2 / n / _MILLION) / _MILLION
    if n < 2 or spread <= 2 * n / _MILLION:
        return None
    return _Estimate(total / n / _MILLION, spread / (n - 1) / n).within(-1, 1, "mean")


def ratio(value: float, journeys: Clusters, highest: float = inf) -> Interval | None:
    """Of hits per unit: units of one journey are alike, so journeys are what varies."""
    n = sum(journeys.values())
    units = sum(m * times for (m, _), times in journeys.items())
    hits = sum(y * times for (_, y), times in journeys.items())
    off = sum(times * (y * units - m * hits) ** 2 for (m, y), times in journeys.items())
    if n < 2 or units == 0 or off == 0:
        return None
    variance = n / (n - 1) * off / units**4
    return _Estimate(value, variance).within(0, highest, "ratio")


def ranks(percent: int, population: int, at: Callable[[int], float | None]) -> Interval | None:
    """Between the lengths of two of the population in order; `at` tells the length by rank. None
    when not even the first of them got there.
    """
    first, last = _ranks(percent, population)
    low = at(first) if first else 0.0
    return None if low is None else Interval(low, at(last), "binomial_ranks")


@cache
def _ranks(percent: int, n: int) -> tuple[int, int]:
    """How many of n lie below a quantile, hardly ever fewer and hardly ever more; then one on."""
    share = percent / 100
    far = int(_NEVER_SO_FAR * sqrt(n * share * (1 - share))) + 1
    first = last = max(0, int(n * share) - far)
    seen = 0.0
    for k in range(first, min(n, int(n * share) + far) + 1):
        seen += _binomial(k, n, share)
        first += seen < _TAIL
        last += seen < 1 - _TAIL
    return first, last + 1


def _binomial(k: int, n: int, p: float) -> float:
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(p) + (n - k) * log(1 - p))


def _adjusted(answers: Answers, steps: Ends, added: float) -> _Estimate:
    """The mean on 0..1 with so many answers spread evenly over the steps."""
    low, high = steps
    each = added / (high - low + 1)
    weights = {
        (step - low) / (high - low): answers.get(step, 0) + each for step in range(low, high + 1)
    }
    n = sum(weights.values())
    centre = sum(x * weight for x, weight in weights.items()) / n
    return _Estimate(centre, sum(w * (x - centre) ** 2 for x, w in weights.items()) / n**2)
