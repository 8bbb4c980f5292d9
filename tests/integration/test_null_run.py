"""The watch over many series for four weeks: where nothing fell it is silent, where something did
it is heard. Seeded, in memory; no server.

Hours differ as those of services do: by time of day and week, from few people to thousands, and by
more than chance from week to week.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest

from services.publish.domain.fall import WEEKS, Window, fallen

SERIES, DAYS = 1_200, 28
HOUR = timedelta(hours=1)
BEGIN = datetime.fromisoformat("2026-01-05T00:00")
HOURS = (7 * WEEKS + DAYS) * 24
TIMES = [BEGIN + hour * HOUR for hour in range(HOURS)]
WATCHED = TIMES[7 * WEEKS * 24 :]
SHOWN_FROM = 30
pytestmark = pytest.mark.timeout(300)


def series(
    random: np.random.Generator, people: float, fallen_from: int = HOURS, restless: float = 0.02
) -> dict[datetime, Window]:
    """The closed hours of one series; from hour `fallen_from` on 8 points lower. Hours differ by
    more than chance, by a standard deviation of up to `restless`.
    """
    hours = np.arange(HOURS)
    usual = random.uniform(0.55, 0.97) + random.normal(0, 0.03, 168)[hours % 168]
    unrest = random.normal(0, random.uniform(0, restless), HOURS)
    rates = np.clip(usual + unrest - 0.08 * (hours >= fallen_from), 0.01, 0.995)
    daylight = 0.15 + 0.85 * np.sin(np.pi * (hours % 24) / 24) ** 2
    n = random.poisson(people * daylight)
    hits = random.binomial(n, rates)
    found = zip(TIMES, hits.tolist(), n.tolist(), strict=True)
    return {time: Window(h / m, m) for time, h, m in found if m >= SHOWN_FROM}


def alarms(windows: dict[datetime, Window]) -> Iterator[datetime]:
    """When an alarm began, over the four weeks."""
    was_on = False
    for time in WATCHED:
        is_on = time in windows and fallen(windows, time, HOUR) is not None
        if is_on and not was_on:
            yield time
        was_on = is_on


def test_1200_series_of_which_none_falls_raise_at_most_two_alarms_in_28_days() -> None:
    random = np.random.default_rng(20_260_105)
    people = np.exp(random.uniform(np.log(20), np.log(2000), SERIES))
    raised = sum(len(list(alarms(series(random, each)))) for each in people)
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
    noon = HOURS - 12
    heard = 0
    for _ in range(50):
        windows = series(random, people, fallen_from=noon, restless=restless)
        heard += fallen(windows, TIMES[noon + 1], HOUR) is not None
    assert heard >= at_least, heard
