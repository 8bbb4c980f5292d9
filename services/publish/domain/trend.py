"""A score over months or days: points with their intervals, gaps where there is no number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.metric import Dimensions, MetricMessage
from schemas.vocabulary import PeriodKind
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period, month_short, month_title, months_between

COMPLETION = ("completion_rate.live", "completion_within.28d")
SATISFACTION, TRUST = ("satisfaction.linear",), ("trust.positive", "trust.level")
LEAVING = ("step_dropoff", "help_sought")
BY_DAY = ("completion_rate.live", "abandonment_rate")
MAX_LINES = 3


@dataclass(frozen=True)
class Point:
    """One month or day of a line; a day stands under its month and needs no year."""

    period: str
    short: str
    year: int
    figure: Figure


@dataclass(frozen=True)
class Line:
    """One measure over all periods; a break in how it was asked starts another line."""

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
    """One chart: its lines share the periods and the scale, 0 to 100 %."""

    id: str
    title: str
    lines: tuple[Line, ...]
    events: tuple[Event, ...] = ()

    @property
    def periods(self) -> tuple[Point, ...]:
        """The points of the first line, which name the periods."""
        return self.lines[0].points

    @property
    def summary(self) -> str:
        """The chart in words, for those who do not see it."""
        changes = (f"Change {event.number} on {event.text}." for event in self.events)
        return " ".join((*(_told(line) for line in self.lines), *changes))


Called = tuple[str, str]  # the id of a chart and its title


@dataclass(frozen=True)
class _Axis:
    """The periods of a chart, oldest first and without a gap, at one place."""

    numbers: Numbers
    periods: tuple[Period, ...]
    touchpoint: str | None = None

    def find(self, period: Period, metric_id: str) -> tuple[MetricMessage, ...]:
        return self.numbers.find(period, metric_id, self.touchpoint)


def trends(numbers: Numbers, events: tuple[Event, ...] = ()) -> tuple[Trend, ...]:
    """Completion, satisfaction and trust over the months; none where no month has a number."""
    axis = _Axis(numbers, _months(numbers))
    return _made(
        (
            _trend(axis, ("completion", "Completion by month"), COMPLETION, events),
            _trend(axis, ("satisfaction", "Satisfaction by month"), SATISFACTION, events),
            _trend(axis, ("trust", "Trust by month"), TRUST, events),
        )
    )


def trends_at(
    numbers: Numbers, touchpoint: str, events: tuple[Event, ...] = ()
) -> tuple[Trend, ...]:
    """Leaving, satisfaction and trust at one touchpoint, likewise."""
    axis = _Axis(numbers, _months(numbers), touchpoint)
    return _made(
        (
            _trend(axis, ("leaving", "Leaving by month"), LEAVING, events),
            _trend(axis, ("opinion", "Opinion by month"), SATISFACTION + TRUST, events),
        )
    )


def trends_by_day(numbers: Numbers, chosen: Period) -> tuple[Trend, ...]:
    """Completion, giving up and satisfaction over the days of the month that the chosen period
    lies in; none of what is longer than a month.
    """
    if chosen.month is None:
        return ()
    axis = _Axis(numbers, _days(numbers, chosen.month))
    inside = f"by day, {month_title(chosen.month)}"
    return _made(
        (
            _trend(axis, ("completion-by-day", f"Completion {inside}"), BY_DAY, ()),
            _trend(axis, ("satisfaction-by-day", f"Satisfaction {inside}"), SATISFACTION, ()),
        )
    )


def _months(numbers: Numbers) -> tuple[Period, ...]:
    starts = [month.start for month in numbers.months if month.start]
    filled = months_between(starts[0], starts[-1]) if starts else ()
    return tuple(Period(PeriodKind.MONTH, start) for start in filled)


def _days(numbers: Numbers, month: date) -> tuple[Period, ...]:
    starts = [day.start for day in numbers.days_of(month) if day.start]
    if not starts:
        return ()
    filled = (starts[0] + timedelta(days=n) for n in range((starts[-1] - starts[0]).days + 1))
    return tuple(Period(PeriodKind.DAY, start) for start in filled)


def _made(trends_told: Iterable[Trend | None]) -> tuple[Trend, ...]:
    return tuple(trend for trend in trends_told if trend)


def _trend(
    axis: _Axis, called: Called, metric_ids: tuple[str, ...], events: tuple[Event, ...]
) -> Trend | None:
    made = [
        line
        for metric_id in metric_ids
        for survey in _surveys(axis, metric_id)
        if (line := _line(axis, metric_id, survey))
    ]
    shown = tuple(event for event in events if _is_on(axis, event))
    return Trend(*called, tuple(made[:MAX_LINES]), shown) if made else None


def _surveys(axis: _Axis, metric_id: str) -> list[Dimensions]:
    """Every way a measure was asked, the most answered first; one where it is not asked."""
    asked: dict[Dimensions, int] = {}
    for period in axis.periods:
        for message in axis.find(period, metric_id):
            asked[message.dimensions] = asked.get(message.dimensions, 0) + message.n
    return sorted(asked, key=lambda dimensions: (-asked[dimensions], str(dimensions)))


def _is_on(axis: _Axis, event: Event) -> bool:
    return event.day.replace(day=1) in {period.start for period in axis.periods}


def _line(axis: _Axis, metric_id: str, survey: Dimensions) -> Line | None:
    points = tuple(_point(axis, period, metric_id, survey) for period in axis.periods)
    if all(point.figure.is_missing for point in points):
        return None
    asked = f" ({survey.instrument}, {survey.scale})" if survey.instrument else ""
    return Line(measure_of(metric_id).name + asked, points)


def _point(axis: _Axis, period: Period, metric_id: str, survey: Dimensions) -> Point:
    found = axis.find(period, metric_id)
    message = next((message for message in found if message.dimensions == survey), None)
    shown, start = figure(message, metric_id), period.start or date.min
    if period.kind is PeriodKind.MONTH:
        return Point(period.title, month_short(start), start.year, shown)
    return Point(period.title, period.short, 0, shown)


def _told(line: Line) -> str:
    known = [point for point in line.points if not point.figure.is_missing]
    first, last = known[0], known[-1]
    if first is last:
        return f"{line.name}: {last.figure.text} in {last.period}."
    return (
        f"{line.name}: from {first.figure.text} in {first.period} "
        f"to {last.figure.text} in {last.period}."
    )
