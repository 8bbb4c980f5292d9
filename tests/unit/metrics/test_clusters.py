"""Units that repeat within a journey."""

import pytest

from services.metrics.domain.intervals import Clusters
from services.metrics.domain.measures.clusters import cluster, ratio_of, sums

# 15 journeys with one contact, 4 with two of which one counts, one with five of which four do.
GOLDEN = {cluster(1, 0): 15, cluster(2, 1): 4, cluster(5, 4): 1}


def test_the_sums_come_back_from_the_bins() -> None:
    assert sums(GOLDEN) == Clusters(20, 28, 8, 15 + 16 + 25, 8 + 20, 4 + 16)


def test_each_kind_of_hit_has_its_own_sums() -> None:
    assert sums({cluster(3, 1, 2): 2}, kind=2) == Clusters(2, 6, 4, 18, 12, 8)


def test_the_golden_ratio_is_wider_than_its_contacts_alone_would_make_it() -> None:
    found = ratio_of(8, 28, sums(GOLDEN))
    assert found.value == pytest.approx(0.285714, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.0755, 0.4960), abs=5e-5)
    assert (found.n, found.method) == (28, "ratio")


def test_nothing_has_no_ratio_and_one_journey_no_interval() -> None:
    assert ratio_of(0, 0, sums({})).value is None
    alone = ratio_of(1, 2, sums({cluster(2, 1): 1}))
    assert (alone.value, alone.low, alone.method) == (0.5, None, None)


def test_units_whose_journeys_lie_in_another_period_have_no_interval() -> None:
    assert ratio_of(1, 2, sums({})).low is None
