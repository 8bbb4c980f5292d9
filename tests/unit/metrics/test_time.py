"""How long it takes."""

from datetime import timedelta

import pytest

from services.metrics.domain.durations import bucket_of, representative
from tests.unit.metrics.scoring import numbers, score
from tests.unit.metrics.snapshots import START, ended, journey


def test_submitted_silent_for_fifty_days_and_decided_is_a_decision_after_fifty_days() -> None:
    fifty = timedelta(days=50)
    decided = ended(
        started=START - fifty, submitted=START - fifty, decided=START, ended=START, hours=0
    )
    found = score("time_to_decision.p50", [decided])
    assert found is not None
    assert (found.n, found.distribution) == (1, {"382": 1})
    assert found.value == pytest.approx(fifty.total_seconds(), rel=0.02)
    assert numbers(score("completion_rate.live", [decided])) == (1, 1, 1.0)


def test_fewer_than_ten_completed_journeys_have_no_typical_time() -> None:
    nine = score("time_to_complete.completed.p50", [ended(str(n)) for n in range(9)])
    ten = score("time_to_complete.completed.p50", [ended(str(n)) for n in range(10)])
    assert nine is not None
    assert ten is not None
    assert (nine.n, nine.value) == (9, None)
    assert (ten.n, ten.value) == (10, representative(bucket_of(7200)))


def test_the_ninth_of_ten_is_the_ninetieth_percentile() -> None:
    found = score("time_to_complete.completed.p90", [ended(str(h), h) for h in range(1, 11)])
    assert found is not None
    assert found.value == representative(bucket_of(9 * 3600))


def test_of_a_cohort_half_must_have_completed() -> None:
    done = [ended(str(n)) for n in range(5)]
    going_on = [journey(f"open {n}") for n in range(5)]
    half = score("time_to_complete.started.p50", done + going_on)
    most = score("time_to_complete.started.p90", done + going_on)
    assert half is not None
    assert most is not None
    assert numbers(half) == (5, 10, representative(bucket_of(7200)))
    assert numbers(most) == (5, 10, None)
    assert half.distribution == {bucket_of(7200): 5}


def test_who_gave_up_did_not_complete() -> None:
    gone = [ended(str(n), outcome="abandoned") for n in range(20)]
    assert score("time_to_complete.completed.p50", gone) is None
