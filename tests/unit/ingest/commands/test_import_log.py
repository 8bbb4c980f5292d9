"""The import of a log: order, ticks, resuming, refusals."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from schemas.codec import decode
from schemas.control import Tick
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Reason
from services.ingest.collect import Collector
from services.ingest.commands.import_log import Importer, account
from services.ingest.commands.import_plan import prepare
from services.ingest.commands.import_progress import Progress
from services.ingest.commands.log_file import ImportRefused
from services.ingest.feed import ClockFeeder
from services.ingest.sending import Message, TopicMissing
from tests.unit.ingest.world import EDGE, RULES, RecordingWorld

START = datetime(2011, 1, 1, tzinfo=UTC)
MAPPING = """
source: logs
service: parking
clock: import-1
columns: {case: dossier, time: moment, activity: step}
activities: {Received: {touchpoint: form}}
ignore: [Heartbeat]
"""


def write(tmp_path: Path, rows: int, mapping: str = MAPPING) -> tuple[Path, Path]:
    """A log whose rows are in reverse order of time, one a minute."""
    moments = [(START + timedelta(minutes=number)).isoformat() for number in range(rows)]
    received = [f"c-{number},{moment},Received" for number, moment in enumerate(moments)]
    lines = ["dossier,moment,step", *reversed(received)]
    log, mapping_file = tmp_path / "log.csv", tmp_path / "map.yaml"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping_file.write_text(mapping, encoding="utf-8")
    return log, mapping_file


def importer(world: RecordingWorld, log: Path, mapping: Path) -> Importer:
    collector = Collector(RULES, world, world, EDGE)
    plan = prepare(log, mapping, RULES)
    return Importer(plan, collector, ClockFeeder(world, world), Console(file=io.StringIO()))


def told(world: RecordingWorld) -> list[str]:
    """The order of everything sent: times of events, and ticks (those of partition 0)."""
    found = []
    for message in world.messages:
        if message.headers == (("kind", b"tick"),):
            tick = decode(Tick, message.value)
            found += [f"tick {tick.time:%H:%M}{' last' * tick.last}"] * (message.partition == 0)
        else:
            found.append(f"{decode(TouchpointRecord, message.value).time:%H:%M}")
    return found


async def test_rows_are_sent_in_event_time_order_and_each_thousand_is_followed_by_a_tick(
    tmp_path: Path,
) -> None:
    world = RecordingWorld()
    await importer(world, *write(tmp_path, 1_002)).run(is_last=True)
    times = [f"{START + timedelta(minutes=n):%H:%M}" for n in range(1_002)]
    expected = [*times[:1_000], "tick 16:39", *times[1_000:], "tick 16:41", "tick 16:41 last"]
    assert told(world) == expected


async def test_without_finish_the_clock_stays_open(tmp_path: Path) -> None:
    world = RecordingWorld()
    progress = await importer(world, *write(tmp_path, 2)).run(is_last=False)
    assert told(world) == ["00:00", "00:01", "tick 00:01"]
    assert not progress.is_finished


async def test_a_tick_goes_into_every_partition(tmp_path: Path) -> None:
    world = RecordingWorld(partition_count=3)
    await importer(world, *write(tmp_path, 1)).run(is_last=False)
    assert [m.partition for m in world.messages if m.key is None] == [0, 1, 2]


async def test_a_second_start_goes_on_after_the_last_note(tmp_path: Path) -> None:
    log, mapping = write(tmp_path, 1_002)
    first = RecordingWorld()
    with pytest.raises(_PowerCut):
        await importer(_CutAfter(first, events=1_000), log, mapping).run(is_last=True)
    second = RecordingWorld(ticks={"import-1": Tick(clock="import-1", time=START)})
    progress = await importer(second, log, mapping).run(is_last=True)
    assert told(second) == ["16:40", "16:41", "tick 16:41", "tick 16:41 last"]
    assert (progress.rows, progress.accepted) == (1_002, 1_002)


async def test_a_start_after_the_end_sends_nothing(tmp_path: Path) -> None:
    files = write(tmp_path, 3)
    first = await importer(RecordingWorld(), *files).run(is_last=True)
    world = RecordingWorld(ticks={"import-1": Tick(clock="import-1", time=START, last=True)})
    assert await importer(world, *files).run(is_last=True) == first
    assert world.actions == []


@pytest.mark.parametrize("is_last", [False, True])
async def test_what_was_sent_to_another_broker_is_not_taken_for_sent(
    tmp_path: Path, *, is_last: bool
) -> None:
    files = write(tmp_path, 3)
    await importer(RecordingWorld(), *files).run(is_last=is_last)
    with pytest.raises(ImportRefused, match=r"3 rows were sent, but .*no clock import-1"):
        await importer(RecordingWorld(), *files).run(is_last=is_last)


async def test_a_clock_that_ended_takes_no_further_rows(tmp_path: Path) -> None:
    world = RecordingWorld(ticks={"import-1": Tick(clock="import-1", time=START, last=True)})
    with pytest.raises(ImportRefused, match=r"has had its last tick; .*these rows would be late"):
        await importer(world, *write(tmp_path, 3)).run(is_last=True)
    assert world.actions == []


async def test_a_clock_that_is_further_already_takes_no_older_rows(tmp_path: Path) -> None:
    later = Tick(clock="import-1", time=START + timedelta(days=1))
    world = RecordingWorld(ticks={"import-1": later})
    with pytest.raises(ImportRefused, match="is already at 2011-01-02"):
        await importer(world, *write(tmp_path, 3)).run(is_last=True)


async def test_every_row_is_in_the_account(tmp_path: Path) -> None:
    log, mapping = write(tmp_path, 2)
    with log.open("a", encoding="utf-8") as more:
        more.write(f",{START.isoformat()},Heartbeat\nc,never,Received\nc,{START},Other\n,,\n")
    progress = await importer(RecordingWorld(), log, mapping).run(is_last=False)
    console = Console(file=io.StringIO(), width=60)
    console.print(account(progress))
    assert (progress.rows, progress.accepted) == (6, 2)
    lines = str(console.file.getvalue())  # type: ignore[attr-defined]
    for line in ("ignored: mapped_to_ignore", "ignored: empty", "rejected: bad_time"):
        assert line in lines
    assert progress.rejected == {Reason.BAD_TIME: 1, Reason.UNMAPPED_VALUE: 1}


async def test_a_log_without_a_readable_time_is_rejected_row_by_row_and_moves_no_clock(
    tmp_path: Path,
) -> None:
    log, mapping = write(tmp_path, 0)
    with log.open("a", encoding="utf-8") as more:
        more.write("c,never,Received\nc,soon,Received\n")
    world = RecordingWorld()
    progress = await importer(world, log, mapping).run(is_last=True)
    assert progress.rejected == {Reason.BAD_TIME: 2}
    assert {message.topic for message in world.messages} == {"touchpoints.rejected.v1"}


async def test_an_import_waits_for_kafka_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    world = _AwayAtFirst(failures=3)
    one = importer(world, *write(tmp_path, 3))
    progress = await replace(one, retry_seconds=0).run(is_last=True)
    assert told(world) == ["00:00", "00:01", "00:02", "tick 00:02", "tick 00:02 last"]
    assert progress.accepted == 3


async def test_a_clock_that_ends_under_a_running_import_stops_it(tmp_path: Path) -> None:
    world = _EndsTheClock("import-1")
    with pytest.raises(ImportRefused, match="has had its last tick"):
        await importer(world, *write(tmp_path, 3)).run(is_last=True)


async def test_an_import_does_not_wait_for_a_topic_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"no such topic; .* deploy\.provision apply"):
        await importer(_WithoutTopics(), *write(tmp_path, 3)).run(is_last=True)


async def test_a_last_tick_that_some_partitions_may_lack_is_sent_again(tmp_path: Path) -> None:
    """Killed after the tick was in the first partition, and before the note of it."""
    files = write(tmp_path, 3)
    await importer(RecordingWorld(), *files).run(is_last=False)
    last = Tick(clock="import-1", time=START + timedelta(minutes=2), last=True)
    world = RecordingWorld(ticks={"import-1": last})
    progress = await importer(world, *files).run(is_last=True)
    assert [m.partition for m in world.messages] == [0, 1]
    assert told(world) == ["tick 00:02 last"]
    assert progress.is_finished


def test_an_account_of_nothing_says_nought() -> None:
    table = account(Progress(file_sha256="a", mapping_sha256="b", clock="c"))
    assert table.row_count == 2


class _PowerCut(Exception):
    """The process ended here."""


class _AwayAtFirst(RecordingWorld):
    """Kafka is away for the first few publishes."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self._failures = failures

    async def publish(self, messages: Sequence[Message]) -> None:
        self._failures -= 1
        self.is_away = self._failures >= 0
        await super().publish(messages)


class _WithoutTopics(RecordingWorld):
    """Nobody has provisioned anything."""

    async def newest(self, clock: str) -> Tick | None:
        raise TopicMissing(f"{clock}: no such topic")


class _EndsTheClock(RecordingWorld):
    """Somebody else ends the clock after the first rows."""

    def __init__(self, clock: str) -> None:
        super().__init__()
        self._clock = clock

    async def publish(self, messages: Sequence[Message]) -> None:
        await super().publish(messages)
        self.ticks[self._clock] = Tick(clock=self._clock, time=START, last=True)


class _CutAfter(RecordingWorld):
    """Ends the process when more than so many events were sent."""

    def __init__(self, world: RecordingWorld, events: int) -> None:
        super().__init__()
        self._world = world
        self._left = events

    async def publish(self, messages: Sequence[Message]) -> None:
        self._left -= sum(message.key is not None for message in messages)
        if self._left < 0:
            raise _PowerCut
        await self._world.publish(messages)
