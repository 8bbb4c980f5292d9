"""How figures are written for people."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.vocabulary import Unit
from services.publish.domain import words

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.8243, "82.4%"), (0, "0%"), (1, "100%"), (0.99996, "99.9%"), (0.0001, "0.1%")],
)
def test_a_share_is_a_percentage_and_only_all_is_all(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (3_600, "1 hour"),
        (90_061, "1 day 1 hour"),
        (86_405, "1 day"),
        (2 * 86_400 + 4 * 3_600 + 59 * 60, "2 days 4 hours"),
        (59.6, "1 minute"),
    ],
)
def test_a_duration_has_its_two_largest_neighbouring_units(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_a_count_has_its_thousands_apart() -> None:
    assert [words.count(number) for number in (1_234_567, 7.0, 2.5)] == ["1,234,567", "7", "2.5"]


def test_an_instant_is_told_in_the_services_time() -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert words.instant(moment, AMSTERDAM) == "29 March 2026, 03:30"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ((2026, 2, 1), (2026, 3, 1), "1 to 28 February 2026"),
        ((2026, 2, 3), (2026, 2, 4), "3 February 2026"),
        ((2025, 12, 20), (2026, 1, 3), "20 December 2025 to 2 January 2026"),
        ((2026, 2, 3, 13), (2026, 2, 3, 15), "3 February 2026, 13:00 to 15:00"),
        ((2026, 2, 3, 23), (2026, 2, 4, 1), "3 February 2026, 23:00 to 4 February 2026, 01:00"),
    ],
)
def test_a_span_names_its_last_day_and_not_its_end(
    start: tuple[int, int, int], end: tuple[int, int, int], text: str
) -> None:
    first = datetime(*start, tzinfo=AMSTERDAM)
    last = datetime(*end, tzinfo=AMSTERDAM)
    assert words.span(first, last, AMSTERDAM) == text


@pytest.mark.parametrize(
    ("unit", "number", "text"),
    [
        (Unit.SHARE, 0.042, "+4.2 points"),
        (Unit.SECONDS, -7_200.0, "2 hours shorter"),
        (Unit.RATIO, 0.125, "+0.12"),
        (Unit.SCALE, -0.5, "−0.50"),  # noqa: RUF001 (a true minus sign)
        (Unit.COUNT, 0.0, "0.00"),
    ],
)
def test_a_difference_says_more_or_less_in_its_unit(unit: Unit, number: float, text: str) -> None:
    assert words.difference(unit, number) == text
