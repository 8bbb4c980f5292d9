"""Who is turned away is answered in rounds too: what comes in between is heard."""

import asyncio
import weakref

import prometheus_client as prometheus
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from services.ingest.adapters.answering import Answering
from services.ingest.adapters.refused import Refused
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.telemetry import IngestTelemetry
from tests.unit.ingest.world import OPEN


def answering_all() -> Answering:
    telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
    return Answering(telemetry, BodyReader(1_000, 1_000), OPEN, lambda: 0.5)


async def turn_away(_: web.Request) -> web.StreamResponse:
    raise Refused(503, "try again")


async def answered_before_something_was_heard(status: int, crowd: int) -> int:
    answering = answering_all()
    heard, answered = asyncio.Event(), 0

    async def refuse(_: web.Request) -> web.StreamResponse:
        raise Refused(status, "try again")

    request = make_mocked_request("POST", "/v1/events")

    async def one() -> None:
        nonlocal answered
        assert (await answering.answer(request, refuse)).status == status
        answered += not heard.is_set()

    async def hear() -> None:
        for _ in range(4):
            await asyncio.sleep(0)
        heard.set()

    await asyncio.gather(hear(), *(one() for _ in range(crowd)))
    return answered


@pytest.mark.parametrize(("status", "least", "most"), [(503, 1, 400), (401, 1_000, 1_000)])
async def test_only_a_crowd_that_is_turned_away_waits(status: int, least: int, most: int) -> None:
    assert least <= await answered_before_something_was_heard(status, 1_000) <= most


async def test_what_a_stranger_claims_to_bring_counts_as_what_may_be_brought_at_most() -> None:
    answering = answering_all()
    for size in (10**12, 10):
        claiming = make_mocked_request("POST", "/v1/events", {"Content-Length": str(size)})
        told = await answering.answer(claiming, turn_away)
    assert int(told.headers["Retry-After"]) <= 4


async def test_a_page_may_read_when_to_come_again() -> None:
    page = make_mocked_request("POST", "/v1/events", {"Origin": "https://town.example"})
    told = await answering_all().answer(page, turn_away)
    assert told.headers["Access-Control-Expose-Headers"] == "Retry-After"


class Body(bytearray):
    """Of which can be told whether it is still there."""


async def test_who_waits_to_be_turned_away_holds_no_body_any_more() -> None:
    answering, bodies = answering_all(), []

    async def full(_: web.Request) -> web.StreamResponse:
        body = Body(b"x")
        bodies.append(weakref.ref(body))
        raise Refused(503, f"of {len(body)} bytes")

    request = make_mocked_request("POST", "/v1/events")
    crowd = [asyncio.create_task(answering.answer(request, full)) for _ in range(200)]
    await asyncio.sleep(0)
    assert len(bodies) == 200
    assert not all(one.done() for one in crowd)
    assert [ref for ref in bodies if ref() is not None] == []
    await asyncio.gather(*crowd)
