"""The body of a request, read once: never more than the limit, gzipped or not, and whole."""

import asyncio
import zlib

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

_ANY_HEADER = 47  # zlib's own word for: gzip or zlib, whichever it is
_PATIENCE_SECONDS = 30
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})


class BodyRefused(Exception):
    """The body cannot be taken; `status` and sentence are the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def read_body(request: web.Request, limit: int) -> bytes:
    """The body, un-gzipped. Raises BodyRefused: 413 when it is larger than `limit` (a gzip bomb
    too, of which no more than the limit is ever unpacked), 400 when it is cut short or broken,
    408 when it takes more than 30 s to come, 415 when its encoding is another.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            raw = await request.read()
    except TimeoutError:
        raise BodyRefused(408, "the body did not come in time") from None
    except web.HTTPRequestEntityTooLarge:
        raise BodyRefused(413, f"the body is larger than {limit} bytes") from None
    except (HttpProcessingError, web.RequestPayloadError):
        raise BodyRefused(400, "the body is broken") from None
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return raw
    if encoding not in _ENCODINGS:
        raise BodyRefused(415, "the body's encoding must be gzip, deflate or none")
    return inflate(raw, limit)


def inflate(raw: bytes, limit: int) -> bytes:
    """The unpacked bytes; raises BodyRefused as `read_body` does."""
    unpacking = zlib.decompressobj(wbits=_ANY_HEADER)
    try:
        body = unpacking.decompress(raw, limit + 1)
    except zlib.error:
        raise BodyRefused(400, "the body is not gzip, although it says so") from None
    if len(body) > limit:
        raise BodyRefused(413, f"the body is larger than {limit} bytes when unpacked")
    if not unpacking.eof or unpacking.unused_data:
        raise BodyRefused(400, "the gzipped body is cut short, or something follows it")
    return body
