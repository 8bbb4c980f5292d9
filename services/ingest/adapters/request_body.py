"""The body of a request, read once: whole, gzipped or not, never more than may be held."""

import asyncio
import zlib

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from services.ingest.adapters.refused import Refused
from services.ingest.adapters.turns import Turns

_ANY_HEADER = 47  # zlib's own word for: gzip or zlib, whichever it is
# Together with a publish that fails, less than the 5 s after which some webhooks give up.
_LONGEST_WAIT_SECONDS = 2.0
# A request costs about as much as a kilobyte of events in it; a round is some ten milliseconds. An
# acknowledgement is heard, told and answered in about eight of them.
_ROUND = 16
_KILOBYTE = 1024
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_CROWDED = "too many requests came at once; try again"


class BodyReader:
    """Reads bodies of up to `limit` bytes, and holds `most_held` bytes of those that are unfinished
    or wait for their turn: however many senders are slow, or come at once, they do not fill the
    memory.
    """

    def __init__(self, limit: int, most_held: int, patience_seconds: float = 30) -> None:
        self.limit = limit
        self._patience_seconds = patience_seconds
        self._most_held = most_held
        self._held = 0
        self._turns = Turns(_ROUND, _LONGEST_WAIT_SECONDS)

    @property
    def fullness(self) -> float:
        """How much of what may be held is, from 0 to 1."""
        return self._held / self._most_held

    @property
    def pace(self) -> float:
        """How much work (see `work`) a second has room for."""
        return self._turns.pace

    async def read(self, request: web.Request) -> bytes:
        """The body, un-gzipped. Raises Refused: 413 when it is larger than the limit (a gzip
        bomb too, of which no more than the limit is ever unpacked), 400 when it is cut short or
        broken, 408 when it takes longer than the patience, 415 when its encoding is another, 503
        when too much of other bodies is held or its turn does not come in time: where that can be
        told before, the body is not read at all.
        """
        if self._turns.is_too_long:
            raise Refused(503, _CROWDED)
        encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
        body = bytearray()
        try:
            await self._receive(request, body)
            self._unpack(body, encoding)
            await self._turn(len(body))
            return bytes(body)
        finally:
            self._held -= len(body)

    async def _receive(self, request: web.Request, body: bytearray) -> None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                while chunk := await request.content.readany():
                    self._held += len(chunk)
                    body += chunk
                    self._check(len(body))
        except TimeoutError:
            raise Refused(408, "the body did not come in time") from None
        except (HttpProcessingError, web.RequestPayloadError, ConnectionError):
            raise Refused(400, "the body is broken") from None

    def _unpack(self, body: bytearray, encoding: str) -> None:
        """In its place: what it costs to work on and to hold is told by its size unpacked."""
        if encoding in {"", "identity"}:
            return
        if encoding not in _ENCODINGS:
            raise Refused(415, "the body's encoding must be gzip, deflate or none")
        unpacked = inflate(body, self.limit)
        self._held += len(unpacked) - len(body)
        body[:] = unpacked
        self._check(len(body))

    async def _turn(self, size: int) -> None:
        try:
            await self._turns.wait(work(size))
        except TimeoutError:
            raise Refused(503, _CROWDED) from None

    def _check(self, size: int) -> None:
        if size > self.limit:
            raise Refused(413, f"the body is larger than {self.limit} bytes")
        if self._held > self._most_held:
            raise Refused(503, "too many bodies are on their way; try again")


def work(size: int) -> int:
    """What a request with a body of so many bytes costs, in requests without one."""
    return 1 + size // _KILOBYTE


def inflate(raw: bytes | bytearray, limit: int) -> bytes:
    """The unpacked bytes; raises Refused as `BodyReader` does."""
    unpacking = zlib.decompressobj(wbits=_ANY_HEADER)
    try:
        body = unpacking.decompress(raw, limit + 1)
    except zlib.error:
        raise Refused(400, "the body is not gzip, although it says so") from None
    if len(body) > limit:
        raise Refused(413, f"the body is larger than {limit} bytes when unpacked")
    if not unpacking.eof or unpacking.unused_data:
        raise Refused(400, "the gzipped body is cut short, or something follows it")
    return body
