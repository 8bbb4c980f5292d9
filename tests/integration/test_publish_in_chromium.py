"""The pages in a real browser: they fit every screen, everybody can use them, nothing is cut off.

`PICTURES=1` writes the pictures of `docs/screenshots` anew; otherwise they go to a folder of the
test's own, for a browser of another version draws a little differently.
"""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.publish.adapters.cards import Cards
from services.publish.adapters.pages import Pages
from services.publish.domain.period import Period
from services.publish.publish import Publication
from tests import axe as axe_core
from tests.browser import Look, Tab, browser
from tests.unit.publish.samples import AUTHORITY, NOW, ZONE, catalogue, progress
from tests.unit.publish.year import passport_year

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]
# A phone held upright at 400 % zoom, the narrowest that WCAG asks for; a phone; a desk.
WIDTHS = (320, 390, 1_280)
DARK = Look(scheme="dark")
PICTURES, TALLEST = Path("docs/screenshots"), 2_400  # a whole scorecard would be 17,000 high

_PAGES = Pages(Cards(catalogue(), Publication.of(passport_year(), [progress()]), AUTHORITY))
RENEWAL = "passport-renewal"
PATHS: dict[str, Callable[[], str]] = {
    "/overview": lambda: _PAGES.overview(NOW),
    "/service": lambda: _PAGES.service(RENEWAL, None, NOW),
    "/month": lambda: _PAGES.service(RENEWAL, Period.parse("2026-09", ZONE), NOW),
    "/touchpoint": lambda: _PAGES.touchpoint(RENEWAL, "renewal-photo", None, NOW),
    "/agency": lambda: _PAGES.agency("passport-office", None, NOW),
    "/improvements": lambda: _PAGES.improvements(RENEWAL),
    "/profiles": lambda: _PAGES.profiles(RENEWAL, None, NOW),
    "/governance": lambda: _PAGES.governance(NOW),
    "/empty": lambda: _PAGES.service("lost-passport", None, NOW),
}
TAKEN = {
    "overview": ("/overview", Look()),
    "service": ("/service", Look()),
    "service-dark": ("/service", DARK),
    "service-phone": ("/service", Look(width=390)),
    "service-print": ("/service", Look(width=1_040, media="print")),
    "touchpoint": ("/touchpoint", Look()),
    "agency": ("/agency", Look()),
    "improvements": ("/improvements", Look()),
    "profiles": ("/profiles", Look()),
    "governance": ("/governance", Look()),
    "governance-phone-dark": ("/governance", Look(width=390, scheme="dark")),
    "improvements-phone-dark": ("/improvements", Look(width=390, scheme="dark")),
}
# What stands too far down for a picture of the page.
PARTS = {
    "beside": ("/service", Look()),
    "beside-touchpoint": ("/touchpoint", Look()),
    "beside-phone-dark": ("/service", Look(width=390, scheme="dark")),
}
# Words that stick out of their own box, and texts of one drawing that lie on each other.
CUT_OFF = """
[...document.querySelectorAll("main *")].filter((one) =>
  [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) &&
  !one.closest(".wide, .unseen, svg, thead") && one.scrollWidth > one.clientWidth + 1 &&
  getComputedStyle(one).display !== "inline").map((one) => one.outerHTML.slice(0, 160))
"""
OVERLAPS = """
[...document.querySelectorAll("svg.flow, .chart > svg")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text")].map((one) => [one, one.getBoundingClientRect()]);
  const edge = svg.getBoundingClientRect();
  const outside = texts.filter(([_, box]) =>
    box.left < edge.left - 1 || box.right > edge.right + 1);
  const pairs = texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([_, b]) =>
    a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
    .map(([other]) => one.textContent + " | " + other.textContent));
  const boxed = [...svg.querySelectorAll(".box")].flatMap((box) => {
    const around = box.querySelector("rect").getBoundingClientRect();
    return [...box.querySelectorAll("text")].filter((one) =>
      one.getBoundingClientRect().right > around.right).map((one) => one.textContent);
  });
  return [...outside.map(([one]) => one.textContent), ...pairs, ...boxed];
})
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pages() -> AsyncIterator[TestServer]:
    """The pages, each at an address of its own."""
    bodies = {path: made() for path, made in PATHS.items()}

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=bodies[request.path], content_type="text/html")

    application = web.Application()
    application.add_routes([web.get(path, page) for path in bodies])
    server = TestServer(application, host="127.0.0.1")
    async with server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(
    chromium_program: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Tab]:
    """One tab for all tests of this file."""
    async with browser(chromium_program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def axe(node_program: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility rules of axe-core, as npm has them; without npm the tests are skipped."""
    assert node_program
    return axe_core.script(tmp_path_factory.mktemp("axe"))


