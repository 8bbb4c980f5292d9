"""Between what a number of the oracle lies in 95 of 100 such periods.

A statistician's library does the work: its Wilson interval, and its weighted mean and variance of
the answers with three more among them, spread as the definition says. What is made of more than
one number's own counts (ratios, ranks, strata, differences) is not worked out here.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from schemas.vocabulary import SCALE_RANGE, Polarity, Scale
from tests.oracle.measures.units import Dimensions, Number

Ends = tuple[float, float]
_Z = 1.959964
_ADDED = 3
SHARES = frozenset(
    {
        *("completion_rate.live", "abandonment_rate", "undecided_rate", "start_rate"),
        *("channel_switch_rate", "channel_loyalty", "response_rate", "coverage"),
        *("step_dropoff", "help_sought", "loop_share", "detour_share", "return_rate"),
        *("satisfaction.top2", "trust.positive", "task_success.gc", "ease.top2"),
        *("recommend_intent", "reuse_intent", "trust.level"),
    }
)
# What the lowest and the highest step are worth; None: what they are.
MEANS: Mapping[str, Ends | None] = {
    "satisfaction.linear": (0, 1),
    "satisfaction.fr10": (0, 10),
    "comprehension.fr10": (0, 10),
    "help_quality.fr10": (0, 10),
    "ease": None,
}
# Which bins count for it, which against it, and how often.
NETS: Mapping[str, tuple[Sequence[str], Sequence[str], int]] = {
    "satisfaction.net": (("4", "5"), ("1", "2"), 1),
    "trust.change_net": (("4", "5"), ("1", "2"), 1),
    "nps": (("9", "10"), tuple("0123456"), 100),
    "driver_balance": ((Polarity.POSITIVE,), (Polarity.NEGATIVE,), 1),
}


def interval(metric_id: str, of: Dimensions, number: Number) -> Ends | None:
    """Of a number of one of these measures that has a value."""
    if metric_id in SHARES:
        return _wilson(number.numerator or 0, int(number.denominator or number.n))
    told = number.distribution or {}
    if metric_id in NETS:
        return _net(told, *NETS[metric_id])
    steps = SCALE_RANGE[Scale(dict(of)["scale"])]
    first, last = MEANS[metric_id] or steps
    low, high = _mean({int(answer): n for answer, n in told.items()}, steps)
    return first + low * (last - first), first + high * (last - first)


def _wilson(hits: float, of: int) -> Ends:
    low, high = proportion_confint(min(hits, of), of, 0.05, "wilson")
    return float(low), float(high)


def _mean(answers: Mapping[int, int], steps: tuple[int, int]) -> Ends:
    low, high = steps
    each = _ADDED / (high - low + 1)
    scale = range(low, high + 1)
    weights = {(step - low) / (high - low): answers.get(step, 0) + each for step in scale}
    return _around(weights, (0, 1))


def _net(told: Mapping[str, int], above: Sequence[str], below: Sequence[str], times: int) -> Ends:
    up, down = (sum(told.get(bin_, 0) for bin_ in side) for side in (above, below))
    neutral = sum(told.values()) - up - down
    weights = {1.0: up + _ADDED / 4, 0.0: neutral + _ADDED / 2, -1.0: down + _ADDED / 4}
    low, high = _around(weights, (-1, 1))
    return times * low, times * high


def _around(weights: Mapping[float, float], ends: Ends) -> Ends:
    told = DescrStatsW(np.array(list(weights)), np.array(list(weights.values())))
    error = float(np.sqrt(told.var / told.sum_weights))
    return max(ends[0], float(told.mean) - _Z * error), min(ends[1], float(told.mean) + _Z * error)
