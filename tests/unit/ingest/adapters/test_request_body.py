"""Bodies that are packed, cut short, or bombs."""

import contextlib
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.adapters.request_body import BodyRefused, inflate

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
    with pytest.raises(BodyRefused) as refused:
        inflate(raw, LIMIT)
    assert refused.value.status == status


@given(st.binary(max_size=200))
def test_unpacking_raises_nothing_else(raw: bytes) -> None:
    with contextlib.suppress(BodyRefused):
        inflate(raw, LIMIT)
