"""Who is turned away is answered in rounds too: what comes in between is heard."""

import asyncio

import prometheus_client as prometheus
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from services.ingest.adapters.answering import Answering, Refused
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.telemetry import IngestTelemetry
from tests.unit.ingest.world import OPEN


async def answered_before_something_was_heard(status: int, crowd: int) -> int:
    telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
    answering = Answering(telemetry, BodyReader(1_000, 1_000), OPEN, lambda: 0.5)
    heard, answered = asyncio.Event(), 0

    async def refuse(_: web.Request) -> web.StreamResponse:
        raise Refused(status, "try again")

    async def one() -> None:
        nonlocal answered
        request = make_mocked_request("POST", "/v1/events")
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
