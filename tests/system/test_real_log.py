"""A municipality's real log, imported beside live traffic, comes out as computed."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from random import Random

import pytest

from deploy.demo import live
from deploy.demo.play import Endpoints, Player
from deploy.local.stack import Stack
from schemas.catalogue import Catalogue, Windows, load
from schemas.codec import decode
from schemas.journey import JourneySnapshot, Progress
from schemas.topics import JOURNEYS, METRICS_INTERNAL, TOUCHPOINTS
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import PeriodKind, Status
from services.metrics.domain.durations import bucket_of
from tests.oracle.journeys import journeys
from tests.oracle.measures import Cell, numbers
from tests.oracle.receipt import LOG, Receipt, batch, read
from tests.system.conftest import Played
from tests.system.topic import kind_of, read_all
from tests.told_numbers import compared, told_by

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "docs" / "tutorials" / "receipt.mapping.yaml"
_PERIODS = (PeriodKind.MONTH, PeriodKind.QUARTER)
pytestmark = [
    pytest.mark.kafka,
    pytest.mark.redis,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not LOG.exists(), reason="the log is not part of a clone"),
]


def _import(stack: Stack, log: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.ingest", "import", str(log)]
    return subprocess.run(
        [*command, "--mapping", str(MAPPING), "--finish"],
        env={**os.environ, **stack.environment()},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


async def _beside_live_traffic(played: Played, log: Path) -> subprocess.CompletedProcess[str]:
    stack = played.stack
    endpoints = Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE"))
    player = Player(endpoints, lambda _: None)
    citizens = asyncio.create_task(live.flow(player, played.plan.desks, Random(3), "beside"))
    try:
        return await asyncio.to_thread(_import, stack, log)
    finally:
        citizens.cancel()
        await asyncio.wait([citizens])


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(LOG, tmp_path_factory.mktemp("log") / "receipt.csv"))


@pytest.fixture(scope="module")
def imported(played: Played, log: Path) -> str:
    """The clock of the import, once every partition has seen its end."""
    done = asyncio.run(_beside_live_traffic(played, log))
    assert done.returncode == 0, done.stderr
    assert "8,577" in done.stdout, done.stdout
    clock = _clock_of(log)
    asyncio.run(_until_ended(played.stack, clock))
    return clock


def _clock_of(log: Path) -> str:
    return f"import-{hashlib.sha256(log.read_bytes()).hexdigest()[:8]}"


async def _until_ended(stack: Stack, clock: str) -> None:
    for _ in range(100):
        records = await read_all(stack.bootstrap, JOURNEYS)
        ended = {
            record.partition
            for record in records
            if kind_of(record) == "progress"
            and (progress := decode(Progress, record.value)).clock == clock
            and progress.last
        }
        if len(ended) == 4:
            return
        stack.check()
        await asyncio.sleep(0.5)
    raise AssertionError(f"the journey service did not come to the end of {clock}")


async def _journeys(stack: Stack, clock: str) -> list[JourneySnapshot]:
    newest: dict[bytes, JourneySnapshot] = {}
    for record in await read_all(stack.bootstrap, JOURNEYS):
        if kind_of(record) == "journey":
            newest[record.key] = decode(JourneySnapshot, record.value)
    return [j for j in newest.values() if j.clock == clock and j.superseded_by is None]


async def _events(stack: Stack, clock: str) -> list[TouchpointRecord]:
    records = await read_all(stack.bootstrap, TOUCHPOINTS)
    events = [decode(TouchpointRecord, r.value) for r in records if kind_of(r) is None]
    return [event for event in events if event.data.clock == clock]


def _catalogue() -> Catalogue:
    files = sorted((ROOT / "deploy" / "catalogue").glob("*.yaml"))
    return load((f.name, f.read_text("utf-8")) for f in files)


def _cases() -> list[Receipt]:
    windows: Windows = _catalogue().services["building-permit"].windows
    return list(batch(read(LOG), windows).values())


async def test_journeys_outcomes_and_channels_are_those_of_the_batch(
    played: Played, imported: str
) -> None:
    told = await _journeys(played.stack, imported)
    assert {j.status for j in told} == {Status.FINAL}
    assert len(told) == 1434
    found = Counter(
        (j.opened, j.submitted, j.ended, j.outcome, j.touchpoints[0].channel, j.entries)
        for j in told
    )
    assert found == Counter(
        (_utc(c.opened), _utc(c.submitted), _utc(c.ended), c.outcome, c.channel, len(c.tasks))
        for c in _cases()
    )


async def test_every_event_is_in_the_journey_of_its_case(played: Played, imported: str) -> None:
    members: dict[str, set[str]] = defaultdict(set)
    for event in await _events(played.stack, imported):
        members[event.subject].add(event.id)
    entries = {j.pseudonym: j.entries for j in await _journeys(played.stack, imported)}
    assert {subject: len(ids) for subject, ids in members.items()} == entries
    assert sum(entries.values()) == 8577


async def test_duration_percentiles_are_in_the_buckets_of_the_batch(
    played: Played, imported: str
) -> None:
    told = [j for j in await _journeys(played.stack, imported) if j.outcome == "success"]
    found = sorted((j.ended - j.started).total_seconds() for j in told if j.ended and j.started)
    must = sorted(c.length.total_seconds() for c in _cases() if c.outcome == "success")
    for q in (0.5, 0.9, 0.99):
        rank = ceil(q * len(must)) - 1
        assert bucket_of(found[rank]) == bucket_of(must[rank])


async def test_every_number_of_every_month_is_the_oracles(played: Played, imported: str) -> None:
    catalogue, events = _catalogue(), await _events(played.stack, imported)
    wanted = {
        cell: number
        for cell, number in numbers(journeys(events, catalogue), {}, catalogue, _PERIODS).items()
        if number.n > 0
    }
    assert {cell.service for cell in wanted} == {"building-permit"}
    said: Mapping[Cell, object] = {}
    deadline = time.monotonic() + 60
    while said != wanted and time.monotonic() < deadline:
        records = await read_all(played.stack.bootstrap, METRICS_INTERNAL)
        messages, _ = told_by(records, catalogue, _PERIODS)
        said = compared(wanted, {c: m for c, m in messages.items() if imported in m.clocks})
        await asyncio.sleep(1)
    assert said == wanted


async def test_a_second_start_sends_nothing_and_shows_the_same_account(
    played: Played, imported: str, log: Path
) -> None:
    again = await asyncio.to_thread(_import, played.stack, log)
    assert again.returncode == 0, again.stderr
    assert "8,577" in again.stdout
    assert len(await _events(played.stack, imported)) == 8577


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
