"""The periods a reader may choose from: windows, quarters, months, then days and hours inside."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.vocabulary import PeriodKind
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period, day_title, month_title


@dataclass(frozen=True)
class Choice:
    """A period a reader may choose; `short` is its title beside that of its row."""

    name: str
    title: str
    short: str
    is_chosen: bool


@dataclass(frozen=True)
class Choices:
    """One row of choices: the months of a year, the days of a month, or without a title windows."""

    title: str
    row: tuple[Choice, ...]


def choices(numbers: Numbers, chosen: Period) -> tuple[Choices, ...]:
    """Windows first, then the newest year; of the chosen month its days, of the day its hours."""
    rows = (
        _row("", numbers.rolling, chosen),
        *_years(numbers, chosen),
        *_inside(numbers, chosen),
    )
    found = tuple(row for row in rows if row.row)
    if any(choice.is_chosen for row in found for choice in row.row):
        return found
    return (Choices("", (Choice(chosen.name, chosen.title, chosen.title, is_chosen=True),)), *found)


def _years(numbers: Numbers, chosen: Period) -> Iterator[Choices]:
    """A year's quarters stand after its months."""
    years: dict[int, list[Period]] = {}
    for period in numbers.choices:
        if period.start:
            years.setdefault(period.start.year, []).append(period)
    for year in sorted(years, reverse=True):
        ordered = sorted(years[year], key=lambda p: (p.kind is PeriodKind.QUARTER, p.name))
        yield _row(str(year), ordered, chosen)


def _inside(numbers: Numbers, chosen: Period) -> Iterator[Choices]:
    if chosen.month is None or chosen.start is None:
        return
    yield _row(month_title(chosen.month), numbers.days_of(chosen.month), chosen)
    if chosen.kind is not PeriodKind.MONTH:
        yield _row(day_title(chosen.start), numbers.hours_of(chosen.start), chosen)


def _row(title: str, periods: Iterable[Period], chosen: Period) -> Choices:
    return Choices(title, tuple(_choice(period, chosen) for period in periods))


def _choice(period: Period, chosen: Period) -> Choice:
    return Choice(period.name, period.title, period.short, is_chosen=period == chosen)
