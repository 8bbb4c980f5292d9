"""A page of an origin of its own with Snowplow's tracker for browsers, unchanged, in a real one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.browser import Look, Tab, browser
from tests.integration.clients_installed import node_clients

PATH = "/parking/page"
_BUNDLE = "@snowplow/browser-tracker/dist/index.umd.min.js"
_PAGE = '<!doctype html><title>Parking</title><script src="/tracker.js"></script>'
# As people have it: without a head it names itself a robot.
_CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36"
_BEGIN = """
const { newTracker, setUserId, trackPageView, trackStructEvent, trackSelfDescribingEvent } =
  snowplowBrowserTracking;
const told = [];
newTracker("sp", "%s", {
  appId: "town-app",
  onRequestSuccess: (events) => told.push(...events.map(() => true)),
  onRequestFailure: (why) => told.push(why.status),
});
"""


@asynccontextmanager
async def tracked_page() -> AsyncIterator[str]:
    """The origin of the page, until the block ends."""
    app = web.Application()
    script = (node_clients() / _BUNDLE).read_text(encoding="utf-8")

    async def shown(request: web.Request) -> web.Response:
        is_script = request.path == "/tracker.js"
        kind = "text/javascript" if is_script else "text/html"
        return web.Response(text=script if is_script else _PAGE, content_type=kind)

    app.router.add_get("/{path:.*}", shown)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).removesuffix("/")


@asynccontextmanager
async def tracking(chromium: str, profile: Path, origin: str, ingest: str) -> AsyncIterator[Tab]:
    """The page in a browser; its tracker sends to `ingest`, and `told` lists what it was told."""
    async with browser(chromium, profile) as opened:
        await opened.ask("Network.setUserAgentOverride", userAgent=_CHROME)
        await opened.show(origin + PATH, Look())
        await opened.run(_BEGIN % ingest)
        yield opened
