"""Snowplow's tracker for browsers, unchanged, in a real one, on a page of another origin."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas.codec import decode
from schemas.touchpoint_event import TouchpointRecord
from tests.browser import Look, Tab, browser
from tests.integration.clients_installed import node_clients
from tests.integration.ingest_served import Served, served
from tests.unit.ingest.world import EDGE, RULES, RecordingWorld

pytestmark = [pytest.mark.chromium, pytest.mark.node]
BUNDLE = "@snowplow/browser-tracker/dist/index.umd.min.js"
PAGE = '<!doctype html><title>Parking</title><script src="/tracker.js"></script>'
# A browser's clock cannot be set.
TODAY = replace(EDGE, now=lambda: datetime.now(UTC))
# As people have it: without a head it names itself a robot.
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36"
BEGIN = """
const { newTracker, setUserId, trackPageView, trackStructEvent, trackSelfDescribingEvent } =
  snowplowBrowserTracking;
const told = [];
newTracker("sp", "%s", {
  appId: "town-app",
  onRequestSuccess: (events) => told.push(...events.map(() => true)),
  onRequestFailure: (why) => told.push(why.status),
});
setUserId("42");
"""
FAULT = "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2"
KEPT = "iglu:town.example/form_kept/jsonschema/1-0-0"
DATA = '{ event: { schema: "%s", data: { message: "x", programmingLanguage: "JAVASCRIPT" } } }'


@pytest.fixture
async def page() -> AsyncIterator[str]:
    app = web.Application()
    script = (node_clients() / BUNDLE).read_text(encoding="utf-8")

    async def shown(request: web.Request) -> web.Response:
        is_script = request.path == "/tracker.js"
        kind = "text/javascript" if is_script else "text/html"
        return web.Response(text=script if is_script else PAGE, content_type=kind)

    app.router.add_get("/{path:.*}", shown)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/parking/page"))


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def ingest(world: RecordingWorld, page: str) -> AsyncIterator[Served]:
    """Pages of this origin may send, and of no other."""
    web_source = RULES.sources["web"]
    known = web_source.model_copy(update={"origins": (page.removesuffix("/parking/page"),)})
    rules = replace(RULES, sources={**RULES.sources, "web": known})
    async with served(world, world, rules=rules, edge=TODAY) as found:
        yield found


@pytest.fixture
async def tab(
    chromium_program: str, tmp_path: Path, page: str, ingest: Served
) -> AsyncIterator[Tab]:
    async with browser(chromium_program, tmp_path / "profile") as opened:
        await opened.ask("Network.setUserAgentOverride", userAgent=CHROME)
        await opened.show(page, Look())
        await opened.run(BEGIN % ingest.public)
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
