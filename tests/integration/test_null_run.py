"""The watch over many series for four weeks: where nothing fell it is silent, where something did
it is heard. Seeded, in memory; no server.

Windows differ as those of services do: by time of day and week, from few people to thousands, and
by more than chance from week to week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pytest

from services.publish.domain.fall import WEEKS, Window, Windows, fallen

SERIES, DAYS = 1_200, 28
BEGIN = datetime.fromisoformat("2026-01-05T00:00")
SHOWN_FROM = 30
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Rhythm:
    """How often a window is closed, and of how many people at the busiest and the calmest."""

    step: timedelta
    most: float
    calmest: float

    @cached_property
    def times(self) -> list[datetime]:
        """The start of every window: eight weeks to learn from, and the four that are watched."""
        days = 7 * WEEKS + DAYS
        return [BEGIN + n * self.step for n in range(days * (timedelta(days=1) // self.step))]

    @cached_property
    def watched(self) -> list[datetime]:
        """The start of every window of the last four weeks."""
        return [time for time in self.times if time >= BEGIN + timedelta(weeks=WEEKS)]


HOURLY = Rhythm(timedelta(hours=1), 2_000, 0.15)
DAILY = Rhythm(timedelta(days=1), 2_000, 1)


def series(
    random: np.random.Generator,
    rhythm: Rhythm,
    people: float,
    fallen_from: datetime | None = None,
    restless: float = 0.02,
) -> Windows:
    """The closed windows of one series; from `fallen_from` on 8 points lower. They differ by more
    than chance, by a standard deviation of up to `restless`.
    """
    times = rhythm.times
    ordinal = np.arange(len(times))
    in_week = timedelta(weeks=1) // rhythm.step
    usual = random.uniform(0.55, 0.97) + random.normal(0, 0.03, in_week)[ordinal % in_week]
    unrest = random.normal(0, random.uniform(0, restless), len(times))
    fell = np.array([fallen_from is not None and time >= fallen_from for time in times])
    rates = np.clip(usual + unrest - 0.08 * fell, 0.01, 0.995)
    in_day = timedelta(days=1) // rhythm.step
    daylight = np.sin(np.pi * (ordinal % in_day) / in_day) ** 2
    n = random.poisson(people * (rhythm.calmest + (1 - rhythm.calmest) * daylight))
    hits = random.binomial(n, rates)
    found = zip(times, hits.tolist(), n.tolist(), strict=True)
    return {time: Window(h / m, m) for time, h, m in found if m >= SHOWN_FROM}


def alarms(windows: Windows, rhythm: Rhythm) -> Iterator[datetime]:
    """When an alarm began, over the four weeks."""
    was_on = False
    for time in rhythm.watched:
        is_on = time in windows and fallen(windows, time, rhythm.step) is not None
        if is_on and not was_on:
            yield time
        was_on = is_on


@pytest.mark.parametrize("rhythm", [HOURLY, DAILY], ids=["hourly", "daily"])
def test_1200_series_of_which_none_falls_raise_at_most_two_alarms_in_28_days(
    rhythm: Rhythm,
) -> None:
    random = np.random.default_rng(20_260_105)
    sizes = np.exp(random.uniform(np.log(20), np.log(rhythm.most), SERIES))
    raised = sum(len(list(alarms(series(random, rhythm, size), rhythm))) for size in sizes)
    assert raised <= 2


@pytest.mark.parametrize(
    ("people", "restless", "at_least"),
    [(800, 0.0, 30), (1_500, 0.0, 47), (1_500, 0.01, 42), (2_500, 0.02, 38)],
)
def test_a_real_fall_of_eight_points_is_heard_at_its_second_hour(
    people: float, restless: float, at_least: int
) -> None:
    """50 services of so many people an hour at noon, where every one falls: the more their hours
    differ anyway, the later it is heard.
    """
    random = np.random.default_rng(8)
    noon = HOURLY.times[-12]
    heard = 0
    for _ in range(50):
        windows = series(random, HOURLY, people, fallen_from=noon, restless=restless)
        heard += fallen(windows, noon + HOURLY.step, HOURLY.step) is not None
    assert heard >= at_least
