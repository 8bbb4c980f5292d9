"""From the sums of one cell to what its message must say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.demo.truth.opinion import FIGURES
from deploy.demo.truth.parts import Dimensions, Part, seconds_of
from deploy.demo.truth.times import QUANTILES
from schemas.vocabulary import SCALE_RANGE, Scale

_COUNTS = frozenset(
    {
        "channel_switches",
        "contacts",
        "contacts.by_reason",
        "journeys_ended",
        "journeys_started",
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


@dataclass(frozen=True)
class Number:
    """What one message must say."""

    n: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    distribution: Mapping[str, int] = field(default_factory=dict)

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

    def add(self, part: Part) -> None:
        """One part more."""
        self.hits += part.hits
        self.of += part.of
        if part.bin is not None:
            self.distribution[part.bin] += part.times

    def join(self, other: "Sums") -> None:
        """All that is in another one."""
        self.hits += other.hits
        self.of += other.of
        self.distribution.update(other.distribution)


def number_of(metric: str, dimensions: Dimensions, sums: Sums, ended: int) -> Number:
    """What a cell's message says; `ended` are all the journeys that ended in its period."""
    hits, n, distribution = sums.hits, sums.of, dict(+sums.distribution)
    if metric in _COUNTS:
        return Number(int(hits), hits or None, hits, None, distribution)
    if metric.startswith("time_"):
        return _time(metric, sums)
    if metric == "journey_gap":
        total = hits / 1_000_000
        return Number(n, total / n if n > 1 else None, total, n)
    if metric in ("channel_mix", "path_share"):
        n = ended
    elif metric == "coverage":
        n += ended
    return Number(n, _value(metric, dimensions, hits, n), hits, n, distribution)


def _value(metric: str, dimensions: Dimensions, hits: float, n: int) -> float | None:
    if n < max(1, _FEWEST.get(metric, 1)):
        return None
    plain = hits / n
    if metric in _UNBOUNDED:
        return _UNBOUNDED[metric] * plain
    figure = FIGURES.get(metric)
    scale = Scale(dict(dimensions).get("scale", Scale.ONE_TO_FIVE))
    is_mean = metric == "path_satisfaction" or (figure is not None and figure.worth[scale] is None)
    if is_mean:
        return _on_line(plain, scale) * (10 if metric.endswith(".fr10") else 1)
    return min(1.0, plain)


def _on_line(mean: float, scale: Scale) -> float:
    low, high = SCALE_RANGE[scale]
    return (mean - low) / (high - low)


def _time(metric: str, sums: Sums) -> Number:
    name, quantile = metric.rsplit(".", 1)
    n, distribution = sums.of, dict(sums.distribution)
    rank = -(-QUANTILES[quantile] * n // 100)
    value = seconds_at(distribution, rank) if n >= _FEWEST.get(name, 1) else None
    is_cohort = name == "time_to_complete.started"
    return Number(n, value, sums.hits, n if is_cohort else None, distribution)


def seconds_at(distribution: Mapping[str, int], rank: int) -> float | None:
    """The seconds of the `rank`-th shortest duration; None when there are fewer."""
    seen = 0
    for bucket in sorted(distribution, key=seconds_of):
        seen += distribution[bucket]
        if seen >= rank:
            return seconds_of(bucket)
    return None
