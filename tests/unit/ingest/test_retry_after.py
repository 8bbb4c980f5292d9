"""Clients that are turned away together do not come back together."""

from collections import Counter
from random import Random

import pytest

from services.ingest.domain.retry_after import spread


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
