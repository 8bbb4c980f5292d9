"""The spans a scorecard can be about."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.vocabulary import ROLLING as ROLLING_KINDS
from schemas.vocabulary import PeriodKind
from services.publish.domain.period import ROLLING, Period, UnknownPeriod, months_between
from tests.unit.publish.samples import message, of_month

SEPTEMBER = Period(PeriodKind.MONTH, date(2026, 9, 1))
FOURTEENTH = Period(PeriodKind.DAY, date(2026, 9, 14))
THIRD_QUARTER = Period(PeriodKind.QUARTER, date(2026, 7, 1))
TALLINN, KATHMANDU = ZoneInfo("Europe/Tallinn"), ZoneInfo("Asia/Kathmandu")
HOUR = Period.beginning(PeriodKind.HOUR, datetime(2026, 9, 14, 11, tzinfo=UTC), TALLINN)
ROLLING_ONES = tuple(Period(kind) for kind in ROLLING_KINDS)


@pytest.mark.parametrize(
    "period", [*ROLLING_ONES, THIRD_QUARTER, SEPTEMBER, FOURTEENTH, HOUR], ids=lambda p: p.name
)
def test_a_period_is_read_back_from_its_name(period: Period) -> None:
    assert Period.parse(period.name) == period


def test_a_period_is_titled_as_people_say_it() -> None:
    titles = [period.title for period in (ROLLING, THIRD_QUARTER, SEPTEMBER, FOURTEENTH, HOUR)]
    assert titles == [
        "Last 28 days",
        "Q3 2026",
        "September 2026",
        "14 September 2026",
        "14 September 2026, 14:00",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-Q5",
        "2026-09-14T25:00Z",
        "2026-09-14T11:00",
        "2026-9",
        "september",
        "2026-02-30",
        "",
        "²⁰²⁶-01",
    ],
)
def test_a_text_that_names_no_period_is_refused_with_what_would(text: str) -> None:
    with pytest.raises(UnknownPeriod, match=r"write rolling_1d, .* a month as 2026-09"):
        Period.parse(text)


def test_a_message_belongs_to_the_month_of_its_own_time_zone() -> None:
    sent = message(**of_month(date(2026, 9, 1)))
    assert sent.period_start == datetime(2026, 8, 31, 21, tzinfo=UTC)
    assert Period.of(sent) == SEPTEMBER


def test_months_between_cross_the_year_and_hold_both_ends() -> None:
    months = months_between(date(2025, 11, 1), date(2026, 2, 1))
    assert months == (
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    )


def test_an_hour_is_the_same_one_in_every_zone_and_told_in_that_of_its_service() -> None:
    start = datetime(2026, 9, 14, 11, 15, tzinfo=UTC)
    here = Period.beginning(PeriodKind.HOUR, start, KATHMANDU)
    assert (here.short, here.name) == ("17:00", "2026-09-14T11:15Z")
    assert Period.parse(here.name, KATHMANDU).title == "14 September 2026, 17:00"


def test_only_what_lies_inside_a_month_has_one() -> None:
    months = [p.month for p in (ROLLING, THIRD_QUARTER, SEPTEMBER, FOURTEENTH, HOUR)]
    assert months == [None, None, *[date(2026, 9, 1)] * 3]
