"""Days, months and windows in a service's time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import PeriodKind
from services.metrics.domain.periods import (
    Shelf,
    Watermarks,
    calendar,
    day_of,
    day_of_hour,
    hour_name,
    hour_of,
    month_of,
    quarter_of,
    rolling,
    rolling_before,
    start_of,
)
from tests.builders import at

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = (
    *("Europe/Amsterdam", "Asia/Kolkata", "America/New_York", "Pacific/Auckland", "Asia/Beirut"),
    *("Asia/Kathmandu", "Australia/Eucla"),  # with :45
)


def test_an_instant_belongs_to_the_local_day() -> None:
    assert day_of(at("2026-03-01 23:30"), AMSTERDAM) == "2026-03-02"
    assert day_of(at("2026-03-01 22:59"), AMSTERDAM) == "2026-03-01"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_on_which_the_clocks_change_is_shorter_or_longer(day: str, hours: int) -> None:
    period = calendar(PeriodKind.DAY, day)
    assert period.end(AMSTERDAM) - period.start(AMSTERDAM) == timedelta(hours=hours)


def test_a_month_ends_where_the_next_one_starts() -> None:
    december = calendar(PeriodKind.MONTH, "2026-12-01")
    assert december.end(AMSTERDAM) == at("2026-12-31 23:00")
    assert december.end(AMSTERDAM) == calendar(PeriodKind.MONTH, "2027-01-01").start(AMSTERDAM)
    assert month_of("2026-12-31") == "2026-12-01"


def test_a_day_without_a_midnight_starts_at_its_first_instant() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # the clocks go from 00:00 to 01:00
    first = start_of(date(2026, 3, 29), beirut)
    assert day_of(first, beirut) == "2026-03-29"
    assert day_of(first - timedelta(seconds=1), beirut) == "2026-03-28"


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_every_instant_is_within_its_hour_day_month_and_quarter(time: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = day_of(time, zone)
    for period in (
        calendar(PeriodKind.HOUR, hour_name(hour_of(time, zone))),
        calendar(PeriodKind.DAY, day),
        calendar(PeriodKind.MONTH, month_of(day)),
        calendar(PeriodKind.QUARTER, quarter_of(day)),
    ):
        assert period.start(zone) <= time < period.end(zone)
    assert day_of_hour(hour_of(time, zone), zone) == day


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Asia/Kolkata", "2026-03-02T09:30Z"),
        ("Asia/Kathmandu", "2026-03-02T09:15Z"),
        ("Europe/Amsterdam", "2026-03-02T10:00Z"),
    ],
)
def test_an_hour_is_that_of_the_zone(zone: str, start: str) -> None:
    assert hour_name(hour_of(at("2026-03-02 10:10"), ZoneInfo(zone))) == start


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """At 01:00 UTC the clocks of Amsterdam go from 03:00 back to 02:00."""
    times = ("2026-10-24 23:59", "2026-10-25 00:10", "2026-10-25 01:10", "2026-10-25 02:10")
    hours = [hour_of(at(time), AMSTERDAM) for time in times]
    assert [hour_name(hour)[11:16] for hour in hours] == ["23:00", "00:00", "01:00", "02:00"]
    assert {day_of_hour(hour, AMSTERDAM) for hour in hours} == {"2026-10-25"}


def test_a_quarter_is_the_sum_of_its_months() -> None:
    found = calendar(PeriodKind.QUARTER, "2026-10-01")
    assert [start for _, start in found.pieces] == ["2026-10-01", "2026-11-01", "2026-12-01"]
    assert {quarter_of(f"2026-{month}-17") for month in ("10", "11", "12")} == {"2026-10-01"}
    assert quarter_of("2026-09-30") == "2026-07-01"


NOW = at("2026-03-30 10:20")


def pieces(kind: PeriodKind, now: datetime = NOW, horizon: timedelta | None = None) -> list[str]:
    if horizon is None:
        return [start for _, start in rolling(kind, now, AMSTERDAM).pieces]
    return [start for _, start in rolling_before(kind, now, horizon, AMSTERDAM).pieces]


def test_a_rolling_window_is_whole_spans_and_the_current_one() -> None:
    window = pieces(PeriodKind.ROLLING_28D)
    assert (len(window), window[0], window[-1]) == (29, "2026-03-02", "2026-03-30")
    assert pieces(PeriodKind.ROLLING_1D) == ["2026-03-29", "2026-03-30"]
    hours = ["2026-03-30T09:00Z"] * 2 + ["2026-03-30T10:00Z"] * 2  # on two shelves each
    assert pieces(PeriodKind.ROLLING_1H) == hours


def test_a_year_that_rolls_is_of_whole_months_where_they_fit() -> None:
    window = rolling(PeriodKind.ROLLING_365D, NOW, AMSTERDAM)
    months = [start for shelf, start in window.pieces if shelf is Shelf.MONTH]
    days = [start for shelf, start in window.pieces if shelf is Shelf.DAY]
    assert (months[0], months[-1], len(months)) == ("2025-04-01", "2026-02-01", 11)
    assert days == ["2025-03-30", "2025-03-31", *(f"2026-03-{n:02}" for n in range(1, 31))]
    assert (window.first, window.beyond) == (date(2025, 3, 30), date(2026, 3, 31))


def test_a_window_that_must_mature_holds_whole_spans_over_long_enough_ago() -> None:
    window = pieces(PeriodKind.ROLLING_28D, horizon=timedelta(days=7))
    assert (len(window), window[0], window[-1]) == (28, "2026-02-23", "2026-03-22")
    assert pieces(PeriodKind.ROLLING_1D, horizon=timedelta(days=1)) == ["2026-03-28"]
    assert set(pieces(PeriodKind.ROLLING_1H, horizon=timedelta(hours=1))) == {"2026-03-30T08:00Z"}


def test_a_watermark_reaches_what_it_is_at() -> None:
    times = Watermarks({"live": at("2026-03-02 12:00"), "demo": None}, frozenset({"old"}))
    assert times.reached("live", at("2026-03-02 12:00"))
    assert not times.reached("live", at("2026-03-02 12:01"))
    assert not times.reached("demo", at("2000-01-01 00:00"))
    assert times.reached("old", at("2999-01-01 00:00"))
