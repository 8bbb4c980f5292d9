"""Days, months and windows in a service's time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import PeriodKind
from services.metrics.domain.periods import (
    Watermarks,
    calendar,
    day_of,
    month_of,
    rolling,
    rolling_before,
    start_of,
)
from tests.builders import at

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = ["Europe/Amsterdam", "Asia/Kolkata", "America/New_York", "Pacific/Auckland", "Asia/Beirut"]


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
def test_every_instant_is_within_its_day_and_month(time: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = day_of(time, zone)
    for period in (calendar(PeriodKind.DAY, day), calendar(PeriodKind.MONTH, month_of(day))):
        assert period.start(zone) <= time < period.end(zone)


def test_a_rolling_window_is_28_whole_days_and_the_current_one() -> None:
    window = rolling(at("2026-03-30 10:00"), AMSTERDAM)
    assert (len(window.days), window.days[0], window.days[-1]) == (29, "2026-03-02", "2026-03-30")


def test_a_window_that_must_mature_holds_whole_days_over_long_enough_ago() -> None:
    window = rolling_before(at("2026-03-30 10:00"), timedelta(days=7), AMSTERDAM)
    assert (len(window.days), window.days[0], window.days[-1]) == (28, "2026-02-23", "2026-03-22")


def test_a_watermark_reaches_what_it_is_at() -> None:
    times = Watermarks({"live": at("2026-03-02 12:00"), "demo": None}, frozenset({"old"}))
    assert times.reached("live", at("2026-03-02 12:00"))
    assert not times.reached("live", at("2026-03-02 12:01"))
    assert not times.reached("demo", at("2000-01-01 00:00"))
    assert times.reached("old", at("2999-01-01 00:00"))
