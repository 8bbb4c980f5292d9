"""What is known of one service."""

from datetime import UTC, date, datetime

from schemas.vocabulary import PeriodKind
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from tests.unit.publish.samples import SURVEY, message, of_month, rate

MAY, JULY = date(2026, 5, 1), date(2026, 7, 1)


def test_the_rolling_window_is_offered_first_and_the_newest_month_next() -> None:
    days = {"period": PeriodKind.DAY}
    numbers = Numbers.of(
        [
            message(**of_month(MAY)),
            message(**of_month(JULY)),
            message(),
            message(**(of_month(MAY) | days)),
        ]
    )
    assert numbers.choices == (
        ROLLING,
        Period(PeriodKind.MONTH, JULY),
        Period(PeriodKind.MONTH, MAY),
    )
    assert numbers.default_period() == ROLLING


def test_without_a_rolling_window_the_newest_month_is_shown() -> None:
    assert Numbers.of([message(**of_month(MAY))]).default_period() == Period(PeriodKind.MONTH, MAY)


def test_a_month_that_begins_after_the_data_ends_is_not_offered() -> None:
    june = datetime(2026, 6, 9, tzinfo=UTC)
    months = [message(**of_month(month), watermark=june) for month in (MAY, date(2026, 6, 1), JULY)]
    assert [period.name for period in Numbers.of(months).choices] == ["2026-06", "2026-05"]


def test_surveys_are_found_apart_the_most_answered_first_and_never_added() -> None:
    small = rate("satisfaction.linear", 20, 40, **SURVEY)
    large = rate("satisfaction.linear", 20, 90, **(SURVEY | {"instrument": "other"}))
    numbers = Numbers.of([small, large])
    assert numbers.find(ROLLING, "satisfaction.linear") == (large, small)


def test_a_number_of_one_channel_is_not_taken_for_the_whole() -> None:
    whole = rate("completion_rate.live", 20, 40)
    numbers = Numbers.of([rate("completion_rate.live", 30, 90, channel="phone"), whole])
    assert numbers.find(ROLLING, "completion_rate.live") == (whole,)
    assert [part.n for part in numbers.parts(ROLLING, "completion_rate.live")] == [90]


def test_a_touchpoint_and_its_service_are_found_apart() -> None:
    whole = rate("satisfaction.linear", 20, 40, **SURVEY)
    here = rate("satisfaction.linear", 30, 90, **SURVEY, touchpoint="guidance")
    numbers = Numbers.of([whole, here])
    assert numbers.first(ROLLING, "satisfaction.linear") == whole
    assert numbers.first(ROLLING, "satisfaction.linear", "guidance") == here
    assert numbers.at(ROLLING).touchpoints == {"guidance"}


def test_the_clocks_are_those_whose_cells_were_added() -> None:
    numbers = Numbers.of([message(clocks=("live", "archive")), message(**of_month(MAY))])
    assert numbers.clocks == {"live", "archive"}
