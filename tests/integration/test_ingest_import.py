"""The import of a log as its own process, killed and started again, on a real broker."""

import asyncio
import csv
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import ROOT, Child, Processes
from schemas.codec import decode
from schemas.control import Tick
from schemas.touchpoint_event import TouchpointRecord
from services.ingest.commands.import_progress import Progress
from tests.integration.ingest_process import Found, Surroundings, events, log, ticks

RECEIPT = ROOT.parent / "shared" / "data" / "receipt.csv"
MAPPING = ROOT / "docs" / "tutorials" / "receipt.mapping.yaml"
ROWS = 12_345
SMALL_MAPPING = """
source: logs
service: parking
clock: {clock}
columns: {{case: dossier, time: moment, activity: step}}
activities: {{Received: {{touchpoint: form}}}}
ignore: [Heartbeat]
"""


@pytest.fixture
def surroundings(kafka: LocalKafka, processes: Processes, tmp_path: Path) -> Surroundings:
    found = Surroundings(kafka.bootstrap, processes, tmp_path)
    found.prepare()
    return found


def write_log(folder: Path) -> Path:
    """Rows in no order, a third of them at the same moment as another; some that are refused."""
    file = folder / f"{uuid4().hex}.csv"
    start = datetime(2011, 1, 1, tzinfo=UTC)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["dossier", "moment", "step"])
        for row in range(1, ROWS + 1):
            moment = start + timedelta(minutes=(row * 7_919) % (ROWS * 2 // 3))
            step = {0: "Heartbeat", 1: "Unknown"}.get(row % 50, "Received")
            writer.writerow([f"c-{row % 999}", moment.isoformat(), step])
    return file


def run(surroundings: Surroundings, file: Path, mapping: Path, *more: str) -> Child:
    return surroundings.run("import", "import", str(file), "--mapping", str(mapping), *more)


async def finished(child: Child) -> str:
    """What it wrote; fails when it did not exit 0."""
    code = await asyncio.to_thread(child.process.wait, 90)
    assert code == 0, child.account()
    return child.output()


def note(file: Path) -> Progress | None:
    """How far the import says it is."""
    beside = file.with_name(f"{file.name}.progress")
    return decode(Progress, beside.read_bytes()) if beside.exists() else None


@pytest.mark.kafka
async def test_killed_again_and_again_it_ends_with_every_row_once(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    file, clock = write_log(tmp_path), f"import-{uuid4().hex[:8]}"
    mapping = tmp_path / "map.yaml"
    mapping.write_text(SMALL_MAPPING.format(clock=clock), encoding="utf-8")
    for kill_after in (1_000, 4_000, 8_000):
        child = run(surroundings, file, mapping, "--finish")
        async with asyncio.timeout(60):
            while (found := note(file)) is None or found.rows < kill_after:
                assert child.exit_code is None, child.account()
                await asyncio.sleep(0)
        child.kill()
    output = await finished(run(surroundings, file, mapping, "--finish"))
    sent = [row for row in range(1, ROWS + 1) if row % 50 > 1]
    records = await log(surroundings.bootstrap)
    by_id = Counter(
        one.identity[1]
        for one in events(records, "/logs/import/")
        if isinstance(one.content, TouchpointRecord) and one.content.data.clock == clock
    )
    assert set(by_id) == {f"row-{row}" for row in sent}
    assert sum(by_id.values()) - len(sent) <= 3 * 1_000  # a kill repeats one thousand at most
    assert f"{len(sent):,}" in output
    _assert_time_never_passes_an_event(records, clock)


def _assert_time_never_passes_an_event(records: list[Found], clock: str) -> None:
    """In no partition is an event older than a tick that lies before it, duplicates aside."""
    ended = {one.partition for one in ticks(records, clock) if _tick(one).last}
    assert ended == {0, 1, 2, 3}
    for partition in range(4):
        seen: set[tuple[str, str]] = set()
        watermark = datetime.min.replace(tzinfo=UTC)
        for one in records:
            if one.partition != partition or one.clock != clock:
                continue
            if isinstance(one.content, Tick):
                assert _tick(one).time is not None
                watermark = max(watermark, _tick(one).time or watermark)
            elif one.identity not in seen:
                seen.add(one.identity)
                assert one.content.time >= watermark


def _tick(one: Found) -> Tick:
    assert isinstance(one.content, Tick)
    return one.content


@pytest.mark.kafka
async def test_a_second_import_of_the_same_log_is_refused_with_a_sentence(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    clock = f"import-{uuid4().hex[:8]}"
    mapping, file = tmp_path / "map.yaml", tmp_path / "log.csv"
    mapping.write_text(SMALL_MAPPING.format(clock=clock), encoding="utf-8")
    file.write_text("dossier,moment,step\na,2011-01-01,Received\n", encoding="utf-8")
    await finished(run(surroundings, file, mapping, "--finish"))
    file.with_name("log.csv.progress").unlink()
    child = run(surroundings, file, mapping, "--finish")
    assert await asyncio.to_thread(child.process.wait, 60) == 1
    assert f"the clock {clock} has had its last tick" in child.output()


@pytest.mark.kafka
async def test_without_its_topics_an_import_ends_with_a_sentence(
    processes: Processes, tmp_path: Path
) -> None:
    broker = LocalKafka.start(tmp_path / "kafka", processes=processes)
    bare = Surroundings(broker.bootstrap, processes, tmp_path)
    bare.write_files()
    mapping, file = tmp_path / "map.yaml", tmp_path / "log.csv"
    mapping.write_text(SMALL_MAPPING.format(clock="import-bare"), encoding="utf-8")
    file.write_text("dossier,moment,step\na,2011-01-01,Received\n", encoding="utf-8")
    child = run(bare, file, mapping)
    assert await asyncio.to_thread(child.process.wait, 60) == 1
    assert "the topic touchpoints.v1 does not exist" in child.output()
    broker.stop()


@pytest.mark.kafka
@pytest.mark.skipif(not RECEIPT.exists(), reason="the real log lies beside this checkout only")
async def test_a_real_log_of_a_municipality_arrives_event_for_event(
    kafka: LocalKafka, surroundings: Surroundings, tmp_path: Path
) -> None:
    """8,577 rows with the shipped catalogue: every one once, on its channel, at its time."""
    file, mapping = tmp_path / "receipt.csv", tmp_path / "receipt.mapping.yaml"
    shutil.copyfile(RECEIPT, file)
    clock = f"import-{uuid4().hex[:8]}"
    text = MAPPING.read_text(encoding="utf-8")
    mapping.write_text(f"{text}\nclock: {clock}\n", encoding="utf-8")
    shipped = {
        "THROUGHLINE_CATALOGUE": str(ROOT / "deploy" / "catalogue"),
        "THROUGHLINE_SOURCES": str(ROOT / "deploy" / "sources.yaml"),
        "THROUGHLINE_PSEUDONYM_KEYS": str(ROOT / "deploy" / "demo-keys.yaml"),
    }
    arguments = ("import", str(file), "--mapping", str(mapping), "--finish")
    await finished(surroundings.run("receipt", *arguments, **shipped))
    records = [
        one.content
        for one in await log(kafka.bootstrap)
        if isinstance(one.content, TouchpointRecord) and one.content.data.clock == clock
    ]
    assert Counter(map(_told, records)) == Counter(_expected())
    assert len({record.data.case for record in records}) == 1_434


def _told(record: TouchpointRecord) -> tuple[str, str, str, int]:
    data = record.data
    return (record.time.isoformat(), data.channel, data.action, data.sequence)


def _expected() -> list[tuple[str, str, str, int]]:
    """The same, read from the file by the standard library alone."""
    channels = {
        "Internet": "website",
        "Desk": "in_person",
        "Post": "post",
        "e-mail": "email",
        "Intern": "other_non_digital",
    }
    found = []
    with RECEIPT.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            time = datetime.fromisoformat(row["time:timestamp"]).astimezone(UTC).isoformat()
            step = row["concept:name"].split()[0]
            action = {"Confirmation": "submitted", "T10": "decided"}.get(step, "processed")
            found.append((time, channels[row["case:channel"]], action, number))
    return found
