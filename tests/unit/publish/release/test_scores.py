"""The golden values of measures.md 5, from counts that rounding leaves as they are."""

import pytest

from services.publish.domain.release import scores

ANSWERS = {1: 5, 2: 10, 3: 15, 4: 40, 5: 30}


def test_the_golden_values() -> None:
    assert scores.share(70, 100)[:3] == pytest.approx((0.70, 0.6042, 0.7811), abs=5e-5)
    assert scores.mean(ANSWERS, (1, 5))[:3] == pytest.approx((0.70, 0.6391, 0.7492), abs=5e-5)
    assert scores.net(70, 15, 15, 1)[:3] == pytest.approx((0.55, 0.3902, 0.6778), abs=5e-5)
    assert scores.net(50, 30, 20, 100)[:3] == pytest.approx((30, 14.05, 44.20), abs=5e-3)


def test_no_data_is_no_value() -> None:
    assert scores.share(0, 0) == scores.mean({}, (1, 5)) == scores.net(0, 0, 0, 1) == scores.Score()
