"""Values and intervals of what is published, from rounded counts only (measures.md 4.4, 7).

An exact value would give the counts away: 0.692308 is 9 of 13. Metrics computes the same formulas
from exact counts; services share no code, and the golden values bind both.
"""

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

_Z = 1.959964
_ADDED = 3  # answers that the adjusted intervals add, spread over the categories


class Score(NamedTuple):
    """A value with its interval, and how that was made; None where there is nothing to say."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    method: str | None = None


def share(hits: int, trials: int) -> Score:
    """A proportion with Wilson's interval; rounding may make the part larger than the whole."""
    if trials <= 0:
        return Score()
    p, n = min(hits, trials) / trials, trials
    centre, shrink = p + _Z * _Z / (2 * n), 1 + _Z * _Z / n
    half = _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
    low, high = (centre - half) / shrink, (centre + half) / shrink
    return Score(p, 0.0 if p == 0 else max(0.0, low), 1.0 if p == 1 else min(1.0, high), "wilson")


def mean(answers: Mapping[int, int], steps: tuple[int, int]) -> Score:
    """The mean answer with the lowest step at 0 and the highest at 1."""
    n, (lowest, highest) = sum(answers.values()), steps
    if n == 0:
        return Score()
    every = range(lowest, highest + 1)
    place = {step: (step - lowest) / (highest - lowest) for step in every}
    added = {step: answers.get(step, 0) + _ADDED / len(every) for step in every}
    centre = sum(place[step] * times for step, times in added.items()) / (n + _ADDED)
    spread = sum(times * (place[step] - centre) ** 2 for step, times in added.items())
    value = sum(place[step] * times for step, times in answers.items()) / n
    return _within(value, centre, sqrt(spread) / (n + _ADDED), "adjusted_mean", 1)


def net(above: int, neutral: int, below: int, times: int) -> Score:
    """The share above less the share below, `times` that."""
    n = above + neutral + below
    if n == 0:
        return Score()
    up, down = (above + _ADDED / 4) / (n + _ADDED), (below + _ADDED / 4) / (n + _ADDED)
    error = sqrt((up + down - (up - down) ** 2) / (n + _ADDED))
    return _within((above - below) / n, up - down, error, "adjusted_net", times)


def _within(value: float, centre: float, error: float, method: str, times: int) -> Score:
    least = 0.0 if method == "adjusted_mean" else -1.0
    low, high = max(least, centre - _Z * error), min(1.0, centre + _Z * error)
    return Score(times * value, times * low, times * high, method)
