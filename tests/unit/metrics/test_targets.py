"""Which periods are told anew when time goes on."""

from datetime import datetime, timedelta

import pytest

from schemas.vocabulary import PeriodKind
from services.metrics.domain.blocks import Block
from services.metrics.domain.periods import Shelf, Watermarks
from services.metrics.domain.targets import (
    Target,
    by_place,
    crossed,
    present,
    targets_of,
    windows,
)
from tests.builders import at
from tests.unit.metrics.snapshots import rules

DAY = Block("permit", Shelf.DAY, "2026-03-02", "live")
MONTH = Block("permit", Shelf.MONTH, "2026-03-01", "live")
DEMO = DAY._replace(clock="demo")
DAY_END = at("2026-03-02 23:00")


def live(time: datetime | None) -> Watermarks:
    return Watermarks({"live": time})


def between(before: Watermarks, now: Watermarks) -> set[Block]:
    return set(crossed({DAY, MONTH, DEMO}, rules(), before, now))


@pytest.mark.parametrize("days", [0, 1, 7, 28, 10])
def test_a_period_is_told_anew_at_its_end_at_each_horizon_and_when_its_grace_is_over(
    days: int,
) -> None:
    mark = DAY_END + timedelta(days=days)
    just_before = live(mark - timedelta(seconds=1))
    assert between(just_before, live(mark)) == {DAY}


def test_in_between_nothing_is_told_anew() -> None:
    before, now = live(DAY_END + timedelta(days=2)), live(DAY_END + timedelta(days=3))
    assert between(before, now) == set()


def test_a_clock_that_stands_still_tells_nothing_anew() -> None:
    assert between(live(DAY_END), live(DAY_END)) == set()


def test_a_clock_that_ends_tells_all_its_periods_anew() -> None:
    before = Watermarks({"demo": at("2026-03-02 12:00")})
    assert between(before, Watermarks(before.times, frozenset({"demo"}))) == {DEMO}


def test_a_clock_heard_of_for_the_first_time_tells_what_is_over() -> None:
    assert between(Watermarks({}), live(DAY_END)) == {DAY}
    assert between(Watermarks({}), live(None)) == set()


def test_a_service_the_catalogue_lacks_is_passed_over() -> None:
    gone = DAY._replace(service="gone")
    assert list(crossed({gone}, rules(), Watermarks({}), live(DAY_END))) == []


def test_rolling_windows_end_at_the_live_clock_or_else_at_the_newest() -> None:
    early, late = at("2026-03-02 12:00"), at("2026-03-09 12:00")
    times, scope = Watermarks({"demo": early, "other": late, "new": None}), rules().scopes["permit"]
    assert present(scope, {"permit": {"demo", "other", "new"}}, times) == late
    assert present(scope, {"permit": {"demo"}}, times) == early
    assert present(scope, {"permit": {"new"}}, times) is None
    with_live = Watermarks({"live": early, "other": late})
    assert present(scope, {"permit": {"other"}}, with_live) == early


def test_without_a_watermark_there_is_no_rolling_window() -> None:
    rolling = Target("permit", PeriodKind.ROLLING_28D)
    assert windows(rolling, rules().scopes["permit"], None) == ()


def test_blocks_of_one_place_differ_in_their_clock_only() -> None:
    assert by_place({MONTH, DAY, DEMO}) == {
        ("permit", ("day", "2026-03-02")): [DEMO, DAY],
        ("permit", ("month", "2026-03-01")): [MONTH],
    }


def test_names_lead_back() -> None:
    assert Block.named(DAY.name) == DAY
    for target in targets_of(MONTH, rules()):
        assert Target.named(target.name) == target


def test_a_block_is_of_its_service_and_of_the_agency_a_month_also_of_its_quarter() -> None:
    assert {target.name for target in targets_of(MONTH, rules())} == {
        "permit|month|2026-03-01",
        "permit|quarter|2026-01-01",
        "@town|month|2026-03-01",
        "@town|quarter|2026-01-01",
    }


@pytest.mark.parametrize("shelf", [Shelf.HOUR, Shelf.TOUCHPOINT_HOUR])
def test_an_hour_is_told_whole_from_whatever_shelf(shelf: Shelf) -> None:
    hour = Block("permit", shelf, "2026-03-02T09:00Z", "live")
    assert Target("permit", PeriodKind.HOUR, hour.start) in set(targets_of(hour, rules()))


def test_a_quarter_is_told_anew_at_its_end() -> None:
    end = at("2026-03-31 22:00")  # of March too
    february = MONTH._replace(start="2026-02-01")
    before, now = live(end - timedelta(seconds=1)), live(end)
    assert set(crossed({february}, rules(), before, now)) == {february}
