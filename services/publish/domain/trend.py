"""A score over the months: points with their intervals, gaps where there is no number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schemas.metric import Dimensions, MetricMessage
from schemas.vocabulary import PeriodKind
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period, month_short, month_title, months_between

COMPLETION = ("completion_rate.live", "completion_within.28d")
SATISFACTION, TRUST = ("satisfaction.linear",), ("trust.positive", "trust.level")
LEAVING = ("step_dropoff", "help_sought")
MAX_LINES = 3


@dataclass(frozen=True)
class Point:
    """One month of a line."""

    month: str
    short: str
    year: int
    figure: Figure


@dataclass(frozen=True)
class Line:
    """One measure over all months; a break in how it was asked starts another line."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Event:
    """Something that happened in a month: a mark on the chart, told by its number."""

    number: int
    day: date
    text: str


@dataclass(frozen=True)
class Trend:
    """One chart: its lines share the months and the scale, 0 to 100 %."""

    id: str
    title: str
    lines: tuple[Line, ...]
    events: tuple[Event, ...] = ()

    @property
    def months(self) -> tuple[Point, ...]:
        """The points of the first line, which name the months."""
        return self.lines[0].points

    @property
    def summary(self) -> str:
        """The chart in words, for those who do not see it."""
        changes = (f"Change {event.number} on {event.text}." for event in self.events)
        return " ".join((*(_told(line) for line in self.lines), *changes))


def trends(numbers: Numbers, events: tuple[Event, ...] = ()) -> tuple[Trend, ...]:
    """Completion, satisfaction and trust over the months; none where no month has a number."""
    return _made(
        (
            _trend(numbers, ("completion", "Completion by month"), COMPLETION, events),
            _trend(numbers, ("satisfaction", "Satisfaction by month"), SATISFACTION, events),
            _trend(numbers, ("trust", "Trust by month"), TRUST, events),
        )
    )


def trends_at(
    numbers: Numbers, touchpoint: str, events: tuple[Event, ...] = ()
) -> tuple[Trend, ...]:
    """Leaving, satisfaction and trust at one touchpoint, likewise."""
    return _made(
        (
            _trend(numbers, ("leaving", "Leaving by month"), LEAVING, events, touchpoint),
            _trend(
                numbers, ("opinion", "Opinion by month"), SATISFACTION + TRUST, events, touchpoint
            ),
        )
    )


def _made(trends_told: Iterable[Trend | None]) -> tuple[Trend, ...]:
    return tuple(trend for trend in trends_told if trend)


def _trend(
    numbers: Numbers,
    called: tuple[str, str],
    metric_ids: tuple[str, ...],
    events: tuple[Event, ...],
    touchpoint: str | None = None,
) -> Trend | None:
    if not numbers.months:
        return None
    made = [
        line
        for metric_id in metric_ids
        for survey in _surveys(numbers, metric_id, touchpoint)
        if (line := _line(numbers, metric_id, survey))
    ]
    shown = tuple(event for event in events if _is_in(numbers, event))
    return Trend(*called, tuple(made[:MAX_LINES]), shown) if made else None


def _surveys(numbers: Numbers, metric_id: str, touchpoint: str | None) -> list[Dimensions]:
    """Every way a measure was asked, the most answered first; one where it is not asked."""
    asked: dict[Dimensions, int] = {}
    for month in numbers.months:
        for message in numbers.find(month, metric_id, touchpoint):
            asked[message.dimensions] = asked.get(message.dimensions, 0) + message.n
    return sorted(asked, key=lambda dimensions: (-asked[dimensions], str(dimensions)))


def _is_in(numbers: Numbers, event: Event) -> bool:
    starts = [month.start for month in numbers.months if month.start]
    return starts[0] <= event.day.replace(day=1) <= starts[-1]


def _line(numbers: Numbers, metric_id: str, survey: Dimensions) -> Line | None:
    starts = [month.start for month in numbers.months if month.start]
    points = []
    for start in months_between(starts[0], starts[-1]):
        message = _message(numbers, Period(PeriodKind.MONTH, start), metric_id, survey)
        shown = figure(message, metric_id)
        points.append(Point(month_title(start), month_short(start), start.year, shown))
    if all(point.figure.is_missing for point in points):
        return None
    asked = f" ({survey.instrument}, {survey.scale})" if survey.instrument else ""
    return Line(measure_of(metric_id).name + asked, tuple(points))


def _message(
    numbers: Numbers, month: Period, metric_id: str, survey: Dimensions
) -> MetricMessage | None:
    found = numbers.find(month, metric_id, survey.touchpoint)
    return next((message for message in found if message.dimensions == survey), None)


def _told(line: Line) -> str:
    known = [point for point in line.points if not point.figure.is_missing]
    first, last = known[0], known[-1]
    if first is last:
        return f"{line.name}: {last.figure.text} in {last.month}."
    return (
        f"{line.name}: from {first.figure.text} in {first.month} "
        f"to {last.figure.text} in {last.month}."
    )
