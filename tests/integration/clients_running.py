"""Every client that channels have at once: what each sends, and how they are told to send it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.clients_installed import SCRIPTS, node_clients, python_clients
from tests.integration.tracked_page import tracking

BROWSER = "snowplow-browser"
# What sends nothing twice, and what gives up after some seconds: both were told so.
NEVER_AGAIN, GIVES_UP = {"matomo"}, {"rudder-node"}
# What sends again with its next event only, which must not be refused too.
WITH_THE_NEXT = {"snowplow-node", BROWSER}
# Who it is they tell by a call of its own, which is no contact.
_IDENTIFYING = {"segment-node", "segment-py", "rudder-node", "rudder-py"}
CLIENTS = {
    *NEVER_AGAIN,
    *_IDENTIFYING,
    *WITH_THE_NEXT,
    "snowplow-py",
    *("cloudevents-node", "cloudevents-py", "webhook", "ga4"),  # their users send again
}
IDENTIFY = "identify"
CALLS = {
    (client, kind)
    for client in CLIENTS
    for kind in ("view", "custom", "failed", *([IDENTIFY] if client in _IDENTIFYING else []))
}
Tell = Callable[[str], Awaitable[None]]

_BY_BROWSER = """
const [step, happened] = "%s".split(" ");
const timestamp = happened && { type: "ttm", value: +new Date(happened) };
const fault = {
  schema: "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2",
  data: { message: "x", programmingLanguage: "JAVASCRIPT" },
};
const calls = {
  view: () => trackPageView({ timestamp }),
  custom: () => trackStructEvent({ category: "form", action: "kept", timestamp }),
  failed: () => trackSelfDescribingEvent({ event: fault, timestamp }),
};
for (const [kind, call] of Object.entries(calls)) {
  setUserId(`who.snowplow-browser.${kind}.${step}`);
  call();
}
"""


@asynccontextmanager
async def clients(
    node: str, chromium: str, folder: Path, page: str, ingest: str
) -> AsyncIterator[Tell]:
    """All of them, in two processes and on a page in a browser: each does what a line says."""
    async with (
        tracking(chromium, folder / "profile", page, ingest) as tab,
        _scripts(node, ingest) as inputs,
    ):

        async def tell(line: str) -> None:
            for one in inputs:
                one.write(f"{line}\n".encode())
            await tab.run(f"{{{_BY_BROWSER % line}}}")

        yield tell


@asynccontextmanager
async def _scripts(node: str, ingest: str) -> AsyncIterator[list[asyncio.StreamWriter]]:
    """What they read from; they end with their input."""
    commands: list[tuple[str, str, Mapping[str, str]]] = [
        (node, "all_clients.js", {"NODE_PATH": str(node_clients())}),
        (sys.executable, "all_senders.py", {"PYTHONPATH": str(python_clients())}),
    ]
    running = [
        await asyncio.create_subprocess_exec(
            *(program, str(SCRIPTS / script), ingest),
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.PIPE,
        )
        for program, script, environment in commands
    ]
    inputs = [one.stdin for one in running if one.stdin is not None]
    try:
        yield inputs
    finally:
        for one in inputs:
            one.close()
        codes = [await one.wait() for one in running]
    assert codes == [0, 0]
