"""What journey tells about itself."""

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from prometheus_client import CollectorRegistry

from services.journey.adapters.telemetry import Telemetry
from services.journey.adapters.watchdog import Watchdog
from services.journey.domain.partition import Alarm, Output, Step
from services.journey.domain.state import Position, Tally
from services.journey.sessionise import Partition
from tests.journey_worker.counting import CountingState

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class World:
    """A telemetry and its registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.telemetry = Telemetry(self.registry)

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"throughline_journey_{name}", labels)

    def stepped(self, partition: Partition, position: Position, **more: Any) -> None:
        step = Step(position.offset, (), position, more.pop("outputs", ()), 1, **more)
        partition.state.take(step)
        self.telemetry.stepped(partition, step, 0.1)


def partition(number: int = 0, position: Position | None = None) -> Partition:
    return Partition(number, CountingState(number, position or Position()))


def test_events_are_counted_by_what_became_of_them() -> None:
    world, own = World(), partition()
    world.telemetry.recovered(own, 0.1, 0)
    accounts = {
        "live": Tally(applied=5, duplicate=2, late=1, rejected={"too_many": 1, "internal": 2}),
        "demo": Tally(applied=3),
    }
    world.stepped(own, Position(offset=9, accounts=accounts))
    results = ("applied", "duplicate", "late", "rejected")
    assert [world.value("events_total", result=one) for one in results] == [8, 2, 1, 3]


def test_what_was_counted_before_this_worker_recovered_is_not_counted_again() -> None:
    world = World()
    own = partition(position=Position(offset=4, accounts={"live": Tally(applied=5)}))
    world.telemetry.recovered(own, 0.1, 6)
    world.stepped(own, Position(offset=9, accounts={"live": Tally(applied=7)}))
    assert world.value("events_total", result="applied") == 2


def test_journeys_that_close_are_counted_by_outcome() -> None:
    world = World()
    closed = b'{"id":"x","status":"closed","turn":"citizen","outcome":"expired"}'
    running = b'{"id":"y","status":"open","outcome":"open"}'
    outputs = tuple(Output("journeys.v1", b"k", value, "journey") for value in (closed, running))
    world.stepped(partition(), Position(), outputs=outputs)
    assert world.value("closed_snapshots_total", outcome="expired") == 1
    assert world.value("closed_snapshots_total", outcome="open") is None


def test_an_alarm_of_the_fold_is_counted() -> None:
    world = World()
    alarms = (Alarm(3, "fold.failed", ValueError("x")),)
    world.stepped(partition(), Position(), alarms=alarms, late=MappingProxyType({}))
    assert world.value("alarms_total") == 1


def test_a_dropped_chunk_is_a_hole_only_when_it_starts_too_late() -> None:
    world = World()
    world.telemetry.dropped(0, wanted=5, first=9, sought=True)
    world.telemetry.dropped(0, wanted=5, first=2, sought=False)
    names = ("chunks_dropped_total", "holes_total", "seeks_total")
    assert [world.value(name) for name in names] == [2, 1, 1]


def test_the_watermark_shown_is_the_slowest_partitions() -> None:
    world = World()
    early = Position(watermarks={"live": NOON.replace(hour=9), "demo": NOON})
    late = Position(watermarks={"live": NOON})
    world.telemetry.observe([partition(0, early), partition(1, late)], {})
    assert world.value("watermark_timestamp_seconds", clock="live") == (
        NOON.replace(hour=9).timestamp()
    )
    assert world.value("watermark_timestamp_seconds", clock="demo") == NOON.timestamp()


def test_a_clock_that_has_gone_is_shown_no_more() -> None:
    world = World()
    world.telemetry.observe([partition(0, Position(watermarks={"demo": NOON}))], {})
    world.telemetry.observe([], {})
    assert world.value("watermark_timestamp_seconds", clock="demo") is None


def test_lag_is_shown_for_the_partitions_of_ours_and_no_longer() -> None:
    world = World()
    world.telemetry.observe([], {0: 15, 1: 0})
    world.telemetry.observe([], {0: 5})
    assert world.value("lag", partition="0") == 5
    assert world.value("lag", partition="1") is None


def test_the_watchdog_hears_how_many_records_wait() -> None:
    world, ends = World(), []
    now = [0.0]
    watchdog = Watchdog(6.0, lambda event, _: ends.append(event), lambda: now[0])
    world.telemetry.watch(watchdog)
    for now[0] in range(0, 70, 2):
        world.telemetry.observe([partition(0, Position(offset=0))], {0: 3})
        watchdog.heard()
        watchdog.look()
    assert ends == ["worker.stalled"]
