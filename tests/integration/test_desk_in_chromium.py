"""The desk in a real browser: by the keyboard alone, on every screen, for everybody."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schemas.codec import decode
from schemas.touchpoint_event import TouchpointRecord
from tests import axe
from tests.browser import Look, Tab, browser
from tests.integration.ingest_served import Served, served
from tests.unit.ingest.world import RecordingWorld

pytestmark = [pytest.mark.chromium]
NARROW_AND_DARK = Look(width=320, scheme="dark")
PICTURES = Path("docs/screenshots")
LOOKS = {"desk": Look(), "desk-phone-dark": Look(width=390, scheme="dark")}


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def desk(world: RecordingWorld) -> AsyncIterator[Served]:
    async with served(world, world) as found:
        yield found


@pytest.fixture
async def tab(chromium_program: str, tmp_path: Path) -> AsyncIterator[Tab]:
    async with browser(chromium_program, tmp_path / "profile") as opened:
        yield opened


async def sign_in(desk: Served, tab: Tab) -> None:
    """Type the token and press Enter: the field has the focus."""
    await tab.show(f"{desk.public}/desk", Look())
    await tab.until("document.activeElement.id === 'token'")
    await tab.ask("Input.insertText", text="town-hall-token")
    await tab.press("Enter")
    await tab.until("document.activeElement.id === 'channel'")


async def test_a_contact_is_recorded_by_the_keyboard_alone(
    desk: Served, tab: Tab, world: RecordingWorld
) -> None:
    await sign_in(desk, tab)
    await tab.press("ArrowDown", "Tab", "ArrowDown", "Tab", "ArrowDown", "ArrowDown", "Tab", "Tab")
    await tab.ask("Input.insertText", text="c-7")
    await tab.press("Enter")
    await tab.until("document.title.startsWith('Recorded')")
    said = await tab.run("document.querySelector('.told').innerText")
    assert "Phone, Parking permit, Counter" in said
    assert "Take the next one below" in said
    assert await tab.run("document.activeElement.id") == "channel"
    [message] = world.messages
    event = decode(TouchpointRecord, message.value).data
    assert (event.channel, event.touchpoint, event.action) == ("phone", "counter", "contacted")
    assert event.contact is not None
    assert event.contact.reason == "chase"
    await tab.ask("Page.reload")
    await tab.until("document.readyState === 'complete' && document.title.startsWith('Recorded')")


@pytest.mark.node
async def test_everybody_can_use_it_on_every_screen(
    desk: Served, tab: Tab, node_program: str, tmp_path: Path
) -> None:
    assert node_program
    rules = axe.script(tmp_path)
    await tab.show(f"{desk.public}/desk", NARROW_AND_DARK)
    await _assert_usable(tab, rules, NARROW_AND_DARK)
    await sign_in(desk, tab)
    await tab.press("Tab", "ArrowDown", "Tab", "Tab", "Tab", "Enter")
    await tab.until("document.title.startsWith('Recorded')")
    await _assert_usable(tab, rules, Look())
    await tab.show(f"{desk.public}/desk", NARROW_AND_DARK)
    await _assert_usable(tab, rules, NARROW_AND_DARK)


async def _assert_usable(tab: Tab, rules: str, look: Look) -> None:
    await tab.run(rules)
    told = await tab.run(axe.RUN)
    assert told["broken"] == []
    assert told["passed"] > 15
    assert await tab.run("document.documentElement.scrollWidth") <= look.width
    small = """[...document.querySelectorAll("input:not([type=hidden]), select, button")]
        .filter((one) => one.getBoundingClientRect().height < 44).length"""
    assert await tab.run(small) == 0


async def test_a_picture_shows_the_form(desk: Served, tab: Tab, tmp_path: Path) -> None:
    await sign_in(desk, tab)
    folder = PICTURES if os.environ.get("PICTURES") == "1" else tmp_path
    for name, look in LOOKS.items():
        await tab.show(f"{desk.public}/desk", look)
        picture = await tab.picture(look, 2_400)
        assert int.from_bytes(picture[16:20]) == look.width
        (folder / f"{name}.png").write_bytes(picture)
