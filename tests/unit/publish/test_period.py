"""The spans a scorecard can be about."""

from datetime import UTC, date, datetime

import pytest

from schemas.vocabulary import PeriodKind
from services.publish.domain.period import ROLLING, Period, UnknownPeriod, months_between
from tests.unit.publish.samples import message, of_month

SEPTEMBER = Period(PeriodKind.MONTH, date(2026, 9, 1))
FOURTEENTH = Period(PeriodKind.DAY, date(2026, 9, 14))


@pytest.mark.parametrize("period", [ROLLING, SEPTEMBER, FOURTEENTH])
def test_a_period_is_read_back_from_its_name(period: Period) -> None:
    assert Period.parse(period.name) == period


def test_a_period_is_titled_as_people_say_it() -> None:
    titles = [period.title for period in (ROLLING, SEPTEMBER, FOURTEENTH)]
    assert titles == ["Last 28 days", "September 2026", "14 September 2026"]


@pytest.mark.parametrize("text", ["2026-13", "2026-9", "september", "2026-02-30", "", "²⁰²⁶-01"])
def test_a_text_that_names_no_period_is_refused_with_what_would(text: str) -> None:
    with pytest.raises(UnknownPeriod, match="write rolling_28d, a month as 2026-09"):
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
