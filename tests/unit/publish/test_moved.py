"""How far a number moved, and how sure that is."""

import pytest

from services.publish.domain.figure import figure
from services.publish.domain.moved import Moved, moved
from tests.unit.publish.samples import message


def by(before: tuple[float, float, float], after: tuple[float, float, float]) -> Moved:
    shown = [
        figure(message("step_dropoff", value=value, ci_low=low, ci_high=high), "step_dropoff")
        for low, value, high in (before, after)
    ]
    made = moved(*shown)
    assert made is not None
    return made


def test_the_interval_of_a_difference_is_made_from_both_intervals() -> None:
    """Newcombe's example (Statistics in Medicine 17, 1998): 56/70 less 48/80 is .2 (.0524, .3339),
    from the Wilson intervals .4905 to .7005 and .6904 to .8770 of the two shares.
    """
    made = by((0.4905, 0.6, 0.7005), (0.6904, 0.8, 0.8770))
    told = (made.value, made.low, made.high)
    assert told == pytest.approx((0.2, 0.0524, 0.3339), abs=2e-3)


def test_less_of_what_is_bad_is_better_and_what_may_be_nothing_is_not_judged() -> None:
    assert by((0.16, 0.17, 0.18), (0.08, 0.09, 0.1)).is_better is True
    assert by((0.08, 0.09, 0.1), (0.16, 0.17, 0.18)).is_better is False
    unclear = by((0.05, 0.17, 0.3), (0.02, 0.12, 0.25))
    assert (unclear.is_clear, unclear.is_better) == (False, None)


def test_a_move_is_told_in_points_with_its_span() -> None:
    made = by((0.16, 0.17, 0.18), (0.08, 0.09, 0.1))
    assert (made.text, made.span) == (
        "−8.0 points",  # noqa: RUF001 (a true minus sign)
        "−9.4 to −6.6 points",  # noqa: RUF001
    )


def test_what_moved_elsewhere_too_is_taken_off() -> None:
    here, there = by((0.16, 0.17, 0.18), (0.08, 0.09, 0.1)), by((0.2, 0.2, 0.2), (0.15, 0.15, 0.15))
    effect = here.less(there)
    assert (effect.value, effect.low, effect.high) == pytest.approx(
        (-0.03, -0.0441, -0.0159), abs=1e-4
    )


def test_without_an_interval_nothing_is_said() -> None:
    bare = figure(message("journeys_ended", value=3.0), "journeys_ended")
    assert moved(bare, bare) is None
