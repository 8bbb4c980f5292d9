"""Every protocol against requests that were once right: cut, doubled, mixed and bent at random.

`make fuzz MINUTES=10 SEED=7` goes on for longer. Whatever comes, each event is accepted, ignored or
rejected, what is kept of a request is not much more than was sent, and nothing is remembered.
"""

import base64
import os
import random
import time
import tracemalloc
from collections.abc import Sequence

import msgspec
import pytest

from services.ingest.domain.admission import admit
from services.ingest.domain.explanation import explain
from services.ingest.domain.outcome import Accepted, Ignored, Rejected
from services.ingest.domain.protocols import PROTOCOLS, addressed
from services.ingest.domain.protocols.protocol import Malformed, Protocol, Reply, Request
from tests.unit.ingest.protocols.test_protocols import cases, requested
from tests.unit.ingest.world import RULES, arrival

SEED = os.environ.get("SEED", "7")
SECONDS = float(os.environ.get("MINUTES", "0.03")) * 60
MOST_KEPT = 12  # times the request, and this for each of its events:
MOST_EACH = 1_000
MOST_GROWN = 2 * 2**20
WORST = (
    *(bytes([one]) for one in b'\x00"{}[],:%&='),
    *(b"\xff\xfe", b"\xed\xa0\x80", b"%ff", b"\\ud800", b"\\u0000"),
    *(b"null", b"true", b"-0", b"1e999", b"9" * 400, b"0," * 99),
    *(b"[" * 2_000, b'{"a":' * 2_000, b"x" * 70_000, b'"id":', b'"data":{}', b'"requests":[7]'),
    *(b'"batch":[{}]', b'"events":[null]', b"rec=1", b"idsite=7", b'"context":{"throughline":7}'),
)


class Bender:
    """Bends requests by a seed."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)

    def request(self, right: Sequence[Request]) -> Request:
        """One of these, no longer as it was."""
        one, other = self.chance.choice(right), self.chance.choice(right)
        body = self._bytes(one.body, other.body)
        query = {n: self._text(v, other.query) for n, v in one.query.items() if self._is(0.9)}
        headers = {n: self._text(v, other.headers) for n, v in one.headers.items()}
        path = one.path if self._is(0.8) else other.path
        method = one.method if self._is(0.9) else other.method
        return addressed(Request(headers, body, query, path, method), RULES.hooks)

    def _bytes(self, body: bytes, other: bytes) -> bytes:
        for _ in range(self.chance.randint(0, 4)):
            at, to = sorted(self.chance.randrange(len(body) + 1) for _ in range(2))
            piece = self.chance.choice(
                (b"", self.chance.choice(WORST), body[at:to] * 2, other[: to - at], body[:at])
            )
            body = (body[:at] + piece + body[to:])[: 2**20]
        return body

    def _text(self, value: str, others: object) -> str:
        if self._is(0.7):
            return value
        other = self.chance.choice([*others.values(), ""]) if isinstance(others, dict) else ""
        return self._bytes(value.encode(), str(other).encode()).decode(errors="surrogateescape")

    def _is(self, share: float) -> bool:
        return self.chance.random() < share


@pytest.mark.timeout(SECONDS * 2 + 120)
@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_whatever_is_sent_has_an_outcome_and_costs_no_more_than_its_size(
    protocol: Protocol,
) -> None:
    bender = Bender(f"{SEED}/{protocol.name}")
    right = [requested(protocol, case["request"]) for case in cases(protocol)]
    _try(protocol, right[0])
    tracemalloc.start()
    before, until, tried = tracemalloc.get_traced_memory()[0], time.monotonic() + SECONDS, 0
    while time.monotonic() < until or not tried:
        request, tried = bender.request(right), tried + 1
        try:
            _try(protocol, request)
        except Exception as fault:
            body = base64.b64encode(request.body).decode()
            said = f"SEED={SEED}, request {tried}: {request.headers} {request.query} {body}"
            raise AssertionError(said) from fault
        del request
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < MOST_GROWN, f"{tried} requests left {grown} bytes behind"


def _try(protocol: Protocol, request: Request) -> None:
    credential = protocol.credential(request)
    assert credential is None or isinstance(credential, str)
    events = protocol.read(request)
    if isinstance(events, Malformed):
        assert len(events.detail) < 500
        return
    size = len(request.body) + sum(map(len, (*request.query.values(), *request.headers.values())))
    kept = sum(len(event.original) for event in events)
    assert kept <= MOST_KEPT * size + MOST_EACH * (len(events) + 1), f"{kept} bytes of {size}"
    outcomes = []
    for event in events[:50]:
        source = request.hook.source if request.hook else "web"
        arrived = arrival(source, protocol=protocol.name, size=len(event.original))
        outcome = admit(event, arrived, RULES)
        assert isinstance(outcome, Accepted | Ignored | Rejected)
        assert not (isinstance(outcome, Rejected) and outcome.reason == "internal"), outcome
        msgspec.json.encode(explain(event, arrived, RULES))
        outcomes.append(outcome)
    assert isinstance(protocol.reply(request, outcomes), Reply)
