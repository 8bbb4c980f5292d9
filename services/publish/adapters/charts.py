"""Shares as places on a drawing: the geometry behind the templates' SVG, in its own units."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from services.publish.domain.period import month_short
from services.publish.domain.trend import Event, Line, Point, Trend

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 36, 350, 10, 160
MAX_LABELS = 7


@dataclass(frozen=True)
class Mark:
    """One period's point."""

    x: float
    y: float
    label: str
    is_open: bool


@dataclass(frozen=True)
class Drawn:
    """One line: unbroken runs of points with their bands. `style` numbers its looks."""

    name: str
    style: int
    runs: tuple[str, ...]
    bands: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Tick:
    """A label at an axis."""

    place: float
    label: str


@dataclass(frozen=True)
class Flag:
    """A change that was made: a line at its month with its number."""

    x: float
    number: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A trend, placed."""

    trend: Trend
    lines: tuple[Drawn, ...]
    periods: tuple[Tick, ...]
    shares: tuple[Tick, ...]
    flags: tuple[Flag, ...]


def chart(trend: Trend) -> Chart:
    """Place a trend on 0 to 100 %: a score's axis is never cut."""
    return Chart(
        trend=trend,
        lines=tuple(_drawn(line, style) for style, line in enumerate(trend.lines, start=1)),
        periods=tuple(_labels(trend.periods)),
        shares=tuple(Tick(_y(share / 100), f"{share}%") for share in (0, 25, 50, 75, 100)),
        flags=tuple(_flags(trend)),
    )


def _x(index: int, count: int) -> float:
    """The middle of a period's place."""
    return round(LEFT + (RIGHT - LEFT) * (index + 0.5) / count, 1)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def _labels(points: tuple[Point, ...]) -> Iterator[Tick]:
    """Labels for as many periods as there is room for, the year with the first of each."""
    step = -(-len(points) // MAX_LABELS)
    year = 0
    for index, point in enumerate(points):
        if index % step == 0:
            label = point.short if point.year in {0, year} else f"{point.short} {point.year}"
            year = point.year
            yield Tick(_x(index, len(points)), label)


def _flags(trend: Trend) -> Iterator[Flag]:
    """One line for all changes of a month, at the day of the first."""
    starts = [(point.year, point.short) for point in trend.periods]
    by_month: dict[int, list[Event]] = {}
    for event in trend.events:
        index = starts.index((event.day.year, month_short(event.day)))
        by_month.setdefault(index, []).append(event)
    for index, events in sorted(by_month.items()):
        numbers = ", ".join(str(event.number) for event in events)
        x = _x(index, len(starts)) + (RIGHT - LEFT) / len(starts) * (events[0].day.day / 31 - 0.5)
        yield Flag(round(x, 1), numbers, "; ".join(event.text for event in events))


def _drawn(line: Line, style: int) -> Drawn:
    places = [(_x(index, len(line.points)), point) for index, point in enumerate(line.points)]
    runs = [list(run) for known, run in groupby(places, key=_is_known) if known]
    return Drawn(
        name=line.name,
        style=style,
        runs=tuple(_run(run) for run in runs if len(run) > 1),
        bands=tuple(_band(run) for run in runs if len(run) > 1),
        marks=tuple(_mark(*place) for run in runs for place in run),
    )


def _is_known(place: tuple[float, Point]) -> bool:
    return not place[1].figure.is_missing


def _mark(x: float, point: Point) -> Mark:
    shown = point.figure
    label = f"{point.period}: {shown.text}, n {shown.n_text}"
    return Mark(x, _y(shown.value or 0), label, shown.is_provisional)


def _run(run: list[tuple[float, Point]]) -> str:
    return " ".join(f"{x},{_y(point.figure.value or 0)}" for x, point in run)


def _band(run: list[tuple[float, Point]]) -> str:
    """Along the upper ends of the intervals and back along the lower ones."""
    ends = [(x, *_ends(point)) for x, point in run]
    upper = [f"{x},{_y(high)}" for x, _, high in ends]
    lower = [f"{x},{_y(low)}" for x, low, _ in reversed(ends)]
    return " ".join([*upper, *lower])


def _ends(point: Point) -> tuple[float, float]:
    value = point.figure.value or 0
    interval = point.figure.interval
    return (value, value) if interval is None else (interval.low, interval.high)
