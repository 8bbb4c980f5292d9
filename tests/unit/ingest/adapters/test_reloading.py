"""Files that change while ingest serves."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import prometheus_client as prometheus
import pytest
import structlog

from services.ingest.adapters.public_http import PublicHttp
from services.ingest.adapters.reloading import Files, Reloading
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.collect import Collector
from services.ingest.domain.rules import Rules
from services.ingest.settings import Settings, StartRefused, fingerprint, load_rules
from tests.unit.ingest.test_links import rotated
from tests.unit.ingest.test_settings import settings
from tests.unit.ingest.world import EDGE, KEYS, LAWFUL, NOW, OPEN, SOURCES, RecordingWorld

BROKEN = SOURCES.replace("services: [parking]", "services: [parkin]", 1)
NEWCOMER = f"""
  - {{id: new, agency: town, protocols: [cloudevents], services: [parking], channels: [post],
     {LAWFUL}}}
"""


class Town:
    """Its files, and what ingest made of them."""

    def __init__(self, found: Settings) -> None:
        self.files = found
        self.used: list[Rules] = []
        self.refused: list[bool] = []
        files = Files(lambda: load_rules(found, NOW), lambda: fingerprint(found))
        self.reloading = Reloading(files, self.used.append, self)

    def rules_are_refused(self, is_refused: bool) -> None:  # noqa: FBT001
        self.refused.append(is_refused)

    def write(self, sources: str) -> None:
        self.files.sources.write_text(sources, encoding="utf-8")

    def fault(self) -> Any:
        rules: Any = self.reloading.told()["rules"]
        return rules["refused"]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(settings(tmp_path))


async def test_a_file_that_changed_is_used_and_one_that_did_not_is_not_read(town: Town) -> None:
    await town.reloading.look()
    assert town.used == []
    town.write(SOURCES + NEWCOMER)
    await town.reloading.look()
    await town.reloading.look()
    assert ["new" in rules.sources for rules in town.used] == [True]


async def test_a_broken_file_keeps_the_former_rules_and_says_what_is_wrong(town: Town) -> None:
    town.write(BROKEN)
    with structlog.testing.capture_logs() as logs:
        await town.reloading.look()
        await town.reloading.look()
    assert (town.used, town.refused) == ([], [True])
    assert town.fault() == "source web: service 'parkin' is unknown; did you mean 'parking'?"
    assert [(log["event"], log["fault"]) for log in logs] == [("rules.refused", town.fault())]
    town.write(SOURCES)
    await town.reloading.look()
    assert (len(town.used), town.refused, town.fault()) == (1, [True, False], None)


async def test_a_file_that_is_gone_is_a_broken_one(town: Town) -> None:
    town.files.sources.unlink()
    await town.reloading.look()
    assert town.fault() is not None
    assert "sources.yaml: No such file" in town.fault()


async def test_who_asks_gets_the_files_read_as_they_are(town: Town) -> None:
    await town.reloading.look(is_asked=True)
    assert len(town.used) == 1


async def test_a_bug_is_told_like_a_refused_file_and_does_not_end_the_looking(town: Town) -> None:
    def bug() -> Rules:
        raise KeyError("a value that nobody may see")

    town.write(SOURCES + NEWCOMER)
    files = Files(bug, lambda: fingerprint(town.files))
    town.reloading._files, mended = files, town.reloading._files  # noqa: SLF001
    with structlog.testing.capture_logs() as logs:
        await town.reloading.look(is_asked=True)
        await town.reloading.look()
    assert [log["event"] for log in logs] == ["rules.failed"]
    assert (town.fault(), town.refused) == ("a fault of ours: KeyError", [True, True])
    town.reloading._files = mended  # noqa: SLF001
    await town.reloading.look()
    assert (len(town.used), town.refused[-1], town.fault()) == (1, False, None)


async def test_sighup_has_the_files_read_while_it_serves(town: Town) -> None:
    town.reloading.begin()
    await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGHUP)
    async with asyncio.timeout(10):
        while not town.used:  # noqa: ASYNC110  a signal makes it so
            await asyncio.sleep(0.01)


def test_a_token_that_was_changed_works_at_once_and_the_former_no_more(tmp_path: Path) -> None:
    found = settings(tmp_path)
    telemetry = IngestTelemetry(prometheus.CollectorRegistry(), ())
    collector = Collector(load_rules(found, NOW), RecordingWorld(), telemetry, EDGE)
    public = PublicHttp(collector, telemetry, BodyReader(1_000, 1_000), OPEN)
    hashed = load_rules(found, NOW).sources["history"].token_sha256[0]
    other = settings(tmp_path, sources=SOURCES.replace(hashed, "f" * 64) + NEWCOMER)
    assert public.senders.by_token("history-token") is not None
    public.use(load_rules(other, NOW))
    assert public.senders.by_token("history-token") is None
    assert collector.rules.sources["history"].token_sha256 == ("f" * 64,)
    assert telemetry.accounts["new"].accepted == 0


async def test_a_key_that_is_still_needed_is_missed_when_it_is_taken_out(tmp_path: Path) -> None:
    found = settings(tmp_path)
    found.pseudonym_keys.write_text(rotated(), encoding="utf-8")
    before = load_rules(found, NOW)
    found.pseudonym_keys.write_text(KEYS.replace("demo-town-1", "demo-town-2"), encoding="utf-8")
    with pytest.raises(StartRefused, match="demo-town-1: what was made with it may be there until"):
        load_rules(found, NOW, before)
