"""Who may ask for an erasure where the inside listener can be reached from elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from services.ingest.adapters.erasure_http import ErasureHttp
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.erase import Eraser, Standing
from tests.unit.ingest.world import NOW, RULES, RecordingWorld

PERSON = {"kind": "citizen", "issuer": "town", "id": "42"}
BODY = {"id": "er-1", "agency": "town", "people": [PERSON]}


@dataclass
class Log:
    """What is on record."""

    known: dict[str, Standing] = field(default_factory=dict)

    async def standing(self, name: str) -> Standing | None:
        """As the real one."""
        return self.known.get(name)


@asynccontextmanager
async def asking(
    world: RecordingWorld, *, is_loopback: bool
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """A client of a listener that serves erasures."""
    eraser = Eraser(lambda: RULES, world, Log(), world, lambda: NOW)
    app = web.Application()
    access = InsideAccess(lambda: RULES.operators, is_loopback=is_loopback)
    ErasureHttp(eraser, access).add_to(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def told(
    world: RecordingWorld, token: str | None, body: Any = BODY, *, is_loopback: bool = False
) -> tuple[int, dict[str, Any]]:
    """The answer to a request."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        asking(world, is_loopback=is_loopback) as client,
        client.post("/v1/erasures", json=body, headers=headers) as response,
    ):
        return response.status, await response.json()


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("x", 401), ("feeder-token", 403)])
async def test_nobody_else_asks_or_learns_what_was_asked(token: str | None, status: int) -> None:
    world = RecordingWorld()
    assert (await told(world, token))[0] == status
    assert world.messages == []
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        asking(world, is_loopback=False) as client,
        client.get("/v1/erasures/er-1", headers=headers) as response,
    ):
        assert response.status == status


@pytest.mark.parametrize(
    ("token", "is_loopback", "by"),
    [("officer-token", False, "officer"), (None, True, "loopback")],
)
async def test_who_asked_is_on_record(token: str | None, by: str, *, is_loopback: bool) -> None:
    status, answer = await told(RecordingWorld(), token, is_loopback=is_loopback)
    assert (status, answer["by"], answer["state"]) == (202, by, "asked")
    assert "42" not in str({**answer, "time": "", "raw_gone_by": ""})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (BODY | {"agency": "towns"}, "agency: did you mean 'town'?"),
        (BODY | {"people": []}, "people: "),
        (BODY | {"person": PERSON}, "person: "),
    ],
)
async def test_a_request_that_cannot_be_meant_says_which_field(body: Any, why: str) -> None:
    status, answer = await told(RecordingWorld(), "officer-token", body)
    assert status == 400
    assert answer["error"].startswith(why)


async def test_while_kafka_is_away_it_is_to_be_asked_again() -> None:
    status, answer = await told(RecordingWorld(is_away=True), "officer-token")
    assert (status, "ask again with the same id" in answer["error"]) == (503, True)


async def test_what_was_never_asked_for_is_not_found() -> None:
    async with (
        asking(RecordingWorld(), is_loopback=True) as client,
        client.get("/v1/erasures/er-9") as response,
    ):
        assert response.status == 404
