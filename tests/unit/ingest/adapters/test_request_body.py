"""Bodies that are packed, cut short, or bombs."""

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.adapters import request_body
from services.ingest.adapters.refused import Refused
from services.ingest.adapters.request_body import BodyReader, inflate

LIMIT = 1_000


@given(st.binary(max_size=LIMIT))
def test_what_was_packed_is_unpacked(body: bytes) -> None:
    assert inflate(gzip.compress(body), LIMIT) == body
    assert inflate(zlib.compress(body), LIMIT) == body


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (gzip.compress(b"x" * (LIMIT + 1)), 413),
        (gzip.compress(b"x" * 10_000_000), 413),
        (gzip.compress(b"hello")[:-1], 400),
        (gzip.compress(b"hello")[:-8], 400),
        (gzip.compress(b"hello")[:12], 400),
        (gzip.compress(b"hello") + b"more", 400),
        (gzip.compress(b"hello") + gzip.compress(b"again"), 400),
        (gzip.compress(b"hello")[:-8] + b"\0" * 8, 400),
        (b"hello", 400),
        (b"", 400),
    ],
)
def test_what_is_too_large_or_not_whole_is_refused(raw: bytes, status: int) -> None:
    with pytest.raises(Refused) as refused:
        inflate(raw, LIMIT)
    assert refused.value.status == status


@given(st.binary(max_size=200))
def test_unpacking_raises_nothing_else(raw: bytes) -> None:
    with contextlib.suppress(Refused):
        inflate(raw, LIMIT)


class _Content:
    def __init__(self, body: bytes) -> None:
        self._parts = [body, b""]

    @property
    def is_unread(self) -> bool:
        return len(self._parts) == 2

    async def readany(self) -> bytes:
        return self._parts.pop(0)


def arrived(body: bytes, encoding: str = "") -> Any:
    """A request whose body is there."""
    return SimpleNamespace(content=_Content(body), headers={"Content-Encoding": encoding})


@pytest.mark.parametrize(("pack", "encoding"), [(bytes, ""), (gzip.compress, "gzip")])
async def test_a_crowd_is_told_to_come_again_and_its_last_ones_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes], encoding: str
) -> None:
    monkeypatch.setattr(request_body, "_LONGEST_WAIT_SECONDS", 1e-6)
    bodies = BodyReader(2**20, 2**30)
    requests = [arrived(pack(b"x" * 2**19), encoding) for _ in range(20)]
    reads = (bodies.read(request) for request in requests)
    answers = await asyncio.gather(*reads, return_exceptions=True)
    refused = [one for one in answers if isinstance(one, Refused)]
    assert {one.status for one in refused} == {503}
    assert 0 < len(refused) < len(answers)
    assert [one.content.is_unread for one in requests[-5:]] == [True] * 5
    assert bodies.fullness == 0
    assert await bodies.read(arrived(b"x")) == b"x"


async def test_what_waits_for_its_turn_is_held_as_large_as_it_is_unpacked() -> None:
    bodies = BodyReader(2**20, 3 * 2**19)
    reads = (bodies.read(arrived(gzip.compress(b"x" * 2**19), "gzip")) for _ in range(8))
    answers = await asyncio.gather(*reads, return_exceptions=True)
    refused = [one for one in answers if isinstance(one, Refused)]
    assert 0 < len(refused) < len(answers)
    assert {one.status for one in refused} == {503}
    assert bodies.fullness == 0
