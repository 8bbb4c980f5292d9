"""How many events fit, and when the next do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.sources import Rate
from services.ingest.adapters.rates import Rates
from services.ingest.domain.rate import Bucket, poured
from tests.unit.ingest.world import source

RATE = Rate(per_second=10, burst=50)


def test_a_burst_fits_at_once_and_then_as_many_as_time_brings() -> None:
    bucket, wait = poured(None, RATE, 50, 0)
    assert (bucket, wait) == (Bucket(0, 0), 0)
    bucket, wait = poured(bucket, RATE, 5, 0.25)
    assert (bucket, wait) == (Bucket(2.5, 0.25), 0.25)
    bucket, wait = poured(bucket, RATE, 5, 0.5)
    assert (bucket, wait) == (Bucket(0, 0.5), 0)


def test_silence_fills_the_bucket_and_no_more() -> None:
    assert poured(Bucket(0, 0), RATE, 50, 3_600) == (Bucket(0, 3_600), 0)


def test_a_batch_larger_than_the_bucket_fits_an_empty_one_and_is_owed() -> None:
    """Else its client would send it again for ever."""
    bucket, wait = poured(None, RATE, 200, 0)
    assert (bucket, wait) == (Bucket(-150, 0), 0)
    assert poured(bucket, RATE, 1, 0)[1] == pytest.approx(15.1)


@given(st.lists(st.tuples(st.integers(0, 200), st.floats(0, 5)), max_size=30))
def test_never_more_than_the_rate_and_a_burst_gets_through(sent: list[tuple[int, float]]) -> None:
    bucket, now, through, largest = None, 0.0, 0, 0
    for events, later in sent:
        now += later
        bucket, wait = poured(bucket, RATE, events, now)
        through, largest = through + events * (wait == 0), max(largest, events)
    assert through <= now * RATE.per_second + max(RATE.burst, largest) + 1e-6


@given(st.integers(1, 200), st.integers(1, 200))
def test_who_waits_as_long_as_told_gets_through(first: int, second: int) -> None:
    bucket, _ = poured(None, RATE, first, 0)
    bucket, wait = poured(bucket, RATE, second, 0)
    assert wait == 0 or poured(bucket, RATE, second, wait + 1e-9)[1] == 0


def test_each_source_has_a_bucket_and_who_has_no_rate_has_none() -> None:
    rates = Rates(lambda: 0.0)
    quick, other = (source().model_copy(update={"id": i, "rate": RATE}) for i in ("a", "b"))
    assert [rates.seconds_to_wait(one, 50) for one in (quick, other, quick)] == [0, 0, 5]
    assert [rates.seconds_to_wait(source(), 10**6) for _ in range(2)] == [0, 0]
