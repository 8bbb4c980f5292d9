"""From the answers to one question to its score: a mean, a share or a balance.

One answer set gives many national figures; what differs is which answers count as what, on which
scale. On a scale that a measure is not defined for it says nothing.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from schemas.vocabulary import SCALE_RANGE, Scale
from services.metrics.domain.intervals import Method, adjusted_mean, adjusted_net, mean
from services.metrics.domain.measures.family import Reading, Score, held, share

Scoring = Callable[[Reading], Score | None]
Answers = frozenset[int]


class Sides(NamedTuple):
    """Which answers are for and which against; the others are neutral."""

    above: Answers
    below: Answers


# The two best answers; of two or three steps that would be nearly everybody.
TOP_TWO = {
    scale: frozenset({SCALE_RANGE[scale][1] - 1, SCALE_RANGE[scale][1]})
    for scale in (Scale.ONE_TO_FIVE, Scale.ONE_TO_SEVEN, Scale.ONE_TO_TEN, Scale.ZERO_TO_TEN)
}
ON_0_TO_1 = dict.fromkeys(Scale, (0.0, 1.0))
# The French marks: 10, 7.5, 5, 2.5, 0 of five steps; 10, 5, 0 of three smileys.
ON_0_TO_10 = {Scale.ONE_TO_FIVE: (0.0, 10.0), Scale.SMILEYS: (0.0, 10.0)}
ON_ITSELF = {
    scale: (1.0, float(SCALE_RANGE[scale][1]))
    for scale in (Scale.ONE_TO_FIVE, Scale.ONE_TO_SEVEN, Scale.ONE_TO_TEN)
}


def mean_on(ends: Mapping[Scale, tuple[float, float]]) -> Scoring:
    """The mean with the scale's lowest answer brought to the first end, its highest to the second;
    the interval is the adjusted one. The numerator is the sum of the answers as given.
    """

    def score(reading: Reading) -> Score | None:
        scale = Scale(reading.labels["scale"])
        if scale not in ends:
            return None
        return mean_score(answers_in(reading), SCALE_RANGE[scale], ends[scale])

    return score


def mean_score(
    answers: Mapping[int, int], steps: tuple[int, int], ends: tuple[float, float]
) -> Score:
    """The mean of answers from step to step, brought to the two ends."""
    n = sum(answers.values())
    if n == 0:
        return Score(0, 0, 0, distribution={})
    (lowest, highest), (first, second) = steps, ends
    interval = adjusted_mean(answers, lowest, highest)
    return Score(
        n=n,
        numerator=sum(answer * times for answer, times in answers.items()),
        denominator=n,
        value=first + (mean(answers) - lowest) / (highest - lowest) * (second - first),
        low=first + interval.low * (second - first),
        high=first + interval.high * (second - first),
        method=Method.ADJUSTED_MEAN,
        distribution=_named(answers),
    )


def share_of(favourable: Mapping[Scale, Answers]) -> Scoring:
    """The share of the answers that count as favourable on their scale, with Wilson's interval."""

    def score(reading: Reading) -> Score | None:
        counting = favourable.get(Scale(reading.labels["scale"]))
        if counting is None:
            return None
        answers = answers_in(reading)
        return share(_among(answers, counting), sum(answers.values()), _named(answers))

    return score


def net_of(sides: Mapping[Scale, Sides], times: int = 1) -> Scoring:
    """The share above minus the share below, `times` that, with the adjusted interval."""

    def score(reading: Reading) -> Score | None:
        split = sides.get(Scale(reading.labels["scale"]))
        if split is None:
            return None
        answers = answers_in(reading)
        above, below = (_among(answers, side) for side in split)
        neutral = sum(answers.values()) - above - below
        return balance(above, neutral, below, _named(answers), times)

    return score


def balance(
    above: int, neutral: int, below: int, distribution: Mapping[str, int], times: int = 1
) -> Score:
    """(above - below) / all, `times` that; of nothing it is None."""
    n, net = above + neutral + below, above - below
    if n == 0:
        return Score(0, 0, 0, distribution=distribution)
    interval = adjusted_net(above, neutral, below)
    return Score(
        n=n,
        numerator=net,
        denominator=n,
        value=times * net / n,
        low=times * interval.low,
        high=times * interval.high,
        method=Method.ADJUSTED_NET,
        distribution=distribution,
    )


def answers_in(reading: Reading) -> dict[int, int]:
    """The answers of the one cell measure that is read, from low to high."""
    (counts,) = reading.counts.values()
    return dict(sorted((int(answer), n) for answer, n in held(counts).items()))


def _among(answers: Mapping[int, int], counting: Answers) -> int:
    return sum(n for answer, n in answers.items() if answer in counting)


def _named(answers: Mapping[int, int]) -> dict[str, int]:
    return {str(answer): n for answer, n in answers.items()}
