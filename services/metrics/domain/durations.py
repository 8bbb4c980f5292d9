"""Durations in logarithmic buckets of 2 % relative error: counts that add, subtract and rank."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from math import ceil, log

_ERROR = 0.02
GAMMA = (1 + _ERROR) / (1 - _ERROR)
ZERO = "zero"
_WIDTH = log(GAMMA)
_TAIL = 0.025  # on either side of a 95 % interval
_NEGLIGIBLE = 1e-18


def seconds_between(earlier: datetime, later: datetime) -> float:
    """The span in seconds; one that would be negative counts as nothing."""
    return max(0.0, (later - earlier).total_seconds())


def bucket_of(seconds: float) -> str:
    """The bucket's index as text, or `zero`."""
    return ZERO if seconds <= 0 else str(ceil(log(seconds) / _WIDTH))


def representative(bucket: str) -> float:
    """The seconds a bucket stands for: within 2 % of everything in it."""
    return 0.0 if bucket == ZERO else 2 * GAMMA ** int(bucket) / (GAMMA + 1)


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """The buckets that hold something, from short to long."""
    held = (bucket for bucket, n in counts.items() if n > 0)
    return {bucket: counts[bucket] for bucket in sorted(held, key=representative)}


def quantile(counts: Mapping[str, int], share: float, population: int) -> float | None:
    """Nearest rank: the seconds within which `share` of the population is; None when the counts
    do not reach that rank (some of the population never got there).
    """
    return at_rank(counts, max(1, ceil(round(share * population, 9))))


def at_rank(counts: Mapping[str, int], rank: int) -> float | None:
    """The seconds of the `rank`-th shortest, counted from 1; None when there are not so many."""
    seen = 0
    for bucket, n in in_order(counts).items():
        seen += n
        if seen >= rank:
            return representative(bucket)
    return None


def quantile_interval(
    counts: Mapping[str, int], share: float, population: int
) -> tuple[float | None, float | None]:
    """A 95 % interval of a quantile, whatever the distribution: the durations at two ranks, the
    first of which may come before the shortest: no duration is below 0. None is an end that the
    counts do not reach.
    """
    low, high = ranks(share, population)
    return at_rank(counts, low) if low > 0 else 0.0, at_rank(counts, high)


@lru_cache(maxsize=4096)
def ranks(share: float, population: int) -> tuple[int, int]:
    """The ranks that the quantile lies between in 95 % of samples: how many of `population` are
    below it is binomial. From 0, which is before the first, to one more than there are.
    """
    weights = _binomial(share, population)
    below = list(accumulate(weights.values()))
    tail, successes = _TAIL * below[-1], list(weights)
    return (
        successes[bisect_left(below, tail)],
        successes[bisect_left(below, below[-1] - tail)] + 1,
    )


def _binomial(share: float, trials: int) -> Mapping[int, float]:
    """By number of successes, from few to many: how probable it is beside the most probable one.
    What is next to impossible is left out, so that a million trials cost some thousand steps.
    """
    odds, mode = share / (1 - share), int((trials + 1) * share)
    fewer: dict[int, float] = {}
    weight = 1.0
    for k in range(mode, 0, -1):
        weight *= k / (trials - k + 1) / odds
        if weight < _NEGLIGIBLE:
            break
        fewer[k - 1] = weight
    weights = dict(reversed(fewer.items())) | {mode: 1.0}
    weight = 1.0
    for k in range(mode, trials):
        weight *= (trials - k) / (k + 1) * odds
        if weight < _NEGLIGIBLE:
            break
        weights[k + 1] = weight
    return weights
