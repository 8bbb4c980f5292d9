"""From the sums of one cell to what its message must say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from math import inf

from deploy.demo.truth.intervals import Interval, gap, mean, net, ranks, ratio, wilson
from deploy.demo.truth.opinion import FIGURES
from deploy.demo.truth.parts import Dimensions, Part, seconds_of
from deploy.demo.truth.times import QUANTILES
from schemas.vocabulary import SCALE_RANGE, Polarity, PublishState, Scale

_COUNTS = frozenset(
    {
        "channel_switches",
        "contacts",
        "contacts.by_reason",
        "estimated.answers",
        "estimated.contacts",
        "estimated.events",
        "estimated.themes",
        "journeys_ended",
        "journeys_started",
        "moderated.answers",
        "moderated.contacts",
        "moderated.events",
        "moderated.themes",
        "survey_answered",
        "survey_dismissed",
        "survey_offered",
        "touchpoint_events",
        "touchpoint_journeys",
    }
)
_FEWEST = {
    "time_to_complete.completed": 10,
    "time_to_complete.from_need": 10,
    "help_reachability": 100,
}
# What is no share: balances, means in their own steps, and a ratio. nps counts in a hundred.
_UNBOUNDED = {
    "contacts_per_resolved": 1,
    "driver_balance": 1,
    "ease": 1,
    "nps": 100,
    "satisfaction.net": 1,
    "trust.change_net": 1,
}
_OF_JOURNEYS = frozenset(
    {
        "avoidable_contact_share",
        "avoidable_contact_share.by_reason",
        "contacts_per_resolved",
        "repeat_contact_rate.28d",
        "repeat_contact_rate.7d",
    }
)
"""Whose units repeat within a journey."""
_EXACT = frozenset(
    {
        "bot_share",
        "digital_takeup.excl",
        "digital_takeup.incl",
        "identity_linked_share",
        "identity_linked_share.by_channel",
        "unlinked_share",
    }
)
"""Shares of all there is: they lie between nothing."""


@dataclass(frozen=True)
class Number:
    """What one message must say."""

    n: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    distribution: Mapping[str, int] = field(default_factory=dict)
    interval: Interval | None = None
    state: PublishState = PublishState.OK
    flags: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """A message about nobody is none."""
        return bool(self.n or self.value is not None or self.numerator)


@dataclass
class Sums:
    """One cell while it is being added up."""

    hits: float = 0
    of: int = 0
    distribution: Counter[str] = field(default_factory=Counter)
    clusters: Counter[tuple[int, int]] = field(default_factory=Counter)
    squares: int = 0

    def add(self, part: Part) -> None:
        """One part more."""
        self.hits += part.hits
        self.of += part.of
        self.squares += part.squares
        if part.cluster is not None:
            self.clusters[part.cluster] += part.times
        if part.bin is not None:
            self.distribution[part.bin] += part.times

    def join(self, other: "Sums") -> None:
        """All that is in another one."""
        self.hits += other.hits
        self.of += other.of
        self.distribution.update(other.distribution)
        self.clusters.update(other.clusters)
        self.squares += other.squares


def number_of(metric: str, dimensions: Dimensions, sums: Sums, ended: int) -> Number:
    """What a cell's message says; `ended` are all the journeys that ended in its period."""
    hits, n, distribution = sums.hits, sums.of, dict(+sums.distribution)
    if metric in _COUNTS:
        return Number(int(hits), hits or None, hits, None, distribution)
    if metric.startswith("time_"):
        return _time(metric, sums)
    if metric == "journey_gap":
        total = hits / 1_000_000
        value = total / n if n > 1 else None
        return Number(n, value, total, n, interval=gap(n, int(hits), sums.squares) if n else None)
    if metric in ("channel_mix", "path_share"):
        n = ended
    elif metric == "coverage":
        n += ended
    value = _value(metric, dimensions, hits, n)
    interval = None if value is None else _interval(metric, dimensions, sums, n, value)
    return Number(n, value, hits, n, distribution, interval)


def _value(metric: str, dimensions: Dimensions, hits: float, n: int) -> float | None:
    if n < max(1, _FEWEST.get(metric, 1)):
        return None
    plain = hits / n
    if metric in _UNBOUNDED:
        return _UNBOUNDED[metric] * plain
    if _is_mean(metric, dimensions):
        low, high = _steps(dimensions)
        return (plain - low) / (high - low) * (10 if metric.endswith(".fr10") else 1)
    return min(1.0, plain)


def _interval(
    metric: str, dimensions: Dimensions, sums: Sums, n: int, value: float
) -> Interval | None:
    if metric in _EXACT:
        return None
    if metric in _OF_JOURNEYS:
        highest = inf if metric == "contacts_per_resolved" else 1
        return ratio(value, sums.clusters, highest)
    if metric == "driver_balance":
        sides = (Polarity.POSITIVE.value, "neutral", Polarity.NEGATIVE.value)
        return net(*(sums.distribution[side] for side in sides))
    if metric in _UNBOUNDED and metric != "ease":
        return _net(metric, dimensions, sums.distribution)
    if metric == "ease" or _is_mean(metric, dimensions):
        answers = {int(answer): times for answer, times in sums.distribution.items()}
        return mean(answers, _steps(dimensions), *_ends(metric, dimensions))
    return wilson(sums.hits, n)


def _net(metric: str, dimensions: Dimensions, distribution: Mapping[str, int]) -> Interval:
    worth = FIGURES[metric].worth[_scale(dimensions)] or {}
    sides = Counter[int]()
    for answer, times in distribution.items():
        sides[worth.get(int(answer), 0)] += times
    return net(sides[1], sides[0], sides[-1], _UNBOUNDED[metric])


def _is_mean(metric: str, dimensions: Dimensions) -> bool:
    figure = FIGURES.get(metric)
    is_plain = figure is not None and figure.worth[_scale(dimensions)] is None
    return metric == "path_satisfaction" or is_plain


def _ends(metric: str, dimensions: Dimensions) -> tuple[float, float]:
    if metric == "ease":
        return _steps(dimensions)
    return (0, 10) if metric.endswith(".fr10") else (0, 1)


def _steps(dimensions: Dimensions) -> tuple[int, int]:
    return SCALE_RANGE[_scale(dimensions)]


def _scale(dimensions: Dimensions) -> Scale:
    return Scale(dict(dimensions).get("scale", Scale.ONE_TO_FIVE))


def _time(metric: str, sums: Sums) -> Number:
    name, quantile = metric.rsplit(".", 1)
    n, distribution, percent = sums.of, dict(sums.distribution), QUANTILES[quantile]
    value, interval = None, None
    if n >= _FEWEST.get(name, 1):
        value = seconds_at(distribution, -(-percent * n // 100))
        interval = ranks(percent, n, partial(seconds_at, distribution))
    is_cohort = name == "time_to_complete.started"
    return Number(n, value, sums.hits, n if is_cohort else None, distribution, interval)


def seconds_at(distribution: Mapping[str, int], rank: int) -> float | None:
    """The seconds of the `rank`-th shortest duration; None when there are fewer."""
    seen = 0
    for bucket in sorted(distribution, key=seconds_of):
        seen += distribution[bucket]
        if seen >= rank:
            return seconds_of(bucket)
    return None
