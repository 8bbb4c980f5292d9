"""A pace is learnt from rounds that were full, and no single one of them turns it over."""

import pytest

from services.ingest.domain.pace_of_work import PaceOfWork


def learnt(rounds: int, work: int, seconds: float) -> float:
    pace = PaceOfWork()
    for _ in range(rounds):
        pace = pace.after(work, seconds)
    return pace.each_second


@pytest.mark.parametrize(
    ("work", "seconds", "found"), [(16, 0.016, 1_000), (16, 0.16, 100), (1_025, 4.1, 250)]
)
def test_a_hundred_rounds_say_how_fast_it_is(work: int, seconds: float, found: int) -> None:
    assert learnt(100, work, seconds) == pytest.approx(found, rel=0.05)


def test_one_round_in_which_thousands_were_read_hardly_counts() -> None:
    assert learnt(1, 16, 30.0) > 0.7 * PaceOfWork().each_second


def test_rounds_that_took_no_time_by_the_clock_are_no_fault() -> None:
    assert learnt(1_000, 16, 0.0) > 1_000
