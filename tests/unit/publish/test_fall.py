"""When a share has fallen, and when it has not."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf

import pytest
from scipy import stats

from services.publish.domain.fall import Fall, Window, _normal_of, fall, fallen, weeks_before

# A Tuesday, as the wall clock of the service shows it: without time zone.
NOW = datetime.fromisoformat("2026-09-29T10:00")
HOUR = timedelta(hours=1)
USUAL = (0.85, 0.86, 0.84, 0.85, 0.86, 0.84, 0.85, 0.85)


def weeks(
    start: datetime, now: float, usual: tuple[float, ...] = USUAL, n: int = 1000
) -> dict[datetime, Window]:
    """One window and those of the weeks before it."""
    before = {
        start - timedelta(weeks=week): Window(value, n) for week, value in enumerate(usual, start=1)
    }
    return before | {start: Window(now, n)}


def two_hours(first: float, second: float, n: int = 1000) -> Mapping[datetime, Window]:
    return weeks(NOW - HOUR, first, n=n) | weeks(NOW, second, n=n)


def test_eight_points_in_two_successive_hours_are_a_fall() -> None:
    found = fallen(two_hours(0.77, 0.77), NOW, HOUR)
    assert found is not None
    assert found.points == pytest.approx(0.08)
    assert found.z > 3


@pytest.mark.parametrize(("first", "second"), [(0.85, 0.77), (0.77, 0.85)])
def test_one_hour_alone_is_none(first: float, second: float) -> None:
    assert fallen(two_hours(first, second), NOW, HOUR) is None


def test_less_than_five_points_are_none_however_sure() -> None:
    found = fall(weeks(NOW, 0.81, n=1_000_000), NOW, HOUR)
    assert found is not None
    assert (found.counts, round(found.points, 2)) == (False, 0.04)


def test_few_people_are_none_however_far() -> None:
    found = fall(weeks(NOW, 0.77, n=40), NOW, HOUR)
    assert found is not None
    assert found.points > 0.05
    assert not found.counts


def test_a_rise_is_none() -> None:
    found = fall(weeks(NOW, 0.95), NOW, HOUR)
    assert found is not None
    assert found.points < 0


def test_where_weeks_differ_much_a_fall_must_be_far() -> None:
    restless = (0.95, 0.75, 0.9, 0.8, 0.95, 0.75, 0.85, 0.85)
    calm, wild = fall(weeks(NOW, 0.75), NOW, HOUR), fall(weeks(NOW, 0.75, restless), NOW, HOUR)
    assert calm is not None
    assert wild is not None
    assert calm.counts
    assert wild.points == pytest.approx(calm.points)
    assert not wild.counts


def test_the_hour_before_the_window_does_not_matter_only_the_same_hour_of_the_weekday() -> None:
    windows = weeks(NOW, 0.85) | {NOW - HOUR * k: Window(0.2, 1000) for k in range(1, 100)}
    found = fall(windows, NOW, HOUR)
    assert found is not None
    assert not found.counts


def test_with_three_weeks_known_nobody_can_say() -> None:
    assert fall(weeks(NOW, 0.5, USUAL[:3]), NOW, HOUR) is None
    assert fall(weeks(NOW, 0.5, USUAL[:4]), NOW, HOUR) is not None


def test_weeks_longer_ago_than_eight_are_not_asked() -> None:
    windows = weeks(NOW, 0.5) | {NOW - timedelta(weeks=9): Window(0.1, 10**9)}
    assert len(weeks_before(windows, NOW)) == 8


def test_a_missing_window_is_none() -> None:
    assert fall({}, NOW, HOUR) is None


def test_from_a_whole_the_second_failure_of_thirty_is_no_miracle() -> None:
    found = fall(weeks(NOW, 28 / 30, (1.0,) * 8, n=30), NOW, HOUR)
    assert found is not None
    assert found.points > 0.05
    assert found.z < 2


def test_from_everybody_to_nobody_is_sure() -> None:
    assert fall(weeks(NOW, 0, (1.0,) * 8, n=30), NOW, HOUR) == Fall(1.0, inf)


def test_equal_weeks_leave_it_to_chance() -> None:
    found = fall(weeks(NOW, 0.77, (0.85,) * 8), NOW, HOUR)
    assert found is not None
    expected = 0.08 / (0.77 * 0.23 * (1 / 1000 + 1 / 8000)) ** 0.5
    assert found.z == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("freedom", [3, 5, 7])
@pytest.mark.parametrize("t", [-4.5, 0.0, 3.0, 4.5, 8.0])
def test_z_is_as_rare_as_t(freedom: int, t: float) -> None:
    exact = stats.norm.isf(stats.t.sf(t, freedom))
    assert _normal_of(t, freedom) == pytest.approx(exact, abs=0.05)
    assert t < 3 or _normal_of(t, freedom) <= exact
