"""Clients that are turned away together do not come back together."""

from collections import Counter
from random import Random

import pytest

from services.ingest.domain.retry_after import Crowd, spread


@pytest.mark.parametrize(
    ("fullness", "least", "longest"), [(0.0, 1, 5), (0.5, 1, 18), (1.0, 1, 30), (7.0, 1, 30)]
)
def test_the_bound_grows_with_what_is_on_its_way(fullness: float, least: int, longest: int) -> None:
    assert spread(0.0, fullness) == least
    assert spread(0.999999, fullness) == longest


def test_a_wait_that_is_known_is_never_shortened() -> None:
    rng = Random(1)
    assert min(spread(rng.random(), 0.3, least=60) for _ in range(1_000)) == 60


def test_ten_thousand_clients_come_back_evenly() -> None:
    rng = Random(2)
    told = Counter(spread(rng.random(), 1.0) for _ in range(10_000))
    assert set(told) == set(range(1, 31))
    assert max(told.values()) < 500


def test_a_crowd_comes_back_no_faster_than_it_can_be_worked_on() -> None:
    """All of 10,000 are turned away within five seconds, by a process that has room for 400 a
    second.
    """
    crowd, back = Crowd(), Counter[int]()
    for number in range(10_000):
        now = number / 2_000
        back[int(now) + crowd.seconds(now)] += 1
        crowd = crowd.joined(now, 1, 400.0)
    assert sum(back.values()) == 10_000
    assert max(back) in range(30, 40)
    assert max(back.values()) <= 400


def test_who_brings_more_takes_more_of_a_crowds_time() -> None:
    few, many = (Crowd().joined(7.0, work, 400.0) for work in (100, 1_000))
    assert (few.seconds(7.0), many.seconds(7.0)) == (0, 3)


def test_nobody_waits_for_a_crowd_that_has_come_back_or_longer_than_clients_keep_it() -> None:
    crowd = Crowd().joined(7.0, 10**9, 400.0)
    assert (crowd.seconds(7.0), crowd.seconds(60.0), crowd.seconds(500.0)) == (120, 67, 0)
