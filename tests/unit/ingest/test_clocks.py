"""When a clock may be moved."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.control import Tick
from services.ingest.domain.clocks import refusal

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def at(time: datetime, *, last: bool = False) -> Tick:
    return Tick(clock="demo", time=time, last=last)


@pytest.mark.parametrize("newest", [None, at(JUNE - DAY), at(JUNE)])
def test_a_clock_may_move_forward_or_stand(newest: Tick | None) -> None:
    assert refusal(at(JUNE), newest) is None


def test_a_clock_may_not_go_back() -> None:
    told = refusal(at(JUNE), at(JUNE + DAY))
    assert told == "the clock demo is already at 2026-06-02T00:00:00+00:00"


def test_the_last_tick_may_be_repeated() -> None:
    assert refusal(at(JUNE, last=True), at(JUNE, last=True)) is None


@pytest.mark.parametrize("tick", [at(JUNE), at(JUNE + DAY), at(JUNE + DAY, last=True)])
def test_a_clock_that_ended_stays_ended(tick: Tick) -> None:
    told = refusal(tick, at(JUNE, last=True))
    assert told == "the clock demo has had its last tick; use a new clock"


def test_nobody_moves_the_live_clock() -> None:
    told = refusal(Tick(clock="live"), None)
    assert told == "the clock live is moved by the journey workers alone"
