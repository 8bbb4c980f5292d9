"""The inbox is read from when a source may send that way: from the start, or a changed file on."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from services.ingest.adapters import inbox
from services.ingest.adapters.inbox import Inbox, running
from services.ingest.collect import Collector
from tests.unit.ingest.world import EDGE, RULES, RecordingWorld, source

WEB = source().model_copy(update={"protocols": ("cloudevents", "kafka")})
WITH_KAFKA = replace(RULES, sources={**RULES.sources, "web": WEB})


class Nobody:
    """Counts records that name no source."""

    def unknown_sender(self) -> None:
        raise AssertionError


class Opened(Exception):
    """The inbox asked for a consumer."""


def connect() -> None:
    raise Opened


async def test_it_begins_when_a_changed_file_has_the_first_such_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "_LOOK_SECONDS", 0)
    world = RecordingWorld()
    collector = Collector(RULES, world, world, EDGE)
    reading = asyncio.create_task(Inbox(connect, collector, world, Nobody()).run())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not reading.done()
    collector.rules = WITH_KAFKA
    with pytest.raises(Opened):
        await asyncio.wait_for(reading, 5)


async def test_an_inbox_that_fails_ends_what_works_beside_it() -> None:
    world = RecordingWorld()
    failing = Inbox(connect, Collector(WITH_KAFKA, world, world, EDGE), world, Nobody())
    with pytest.raises(ExceptionGroup) as told:
        async with asyncio.timeout(5), running(failing):
            await asyncio.Event().wait()
    assert told.group_contains(Opened)


async def test_one_that_waits_ends_with_the_block() -> None:
    world = RecordingWorld()
    waiting = Inbox(connect, Collector(RULES, world, world, EDGE), world, Nobody())
    with contextlib.suppress(asyncio.CancelledError):
        async with asyncio.timeout(5), running(waiting):
            pass
