"""When a worker has to end."""

import pytest

from services.journey.adapters.watchdog import Frozen, Watchdog


class World:
    """A clock that stands until it is moved, and a tape of endings."""

    def __init__(self) -> None:
        self.now = 100.0
        self.ends: list[tuple[str, str]] = []
        self.watchdog = Watchdog(6.0, self.end, lambda: self.now)

    def end(self, event: str, why: object) -> None:
        self.ends.append((event, str(why)))

    def live(self, seconds: int) -> None:
        """Time passes while the watchdog looks on."""
        for _ in range(seconds * 2):
            self.now += 0.5
            self.watchdog.heard()
            self.watchdog.look()


def test_a_worker_that_works_is_left_alone() -> None:
    world = World()
    for _ in range(200):
        world.watchdog.waiting(lag=1_000)
        world.watchdog.progressed()
        world.live(1)
    assert world.ends == []


def test_a_gap_of_more_than_half_the_session_means_frozen() -> None:
    world = World()
    world.now += 3.1
    with pytest.raises(Frozen):
        world.watchdog.check_gap()
    world.watchdog.look()
    assert world.ends == [("worker.frozen", "this process did not run for 3.1 s")]


def test_a_gap_of_half_the_session_is_no_reason() -> None:
    world = World()
    world.now += 3.0
    world.watchdog.check_gap()
    world.watchdog.look()
    assert world.ends == []


def test_no_step_for_a_minute_and_a_session_while_records_wait_ends_the_worker() -> None:
    world = World()
    for _ in range(67):
        world.watchdog.waiting(lag=7)
        world.live(1)
    assert world.ends[0] == ("worker.stalled", "no step for 66 s while 7 records wait")


def test_a_rebalance_that_waits_for_a_member_that_is_gone_is_no_stall() -> None:
    world = World()
    world.watchdog.waiting(lag=7)
    world.live(60 + 5)
    assert world.ends == []


def test_no_step_for_a_minute_while_nothing_waits_is_rest() -> None:
    world = World()
    for _ in range(100):
        world.watchdog.waiting(lag=0)
        world.live(1)
    assert world.ends == []


def test_an_event_loop_that_stands_still_ends_the_worker_though_nothing_waits() -> None:
    world = World()
    for _ in range(122):
        world.now += 0.5
        world.watchdog.look()
    assert world.ends[0] == ("worker.stalled", "the event loop did not run for 60 s")


def test_who_was_told_to_end_has_fifteen_seconds_for_it() -> None:
    world = World()
    for _ in range(15):
        world.watchdog.leaving()
        world.live(1)
    assert world.ends == []
    world.live(1)
    assert world.ends[0] == ("worker.cut_short", "told to end 15 s ago, and still here")
