"""A proxy before ingest, as gateways are: it writes down what clients were told of each event."""

import asyncio
import contextlib
import gzip
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from aiohttp import ClientSession, web

from deploy.local.ports import LOOPBACK

# How an event names its client, what it is and its step, in every protocol: as a citizen.
_WHO = re.compile(r"who\.([a-z0-9-]+)\.([a-z]+)\.(\d)")
_OF_THE_CONNECTION = {"host", "content-length", "transfer-encoding", "connection", "keep-alive"}
_GZIP = b"\x1f\x8b"
_PASSED_BACK = ("Content-Type", "Retry-After", "Access-Control-", "Vary")


class Event(NamedTuple):
    """What a client sends in a step, and what kind of call it is."""

    client: str
    kind: str
    step: int


@dataclass
class BeforeIngest:
    """What was told. Of each event of `loses_yes_of`, a step, the first yes is lost on its way."""

    ingest: str
    loses_yes_of: int
    told: dict[Event, list[int]] = field(default_factory=lambda: defaultdict(list))

    async def pass_on(self, asked: web.Request) -> web.Response:
        """To ingest, and its answer back."""
        body = await asked.read()
        url = self.ingest + asked.raw_path
        headers = {n: v for n, v in asked.headers.items() if n.lower() not in _OF_THE_CONNECTION}
        async with (
            ClientSession(auto_decompress=False) as client,
            client.request(asked.method, url, data=body, headers=headers) as found,
        ):
            answer = web.Response(body=await found.read(), status=found.status)
            for name in found.headers:
                if name.startswith(_PASSED_BACK):
                    answer.headers[name] = found.headers[name]
        sent = _events(asked.raw_path, body)
        if answer.status < 300 and any(self._loses_yes_of(event) for event in sent):
            answer.set_status(503)
            answer.body = b""
            answer.headers["Retry-After"] = "1"
        for event in sent:
            self.told[event].append(answer.status)
        return answer

    def _loses_yes_of(self, event: Event) -> bool:
        return event.step == self.loses_yes_of and not self.told[event]

    def had(self, step: int, *statuses: int) -> set[Event]:
        """The events of a step of which their clients were told one of these."""
        told = self.told.items()
        return {event for event, all_ in told if event.step == step and {*statuses} & {*all_}}

    async def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for clients to have been told something; fails when they are not in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not condition():  # noqa: ASYNC110  clients are other processes
                    await asyncio.sleep(0.05)
                return
        raise AssertionError(dict(self.told))


def _events(path: str, body: bytes) -> set[Event]:
    said = gzip.decompress(body) if body.startswith(_GZIP) else body
    found = _WHO.findall(path + said.decode())
    return {Event(client, kind, int(step)) for client, kind, step in found}


@contextlib.asynccontextmanager
async def before(ingest: str, loses_yes_of: int) -> AsyncIterator[tuple[BeforeIngest, str]]:
    """The proxy and its address, until the block ends."""
    proxy, app = BeforeIngest(ingest, loses_yes_of), web.Application()
    app.router.add_route("*", "/{path:.*}", proxy.pass_on)
    runner = web.AppRunner(app, auto_decompress=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        yield proxy, site.name
    finally:
        await runner.cleanup()