async def found(tab: Tab, pages: TestServer, path: str, look: Look, script: str) -> Any:
    """What a script finds on a page that is looked at in one way."""
    await tab.show(str(pages.make_url(path)), look)
    return await tab.run(script)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", WIDTHS)
async def test_a_page_fits_its_screen_with_nothing_cut_off_and_no_text_on_another(
    tab: Tab, pages: TestServer, path: str, width: int
) -> None:
    script = "document.documentElement.scrollWidth"
    assert await found(tab, pages, path, Look(width=width), script) <= width
    assert await tab.run(CUT_OFF) == []
    assert await tab.run(OVERLAPS) == []


@pytest.mark.node
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("look", [Look(), DARK, Look(width=390)], ids=["desk", "dark", "phone"])
async def test_everybody_can_use_a_page(
    tab: Tab, pages: TestServer, axe: str, path: str, look: Look
) -> None:
    await tab.show(str(pages.make_url(path)), look)
    await tab.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    await tab.run(axe)
    told = await tab.run(axe_core.RUN)
    assert told["broken"] == []
    assert told["passed"] > 20


@pytest.mark.node
@pytest.mark.parametrize(
    ("path", "element"),
    [
        ("/overview", "h1"),
        ("/service", "[aria-labelledby=beside] td"),
        ("/touchpoint", "[aria-labelledby=beside] td"),
    ],
)
async def test_the_rules_do_find_what_is_wrong(
    tab: Tab, pages: TestServer, axe: str, path: str, element: str
) -> None:
    await tab.show(str(pages.make_url(path)), Look())
    await tab.run(f"document.querySelector('{element}').style.color = '#cccccc'")
    await tab.run(axe)
    assert any(
        told.startswith("color-contrast") for told in (await tab.run(axe_core.RUN))["broken"]
    )


async def test_stages_stand_side_by_side_on_a_desk_and_below_each_other_on_a_phone(
    tab: Tab, pages: TestServer
) -> None:
    script = """new Set([...document.querySelectorAll(".stage")].map(
        (stage) => Math.round(stage.getBoundingClientRect().left))).size"""
    columns = [
        await found(tab, pages, "/service", Look(width=width), script) for width in (390, 1_280)
    ]
    assert columns == [1, 4]


async def test_every_period_can_be_hit_with_a_finger(tab: Tab, pages: TestServer) -> None:
    script = """[...document.querySelectorAll("nav a")].map((link) => link.getBoundingClientRect())
        .filter((box) => box.width < 24 || box.height < 24).length"""
    assert await found(tab, pages, "/service", Look(width=390), script) == 0


async def test_who_asked_for_dark_gets_dark(tab: Tab, pages: TestServer) -> None:
    script = "getComputedStyle(document.body).backgroundColor"
    papers = [await found(tab, pages, "/overview", look, script) for look in (Look(), DARK)]
    assert papers == ["rgb(245, 246, 248)", "rgb(16, 21, 27)"]


async def test_on_paper_there_is_nothing_to_click_and_nothing_to_scroll(
    tab: Tab, pages: TestServer
) -> None:
    script = """
        const seen = [...document.querySelectorAll(".choose, .contents, summary, footer")]
            .filter((one) => one.getClientRects().length);
        const wide = [...document.querySelectorAll(".wide")].filter((one) =>
            !one.closest("details") && one.scrollWidth > one.clientWidth + 1);
        seen.length + wide.length"""
    print_ = Look(width=1_040, media="print")
    assert await found(tab, pages, "/service", print_, script) == 0


@pytest.mark.parametrize("name", TAKEN)
async def test_a_picture_shows_the_page_from_its_top(
    tab: Tab, pages: TestServer, tmp_path: Path, name: str
) -> None:
    path, look = TAKEN[name]
    height = await found(tab, pages, path, look, "document.documentElement.scrollHeight")
    picture = await tab.picture(look, TALLEST)
    told = kept(picture, tmp_path, name)
    assert told[0] == look.width
    assert abs(told[1] - min(height, TALLEST)) <= 2


@pytest.mark.parametrize("name", PARTS)
async def test_a_picture_shows_what_stands_beside_the_scores(
    tab: Tab, pages: TestServer, tmp_path: Path, name: str
) -> None:
    path, look = PARTS[name]
    script = "document.querySelector('#beside').closest('section').scrollHeight"
    height = await found(tab, pages, path, look, script)
    told = kept(await tab.picture_of(look, "#beside"), tmp_path, name)
    assert told[0] == look.width
    assert height < told[1] <= height + 40


def kept(picture: bytes, folder: Path, name: str) -> tuple[int, int]:
    """Writes a picture where it belongs and tells its width and height."""
    folder = PICTURES if os.environ.get("PICTURES") == "1" else folder
    (folder / f"{name}.png").write_bytes(picture)
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
