"""What a board asks Prometheus, as plain values, before any dashboard.

A count that can be revised is two counters: what is shown is what was added less what was taken
back. Prometheus sees flows as they are processed, over hours; the scores of days and months, with
their intervals, are on the scorecard. A ratio that alerts use too is asked for by its recording.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from deploy.prometheus.promise import JOURNEYS_PROMISE

PREFIX = "throughline_"
MATCHERS = 'job=~"$job",instance=~"$instance"'
SERVICE = 'service=~"$service"'
RATE_INTERVAL = "$__rate_interval"
RANGE = "$__range"
COMPLETE = 'outcome=~"success|negative_but_correct"'
COUNTED = 'outcome!="informed"'
SATISFACTION = 'construct="satisfaction",scale="1..5"'


class Shape(StrEnum):
    """How a panel is drawn."""

    LINES = "lines"
    STACKED = "stacked bars over time"
    NUMBER = "one number for the whole span"
    BARS = "a bar for each series, for the whole span"
    LISTED = "the same, with room for long names above the bars"


class Unit(StrEnum):
    """What a number counts, by Grafana's names."""

    COUNT = "locale"  # 12,345, without decimals
    SHARE = "percentunit"
    SECONDS = "s"
    BYTES = "bytes"
    EVENTS = "eps"
    REQUESTS = "reqps"
    TIMES = "suffix:\u00d7"


class Colour(StrEnum):
    """The colours that mean something, by Grafana's names; others only tell series apart."""

    PLAIN = "blue"
    GOOD = "green"
    FAIR = "super-light-green"
    WATCH = "orange"
    BAD = "red"
    WORSE = "dark-red"
    ASIDE = "purple"
    WAITING = "yellow"
    FAINT = "#8e8e8e"


Steps = tuple[tuple[float, Colour], ...]
# Of counts that are nought in a healthy system: the least of them shows.
SHOULD_NOT_BE: Steps = ((0, Colour.GOOD), (1e-9, Colour.BAD))
# Of ages of what the contracts promise to be no older.
LATE: Steps = ((0, Colour.GOOD), (JOURNEYS_PROMISE.latency_seconds, Colour.BAD))


@dataclass(frozen=True)
class Query:
    """One expression. `second_axis` is the unit of an axis of its own on the right; what is
    `behind` is drawn there as a faint shade, to be read only beside the others.
    """

    expression: str
    legend: str
    second_axis: Unit | None = None
    behind: bool = False


@dataclass(frozen=True)
class Panel:
    """What one panel shows. `interval` is the least span a rate is taken over; `width` is of 24,
    `height` (of some 38 pixels) as the shape has it.

    `steps` are the colours from a value upwards, the first from nowhere on: of numbers and bars
    themselves, of lines a mark at the value. `colours` are those of series, by their names.
    """

    title: str
    description: str
    unit: Unit
    queries: tuple[Query, ...]
    shape: Shape = Shape.LINES
    width: int = 12
    height: int | None = None
    interval: str = ""
    greatest: float | None = None
    steps: Steps = ()
    colours: Mapping[str, Colour] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """One dashboard: panels from left to right, row by row."""

    name: str
    title: str
    description: str
    panels: tuple[Panel, ...]

    @property
    def expressions(self) -> list[str]:
        """Every expression, as it stands there."""
        return [query.expression for panel in self.panels for query in panel.queries]


def select(metric: str, *more: str) -> str:
    """The series of a metric of the chosen jobs and instances."""
    return f"{PREFIX}{metric}{{{','.join((MATCHERS, *more))}}}"


def recorded(name: str, *more: str) -> str:
    """A recording of deploy/prometheus/recordings.py: it has no instance any more."""
    return f"{name}{{{','.join(more)}}}" if more else name


def rate(metric: str, *more: str, by: str) -> str:
    """How fast a counter grows, a second, summed by a label."""
    return f"sum by ({by}) (rate({select(metric, *more)}[{RATE_INTERVAL}]))"


def grown(counter: str, *more: str, by: str, span: str = RATE_INTERVAL) -> str:
    """How much a counter grew."""
    return f"sum by ({by}) (increase({select(f'{counter}_total', *more)}[{span}]))"


def most(n: int, counted: str, label: str, none: str, measured: str = "") -> str:
    """The `n` largest of what was counted, largest first; where all is nought, one nought that is
    called `none`. Where nothing is `measured` there is nothing: silence is no good news.
    """
    nought = f'label_replace(0 * sum({measured or counted}), "{label}", "{none}", "", "")'
    return f"sort_desc(topk({n}, {counted} > 0) or on () {nought})"


def net(counter: str, *more: str, by: str = "", span: str = RATE_INTERVAL) -> str:
    """How much a revisable count of journeys grew: what was added less what was taken back; all
    in all where it is `by` no label.
    """
    added, taken_back = (
        grown(f"{counter}{twin}", SERVICE, *more, by=by, span=span) for twin in ("", "_retracted")
    )
    return f"({added} - {taken_back})"


def share(part: str, whole: str) -> str:
    """A ratio that is not drawn while nothing, or less than nothing, came."""
    return f"{part} / ({whole} > 0)"


def age(gauge: str, *more: str, by: str) -> str:
    """Seconds since the oldest time of a gauge of times."""
    return f"time() - min by ({by}) ({select(gauge, *more)})"


def quantile(q: float, histogram: str, by: str) -> str:
    """Below what `q` of the observations of a histogram lie."""
    buckets = f"rate({select(f'{histogram}_bucket')}[{RATE_INTERVAL}])"
    return f"histogram_quantile({q}, sum by ({by}, le) ({buckets}))"


def net_quantile(q: float, histogram: str, by: str) -> str:
    """The same of a revisable pair of histograms of journeys, over the whole span."""
    added, taken_back = (
        f"sum by ({by}, le) "
        f"(increase({select(f'{histogram}{twin}_seconds_bucket', SERVICE)}[{RANGE}]))"
        for twin in ("", "_retracted")
    )
    return f"histogram_quantile({q}, {added} - {taken_back})"


def concrete(expression: str, span: str = "1m") -> str:
    """An expression with Grafana's variables filled in, as Prometheus is asked."""
    for variable in (RATE_INTERVAL, RANGE):
        expression = expression.replace(variable, span)
    for variable in ("$job", "$instance", "$service"):
        expression = expression.replace(variable, ".+")
    return expression
