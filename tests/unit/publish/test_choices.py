"""The periods a reader may choose from."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.vocabulary import PeriodKind
from services.publish.domain.choices import choices
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from tests.unit.publish.samples import ZONE, message, of_month
from tests.unit.publish.year import passport_year

YEAR = Numbers.of(m for m in passport_year() if m.dimensions.service)


def offered(chosen: Period, numbers: Numbers = YEAR) -> list[tuple[str, list[str]]]:
    rows = choices(numbers, chosen)
    return [(row.title, [choice.short for choice in row.row]) for row in rows]


def test_windows_come_first_then_the_months_and_quarters_of_a_year() -> None:
    windows, year = offered(ROLLING)
    assert windows == ("", ["Last hour", "Last day", "Last 28 days", "Last 365 days"])
    assert (year[0], year[1][0], year[1][-3:]) == ("2026", "January", ["Q1", "Q2", "Q3"])


def test_days_are_offered_inside_their_month_and_hours_inside_their_day() -> None:
    month = offered(Period(PeriodKind.MONTH, date(2026, 9, 1)))
    day = offered(Period(PeriodKind.DAY, date(2026, 9, 15)))
    assert (month[-1][0], month[-1][1][:2]) == ("September 2026", ["1", "2"])
    assert (day[-1][0], day[-1][1][:2]) == ("15 September 2026", ["00:00", "01:00"])


def test_the_newest_year_comes_first() -> None:
    begun = (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
    numbers = Numbers.of(message(**of_month(month)) for month in begun)
    assert offered(Period(PeriodKind.MONTH, date(2026, 1, 1)), numbers) == [
        ("2026", ["January", "February"]),
        ("2025", ["December"]),
    ]


def test_a_period_without_numbers_is_offered_when_it_is_looked_at() -> None:
    day = Period(PeriodKind.DAY, date(2026, 3, 4))
    assert offered(day)[0] == ("", ["4 March 2026"])
    [chosen] = [c.name for row in choices(YEAR, day) for c in row.row if c.is_chosen]
    assert chosen == "2026-03-04"


def hour(start: datetime) -> dict[str, Any]:
    ends = {"period_start": start, "period_end": start + timedelta(hours=1)}
    return {"period": PeriodKind.HOUR, "time_zone": "Europe/Tallinn"} | ends


def test_the_hour_that_comes_twice_is_offered_twice() -> None:
    starts = [datetime(2026, 10, 25, utc, tzinfo=UTC) for utc in (0, 1)]
    numbers = Numbers.of(message(**hour(start)) for start in starts)
    first = Period.beginning(PeriodKind.HOUR, starts[0], ZONE)
    rows = choices(numbers, first)
    assert [(c.short, c.name, c.is_chosen) for c in rows[-1].row] == [
        ("03:00", "2026-10-25T00:00Z", True),
        ("03:00", "2026-10-25T01:00Z", False),
    ]
