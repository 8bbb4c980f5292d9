"""A proxy before ingest, as gateways are: it writes down what clients were told of each event."""

import asyncio
import contextlib
import gzip
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from deploy.local.ports import LOOPBACK

# How an event names its client and its step, in every protocol: as a citizen.
_WHO = re.compile(r"who\.([a-z0-9-]+)\.(\d)")
_OF_THE_CONNECTION = {"host", "content-length", "transfer-encoding", "connection", "keep-alive"}
_GZIP = b"\x1f\x8b"
Event = tuple[str, int]


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
            for name in found.headers.keys() & {"Content-Type", "Retry-After"}:
                answer.headers[name] = found.headers[name]
        for event in _events(asked.raw_path, body):
            if event[1] == self.loses_yes_of and answer.status < 300 and not self.told[event]:
                answer = web.Response(status=503, headers={"Retry-After": "1"})
            self.told[event].append(answer.status)
        return answer

    def had(self, step: int, *statuses: int) -> set[str]:
        """The clients that were told one of these of their event of a step."""
        told = self.told.items()
        return {who for (who, n), all_ in told if n == step and {*statuses} & {*all_}}

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
    return {(who, int(step)) for who, step in _WHO.findall(path + said.decode())}


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
