"""Durations in logarithmic buckets of 2 % relative error: counts that add, subtract and rank."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil, log

_ERROR = 0.02
GAMMA = (1 + _ERROR) / (1 - _ERROR)
ZERO = "zero"


def seconds_between(earlier: datetime, later: datetime) -> float:
    """The span in seconds; one that would be negative counts as nothing."""
    return max(0.0, (later - earlier).total_seconds())


def bucket_of(seconds: float) -> str:
    """The bucket's index as text, or `zero`."""
    return ZERO if seconds <= 0 else str(ceil(log(seconds) / log(GAMMA)))


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
    rank, seen = max(1, ceil(round(share * population, 9))), 0
    for bucket, n in in_order(counts).items():
        seen += n
        if seen >= rank:
            return representative(bucket)
    return None
