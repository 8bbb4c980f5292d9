from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.demo.truth.windows import Window, windows
from schemas.vocabulary import PeriodKind

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# 02:20 on 28 October there, three days after the clocks went back.
NOW = datetime(2026, 10, 28, 1, 20, tzinfo=UTC)


def found(kind: PeriodKind, ripening: timedelta | None = None, now: datetime = NOW) -> Window:
    (one,) = [w for w in windows(now, AMSTERDAM) if (w.kind, w.ripening) == (kind, ripening)]
    return one


def test_a_window_is_so_many_whole_days_and_the_current_one() -> None:
    day = found(PeriodKind.ROLLING_1D)
    assert day.start == datetime(2026, 10, 26, 23, tzinfo=UTC)
    assert day.end == datetime(2026, 10, 28, 23, tzinfo=UTC)
    weeks = found(PeriodKind.ROLLING_28D)
    assert weeks.start == datetime(2026, 9, 29, 22, tzinfo=UTC)
    assert weeks.end == day.end
    year = found(PeriodKind.ROLLING_365D)
    assert year.start == datetime(2025, 10, 27, 23, tzinfo=UTC)


def test_what_must_ripen_is_looked_at_later_and_without_the_current_one() -> None:
    week = timedelta(days=7)
    day = found(PeriodKind.ROLLING_1D, week)
    assert day.start == datetime(2026, 10, 19, 22, tzinfo=UTC)
    assert day.end == datetime(2026, 10, 20, 22, tzinfo=UTC)


def test_of_a_history_no_hours_are_told() -> None:
    assert PeriodKind.ROLLING_1H not in {w.kind for w in windows(NOW, AMSTERDAM)}


def test_each_measure_is_told_of_the_windows_that_are_long_enough() -> None:
    week = timedelta(days=7)
    assert found(PeriodKind.ROLLING_1D).tells_of("trust.positive")
    assert not found(PeriodKind.ROLLING_1D).tells_of("path_share")
    assert found(PeriodKind.ROLLING_28D).tells_of("path_share")
    assert not found(PeriodKind.ROLLING_28D).tells_of("digital_takeup.incl")
    assert found(PeriodKind.ROLLING_365D).tells_of("digital_takeup.incl")
    assert not found(PeriodKind.ROLLING_28D).tells_of("completion_within.7d")
    assert found(PeriodKind.ROLLING_28D, week).tells_of("completion_within.7d")
    assert not found(PeriodKind.ROLLING_28D, week).tells_of("completion_within.1d")
