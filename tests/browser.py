"""A real Chromium, driven through its own protocol: shows pages, measures them, takes pictures."""

import asyncio
import base64
import json
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--font-render-hinting=none", "--remote-debugging-port=0"),
)
# What a key is called, its number, and what it types.
_KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "ArrowDown": (40, "")}
_AROUND = 16  # pixels of the page above and below a part of it
_LISTENS = re.compile(r"ws://(\S+)/devtools/")


@dataclass(frozen=True)
class Look:
    """How a page is looked at: widths in CSS pixels, `media` as print has it or the screen."""

    width: int = 1_280
    scheme: str = "light"
    media: str = "screen"


@dataclass
class Tab:
    """One page of the browser."""

    socket: ClientWebSocketResponse
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def show(self, address: str, look: Look) -> None:
        """Open an address and wait until it is laid out."""
        features = [{"name": "prefers-color-scheme", "value": look.scheme}]
        await self.ask("Emulation.setEmulatedMedia", media=look.media, features=features)
        await self._resize(look.width, 1_000)
        await self.ask("Page.enable")
        await self.ask("Page.navigate", url=address)
        await self._until("Page.loadEventFired")

    async def run(self, script: str) -> Any:
        """What a script on the page gives, awaited; an exception of the page is raised here."""
        answer = await self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2_000])
        return answer["result"].get("value")

    async def press(self, *keys: str) -> None:
        """Press keys of the keyboard, one after the other, wherever the focus is."""
        for key in keys:
            code, text = _KEYS[key]
            down = {"key": key, "windowsVirtualKeyCode": code, "text": text}
            await self.ask("Input.dispatchKeyEvent", type="keyDown", **down)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def until(self, condition: str) -> None:
        """Wait until a script says yes, over changes of the page."""
        for _ in range(200):
            if await self._says(condition):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(condition)

    async def _says(self, condition: str) -> bool:
        try:
            return bool(await self.run(condition))
        except RuntimeError:  # the page went away while it was asked
            return False

    async def picture(self, look: Look, most: int) -> bytes:
        """The page as PNG, from its top down to at most so many pixels."""
        height = await self.run("Math.ceil(document.documentElement.scrollHeight)")
        await self._resize(look.width, min(height, most))
        return await self._captured()

    async def picture_of(self, look: Look, heading: str) -> bytes:
        """The section below a heading as PNG, as wide as the page and a little higher than it."""
        box = await self.run(f"""(() => {{
            const part = document.querySelector("{heading}").closest("section");
            const {{top, height}} = part.getBoundingClientRect();
            return {{y: Math.floor(top + scrollY) - {_AROUND},
                     height: Math.ceil(height) + {2 * _AROUND}}};
        }})()""")
        clip = {"x": 0, "width": look.width, "scale": 1, **box}
        return await self._captured(clip=clip, captureBeyondViewport=True)

    async def _captured(self, **more: Any) -> bytes:
        told = {"format": "png", "optimizeForSpeed": False, **more}
        taken = await self.ask("Page.captureScreenshot", **told)
        return base64.b64decode(taken["data"])

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the protocol; its answer, or RuntimeError with the browser's words."""
        number = next(self._numbers)
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            told = await self.socket.receive_json()
            if told.get("id") == number:
                break
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']}")
        result: dict[str, Any] = told["result"]
        return result

    async def _until(self, event: str) -> None:
        while (await self.socket.receive_json()).get("method") != event:
            pass

    async def _resize(self, width: int, height: int) -> None:
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )


@asynccontextmanager
async def browser(program: str, folder: Path) -> AsyncIterator[Tab]:
    """One tab of a browser of its own, which ends with the block; `folder` is its profile."""
    process = await asyncio.create_subprocess_exec(
        program,
        *FLAGS,
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        place = await asyncio.wait_for(_listening(process), 30)
        async with ClientSession() as session:
            async with session.get(f"http://{place}/json/list") as answer:
                [page] = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Tab(socket)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _listening(process: asyncio.subprocess.Process) -> str:
    """The address the browser says it listens at."""
    stream = process.stderr
    if stream is None:
        raise RuntimeError("the browser's words are not read")
    while line := await stream.readline():
        if found := _LISTENS.search(line.decode()):
            return found[1]
    raise RuntimeError("the browser ended before it listened")
