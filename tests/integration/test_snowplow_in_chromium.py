"""Snowplow's tracker for browsers, unchanged, in a real one, on a page of another origin."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.codec import decode
from schemas.touchpoint_event import TouchpointRecord
from tests.browser import Tab
from tests.integration.ingest_served import Served, served
from tests.integration.tracked_page import tracked_page, tracking
from tests.unit.ingest.world import EDGE, RULES, RecordingWorld

pytestmark = [pytest.mark.chromium, pytest.mark.node]
# A browser's clock cannot be set.
TODAY = replace(EDGE, now=lambda: datetime.now(UTC))
FAULT = "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2"
KEPT = "iglu:town.example/form_kept/jsonschema/1-0-0"
DATA = '{ event: { schema: "%s", data: { message: "x", programmingLanguage: "JAVASCRIPT" } } }'


@pytest.fixture
async def page() -> AsyncIterator[str]:
    async with tracked_page() as origin:
        yield origin


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def ingest(world: RecordingWorld, page: str) -> AsyncIterator[Served]:
    """Pages of this origin may send, and of no other."""
    web_source = RULES.sources["web"]
    known = web_source.model_copy(update={"origins": (page,)})
    rules = replace(RULES, sources={**RULES.sources, "web": known})
    async with served(world, world, rules=rules, edge=TODAY) as found:
        yield found


@pytest.fixture
async def tab(
    chromium_program: str, tmp_path: Path, page: str, ingest: Served
) -> AsyncIterator[Tab]:
    async with tracking(chromium_program, tmp_path / "profile", page, ingest.public) as opened:
        await opened.run('setUserId("42")')
        yield opened


def told(world: RecordingWorld) -> list[tuple[str, str]]:
    """What became of the events; each is of the citizen, and has an id of its own."""
    records = [decode(TouchpointRecord, message.value) for message in world.messages]
    assert len({one.id for one in records}) == len(records)
    assert {(one.data.identity_kind, one.data.quality) for one in records} == {("citizen", "valid")}
    return [(one.data.touchpoint, one.data.action) for one in records]


async def test_a_browser_delivers_views_events_and_errors_once(
    tab: Tab, world: RecordingWorld
) -> None:
    await tab.run("trackPageView()")
    await tab.run('trackStructEvent({ category: "form", action: "kept" })')
    await tab.run(f"trackSelfDescribingEvent({DATA % KEPT})")
    await tab.run(f"trackSelfDescribingEvent({DATA % FAULT})")
    await tab.until("told.length === 4")
    assert await tab.run("told") == [True] * 4
    saved = ("form", "saved")
    assert told(world) == [("page", "visited"), saved, saved, ("page", "failed")]


async def test_a_browser_sends_what_was_refused_again_with_the_next_event(
    tab: Tab, world: RecordingWorld
) -> None:
    world.is_away = True
    await tab.run("trackPageView()")
    await tab.until("told.length === 1")
    world.is_away = False
    await tab.run('trackStructEvent({ category: "form", action: "kept" })')
    await tab.until("told.length === 3")
    assert await tab.run("told") == [503, True, True]
    assert told(world) == [("page", "visited"), ("form", "saved")]
