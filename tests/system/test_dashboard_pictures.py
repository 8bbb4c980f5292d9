"""How the four boards look, drawn by Grafana's own components from a real Prometheus that watched a
real stack: every panel shows something, nothing overlaps or is cut off, every number has its unit.

`PICTURES=1` plays the history over some minutes instead of at once, and writes the pictures of
`docs/screenshots/dashboards` anew; otherwise they go to a folder of the test's own.
"""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from deploy.grafana.boards import BOARDS, expressions
from deploy.grafana.build import FOLDER
from deploy.grafana.query import Board, concrete
from deploy.local.process import ROOT
from tests.browser import Look, Tab, browser
from tests.integration.npm import locked
from tests.integration.prometheus_server import RealPrometheus
from tests.system.conftest import WANTED, Played
from tests.system.looking import CUT_OFF, LISTEN, OVERLAPS, SAID, reads
from tests.system.watched import living

pytestmark = [
    *(pytest.mark.kafka, pytest.mark.redis, pytest.mark.prometheus, pytest.mark.node),
    *(pytest.mark.chromium, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")),
]
PICTURES = Path("docs/screenshots/dashboards")
DESK, NARROW = Look(width=1_400, scheme="dark"), Look(width=800, scheme="dark")
PREVIEW = FOLDER / "preview"
Show = Callable[[str, Look], Awaitable[Tab]]


@dataclass(frozen=True)
class Watched:
    """A Prometheus, and the span in which it saw the stack at work (Unix seconds)."""

    address: str
    begin: float
    end: float


@pytest.fixture(scope="module")
def watched(prometheus: RealPrometheus, played: Played) -> Iterator[Watched]:
    """What a history and a few live citizens leave on a stack that was watched from the start."""
    with living(played.stack, played.plan, flows=2):
        for expression in expressions():
            assert prometheus.wait_for(concrete(expression, "10s"), seconds=60), expression
        # On a busy machine metrics may lose its partitions for a while, and shows nothing then.
        last = prometheus.wait_for("timestamp(throughline_open_journeys)", seconds=60)
        yield Watched(prometheus.address, played.began, float(last[0]["value"][1]))


@pytest.fixture(scope="module")
def preview(node_program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page that draws a board is."""
    modules = locked(PREVIEW, ROOT / ".local" / "preview")
    folder = tmp_path_factory.mktemp("preview")
    environment = {**os.environ, "NODE_PATH": str(modules)}
    command = [node_program, str(PREVIEW / "bundle.cjs"), str(folder)]
    subprocess.run(command, env=environment, check=True)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pages(preview: Path) -> AsyncIterator[TestServer]:
    """The page and the boards."""
    application = web.Application()
    application.router.add_static("/preview", preview)
    application.router.add_static("/boards", FOLDER / "dashboards")
    server = TestServer(application, host="127.0.0.1")
    async with server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(
    chromium_program: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Tab]:
    """One tab that hears what charts write."""
    async with browser(chromium_program, tmp_path_factory.mktemp("profile")) as opened:
        await opened.ask("Page.enable")
        await opened.ask("Page.addScriptToEvaluateOnNewDocument", source=LISTEN)
        yield opened


@pytest.fixture(scope="module")
def shown(tab: Tab, pages: TestServer, watched: Watched) -> Show:
    """Shows a board by its name, and returns the tab once all of it is drawn."""

    async def show(name: str, look: Look) -> Tab:
        await tab.show(_address(pages, watched, name), look)
        for _ in range(200):
            if said := await tab.run("document.body.dataset.drawn ?? ''"):
                break
            await asyncio.sleep(0.05)
        assert said == "all"
        return tab

    return show


def _address(pages: TestServer, watched: Watched, name: str) -> str:
    begin, end = watched.begin, watched.end
    if WANTED:  # whole minutes, from three quarters of one on: no time lies on an edge
        end = (end - 45) // 60 * 60 + 45
        begin = end - (end - begin) // 60 * 60
    asked = {
        "board": pages.make_url(f"/boards/{name}.json"),
        "prometheus": f"http://{watched.address}",
        "end": end,
        "seconds": end - begin,
        "scrape": 1,
    }
    return f"{pages.make_url('/preview/page.html')}?{urlencode(asked)}"


@pytest.mark.parametrize("look", [DESK, NARROW], ids=lambda look: look.width)
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
async def test_a_board_is_whole_and_every_number_on_it_can_be_read(
    shown: Show, tmp_path: Path, board: Board, look: Look
) -> None:
    tab = await shown(board.name, look)
    folder = PICTURES if WANTED else tmp_path
    (folder / f"{board.name}-{look.width}.png").write_bytes(await tab.picture(look, 4_000))
    assert await tab.run(OVERLAPS) == []
    assert await tab.run(CUT_OFF) == []
    said = await tab.run(SAID)
    assert [one["title"] for one in said] == [panel.title for panel in board.panels]
    for one, panel in zip(said, board.panels, strict=True):
        assert not one["empty"], panel.title
        assert one["left"], panel.title
        assert [text for text in one["left"] if not reads(text, panel.unit)] == [], panel.title
        [right] = {query.second_axis for query in panel.queries if query.second_axis} or [None]
        assert bool(one["right"]) == bool(right), panel.title
        assert [t for t in one["right"] if not right or not reads(t, right)] == [], panel.title


@pytest.mark.parametrize(
    ("broken", "found_by"),
    [
        ("panels[1].style.left = panels[0].style.left", OVERLAPS),
        ("panels[0].querySelector('h2').textContent = 'long '.repeat(50)", CUT_OFF),
        ("panels[0].querySelector('h2').style.translate = '-50px'", CUT_OFF),
        ("document.querySelector('canvas').width = 10", CUT_OFF),
    ],
    ids=["overlap", "title", "outside", "axis"],
)
async def test_the_look_does_find_what_is_wrong(shown: Show, broken: str, found_by: str) -> None:
    tab = await shown("service", DESK)
    # In one go: a component that sees its title cut off may be drawn anew, and whole.
    found = await tab.run(
        f"{{ const panels = document.querySelectorAll('.panel'); {broken}; }} {found_by}"
    )
    assert found != []
