"""The pages in a real browser: they fit the screen they are shown on, and break no policy.

The browser opens a frame of one width and writes into its own page what it measured there.
"""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.publish.adapters.pages import Pages
from services.publish.publish import Publication
from tests.unit.publish.markup import parse
from tests.unit.publish.samples import NOW, catalogue, passport_year, progress

pytestmark = pytest.mark.chromium
# A phone held upright at 400 % zoom, the narrowest that WCAG asks for; a phone; a desk.
WIDTHS = (320, 390, 1_280)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--virtual-time-budget=5000", "--dump-dom"),
)
MEASURE = """
<!doctype html><iframe id="page" src="PATH" width="WIDTH" height="2000"></iframe><pre id="told">
</pre><script>
const frame = document.getElementById("page");
frame.onload = () => {
  const page = frame.contentDocument;
  const small = [...page.querySelectorAll("nav a")].filter((link) => {
    const box = link.getBoundingClientRect();
    return box.width < 24 || box.height < 24;
  });
  const columns = new Set([...page.querySelectorAll(".stage")].map(
    (stage) => Math.round(stage.getBoundingClientRect().left)));
  document.getElementById("told").textContent = JSON.stringify({
    width: page.documentElement.scrollWidth,
    small: small.length,
    columns: columns.size,
    paper: frame.contentWindow.getComputedStyle(page.body).backgroundColor,
  });
};
</script>
"""


@pytest.fixture
async def pages() -> AsyncIterator[TestServer]:
    """The pages without their policy (which forbids frames), and the page that measures them."""
    made = Pages(catalogue(), Publication.of(passport_year(), [progress()]))
    bodies = {
        "/": made.overview(NOW),
        "/service": made.service("passport-renewal", None, NOW),
        "/empty": made.service("lost-passport", None, NOW),
    }

    async def page(request: web.Request) -> web.Response:
        width = request.query.get("measured")
        body = bodies[request.path]
        if width:
            body = MEASURE.replace("PATH", escape(request.path)).replace("WIDTH", width)
        return web.Response(text=body, content_type="text/html")

    application = web.Application()
    application.add_routes([web.get(path, page) for path in bodies])
    server = TestServer(application, host="127.0.0.1")
    async with server:
        yield server


@pytest.fixture
def browse(chromium_program: str, tmp_path: Path) -> Any:
    """What the browser measured of a page."""

    async def measured(server: TestServer, path: str, width: int, *more: str) -> dict[str, Any]:
        address = f"{server.make_url(path)}?measured={width}"
        flags = [*FLAGS, *more, f"--user-data-dir={tmp_path}", "--window-size=1400,2200"]
        dom = await _output([chromium_program, *flags, address])
        [told] = [pre.text for pre in parse(dom).all("pre")]
        answer: dict[str, Any] = json.loads(unescape(told))
        return answer

    return measured


async def _output(command: list[str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    return output.decode()


@pytest.mark.parametrize("path", ["/", "/service", "/empty"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_a_page_is_never_wider_than_its_screen(
    pages: TestServer, browse: Any, path: str, width: int
) -> None:
    assert (await browse(pages, path, width))["width"] <= width


async def test_stages_stand_side_by_side_on_a_desk_and_below_each_other_on_a_phone(
    pages: TestServer, browse: Any
) -> None:
    assert [(await browse(pages, "/service", width))["columns"] for width in (390, 1_280)] == [1, 4]


async def test_every_period_can_be_hit_with_a_finger(pages: TestServer, browse: Any) -> None:
    assert (await browse(pages, "/service", 390))["small"] == 0


async def test_who_asked_for_dark_gets_dark(pages: TestServer, browse: Any) -> None:
    dark = "--blink-settings=preferredColorScheme=0"
    papers = [(await browse(pages, "/", 390, *more))["paper"] for more in ((), (dark,))]
    assert papers == ["rgb(245, 246, 248)", "rgb(16, 21, 27)"]
