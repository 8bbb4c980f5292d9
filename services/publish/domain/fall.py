"""Has a share fallen? A closed window against the same weekday and hour of the eight weeks before.

Many series are asked every hour, so chance must almost never answer yes (measures.md 7): a fall
counts from 5 points and z of 3 on, in two successive windows that share nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import copysign, inf, log1p, sqrt

POINTS = 0.05
Z = 3.0
WEEKS = 8
# With fewer weeks than this nobody can say how much weeks differ.
WEEKS_NEEDED = 4
# How much weeks differ is measured over this many windows.
BESIDE = 6
_BACK = tuple(timedelta(weeks=week) for week in range(1, WEEKS + 1))


@dataclass(frozen=True)
class Window:
    """What one closed window said: a value in 0..1 and of how many."""

    value: float
    n: int


@dataclass(frozen=True)
class Fall:
    """How far below the weeks before, as a share (0.08 is 8 points), and how surely."""

    points: float
    z: float

    @property
    def counts(self) -> bool:
        """Whether this window alone fell far and surely enough."""
        return self.points >= POINTS and self.z >= Z


Windows = Mapping[datetime, Window]
"""By start on the wall clock of the service, without time zone: a week later is the same hour."""


def fallen(windows: Windows, newest: datetime, step: timedelta) -> Fall | None:
    """The fall of the newest window when it and the one before it (`step` earlier) both fell."""
    last = fall(windows, newest, step)
    if last is None or not last.counts:
        return None
    before = fall(windows, newest - step, step)
    return last if before is not None and before.counts else None


def fall(windows: Windows, start: datetime, step: timedelta) -> Fall | None:
    """How far one window fell; None where it, or too many of the weeks before it, is missing."""
    window, weeks = windows.get(start), weeks_before(windows, start)
    if window is None or len(weeks) < WEEKS_NEEDED:
        return None
    usual, n = _mean(weeks)
    points = usual - window.value
    if points < POINTS:  # most windows: what follows would cost ten times as much
        return Fall(points, 0)
    chance = _variance(usual, window.value) * (1 / window.n + 1 / n)
    if chance == 0:
        return Fall(points, inf)
    excess, freedom = _excess(windows, start, step)
    if excess <= 1:
        return Fall(points, points / sqrt(chance))
    return Fall(points, _normal_of(points / sqrt(chance * excess), freedom))


def weeks_before(windows: Windows, start: datetime) -> Sequence[Window]:
    """The same weekday and hour of the weeks before, as far as they are known."""
    found = [windows.get(start - back) for back in _BACK]
    return [window for window in found if window is not None]


def _mean(weeks: Sequence[Window]) -> tuple[float, int]:
    n = sum(week.n for week in weeks)
    return sum(week.value * week.n for week in weeks) / n, n


def _variance(usual: float, now: float) -> float:
    """Of one person, by chance alone: a mean of answers in 0..1 varies no more than a share.

    The larger of then and now: from 100 % a second failure of 30 is no miracle.
    """
    return max(usual * (1 - usual), now * (1 - now))


def _excess(windows: Windows, start: datetime, step: timedelta) -> tuple[float, int]:
    """How many times more than chance weeks differ, and from how many degrees of freedom.

    Eight weeks alone say little of their own spread, so those of the windows just before count too.
    """
    squares, freedom = 0.0, 0
    for back in range(BESIDE):
        weeks = weeks_before(windows, start - back * step)
        mean = _mean(weeks)[0] if weeks else 0
        if 0 < mean < 1:
            squares += sum(w.n * (w.value - mean) ** 2 for w in weeks) / (mean * (1 - mean))
            freedom += len(weeks) - 1
    return (squares / freedom, freedom) if freedom else (1, 0)


def _normal_of(t: float, freedom: int) -> float:
    """The z that is as rare as this t (Wallace 1959): never more than it where t is above 3."""
    size = sqrt(freedom * log1p(t * t / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return copysign(size, t)
