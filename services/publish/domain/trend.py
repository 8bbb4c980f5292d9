"""A score over the months: points with their intervals, gaps where there is no number."""

from dataclasses import dataclass

from schemas.metric import Dimensions, MetricMessage
from schemas.vocabulary import PeriodKind
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period, month_short, month_title, months_between


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
class Trend:
    """One chart: its lines share the months and the scale, 0 to 100 %."""

    id: str
    title: str
    lines: tuple[Line, ...]

    @property
    def months(self) -> tuple[Point, ...]:
        """The points of the first line, which name the months."""
        return self.lines[0].points

    @property
    def summary(self) -> str:
        """The chart in words, for those who do not see it."""
        return " ".join(_told(line) for line in self.lines)


def trends(numbers: Numbers) -> tuple[Trend, ...]:
    """Completion and satisfaction over the months; nothing where no month has a number."""
    if not numbers.months:
        return ()
    completion = [
        _line(numbers, metric_id, None)
        for metric_id in ("completion_rate.live", "completion_within.28d")
    ]
    surveys = _surveys(numbers)
    opinion = [_line(numbers, "satisfaction.linear", survey) for survey in surveys[:3]]
    made = (
        Trend("completion", "Completion by month", tuple(line for line in completion if line)),
        Trend("satisfaction", "Satisfaction by month", tuple(line for line in opinion if line)),
    )
    return tuple(trend for trend in made if trend.lines)


def _surveys(numbers: Numbers) -> list[Dimensions]:
    """Every way satisfaction was asked, the most answered first."""
    asked: dict[Dimensions, int] = {}
    for month in numbers.months:
        for message in numbers.find(month, "satisfaction.linear"):
            asked[message.dimensions] = asked.get(message.dimensions, 0) + message.n
    return sorted(asked, key=lambda dimensions: (-asked[dimensions], str(dimensions)))


def _line(numbers: Numbers, metric_id: str, survey: Dimensions | None) -> Line | None:
    starts = [month.start for month in numbers.months if month.start]
    points = []
    for start in months_between(starts[0], starts[-1]):
        message = _message(numbers, Period(PeriodKind.MONTH, start), metric_id, survey)
        shown = figure(message, metric_id)
        points.append(Point(month_title(start), month_short(start), start.year, shown))
    if all(point.figure.is_missing for point in points):
        return None
    asked = f" ({survey.instrument}, {survey.scale})" if survey else ""
    return Line(measure_of(metric_id).name + asked, tuple(points))


def _message(
    numbers: Numbers, month: Period, metric_id: str, survey: Dimensions | None
) -> MetricMessage | None:
    found = numbers.find(month, metric_id)
    return next((m for m in found if survey is None or m.dimensions == survey), None)


def _told(line: Line) -> str:
    known = [point for point in line.points if not point.figure.is_missing]
    first, last = known[0], known[-1]
    if first is last:
        return f"{line.name}: {last.figure.text} in {last.month}."
    return (
        f"{line.name}: from {first.figure.text} in {first.month} "
        f"to {last.figure.text} in {last.month}."
    )
