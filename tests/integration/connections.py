"""Very many connections to one ingest, each kept open, and what they were told."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from deploy.local.ports import LOOPBACK
from tests.unit.ingest.world import cloudevent, json, visit

_HEAD = (
    "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer web-token\r\n"
    "Content-Length: {}\r\n\r\n"
)
SOURCE = "/connections"


@dataclass
class Told:
    """What all of them were told: statuses, the ids of what was taken, and who was refused."""

    statuses: Counter[int] = field(default_factory=Counter)
    promised: set[str] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)


class Connection:
    """One of them. It is never opened anew: a connection that is cut fails the test."""

    def __init__(self, number: int, told: Told) -> None:
        self._number = number
        self._told = told

    async def open(self, port: int) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(LOOPBACK, port)

    async def deliver(self, turn: int) -> None:
        """Send an event until it is taken, each time after the pause that was asked for."""
        ident = f"{self._number}.{turn}"
        body = json(cloudevent(visit(citizen=str(self._number)), id=ident, source=SOURCE))
        while (wait := await self._wait_told(body)) is not None:
            self._told.refused.add(self._number)
            await asyncio.sleep(wait)
        self._told.promised.add(ident)

    async def _wait_told(self, body: bytes) -> int | None:
        """None when it was taken, else the seconds of Retry-After."""
        self._writer.write(_HEAD.format(len(body)).encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        await self._reader.readexactly(int(headers["content-length"]))
        status = int(lines[0].split()[1])
        self._told.statuses[status] += 1
        return None if status == 200 else int(headers["retry-after"])

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
