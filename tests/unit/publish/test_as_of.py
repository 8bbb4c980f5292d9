"""How far the numbers go."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.metric import ClockProgress
from services.publish.domain.as_of import AsOf, as_of
from services.publish.domain.numbers import Numbers
from tests.unit.publish.samples import NOW, ZONE, message, progress


def told(*clocks: ClockProgress, of: tuple[str, ...] = ("live",)) -> tuple[AsOf, ...]:
    return as_of(Numbers.of([message(clocks=of)], clocks), ZONE, NOW)


def test_the_live_clock_tells_the_services_own_time() -> None:
    assert told(progress()) == (AsOf("As of 15 September 2026, 14:58 (Europe/Tallinn)"),)


@pytest.mark.parametrize(("seconds", "stale"), [(60, False), (61, True)])
def test_no_progress_message_for_a_minute_is_stale(seconds: int, *, stale: bool) -> None:
    [line] = told(progress(sent_at=NOW - timedelta(seconds=seconds)))
    assert line.is_stale is stale


def test_stale_is_said_with_its_length() -> None:
    [line] = told(progress(sent_at=NOW - timedelta(minutes=3)))
    assert line.text.endswith(". Stale: no word for 3 minutes")


def test_no_progress_at_all_is_stale() -> None:
    assert told() == (AsOf("No progress message has come yet", is_stale=True),)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"last": True},
            "Complete up to 15 September 2026, 14:58 (Europe/Tallinn): nothing more will come",
        ),
        ({"last": True, "watermark": None}, "Complete: nothing more will come"),
        ({"watermark": None}, "No event yet"),
        (
            {"watermark": None, "partitions_caught_up": 4},
            "No event yet; catching up, 4 of 6 parts are done",
        ),
    ],
)
def test_a_clock_says_how_it_stands(changes: dict[str, Any], text: str) -> None:
    assert told(progress(**changes)) == (AsOf(text),)


def test_every_clock_in_the_numbers_has_a_line_the_live_one_first() -> None:
    archive, other = (progress(clock=name, watermark=None, last=True) for name in ("archive", "b"))
    lines = told(archive, progress(watermark=None), other, of=("archive", "live"))
    assert [line.text for line in lines] == [
        "No event yet",
        "Complete: nothing more will come, clock “archive”",
    ]


@pytest.mark.parametrize(
    ("others", "text"),
    [
        ([progress(watermark=None)], "No event yet"),
        ([], "Complete: nothing more will come, clock “archive”"),
    ],
)
def test_without_numbers_the_live_clock_is_told_and_another_only_where_it_is_not(
    others: list[ClockProgress], text: str
) -> None:
    archive = progress(clock="archive", watermark=None, last=True)
    assert as_of(Numbers.of([], [archive, *others]), ZONE, NOW) == (AsOf(text),)
