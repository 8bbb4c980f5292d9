"""Who may ask for an erasure where the inside listener can be reached from elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from schemas.inside_readers import Gate
from services.ingest.adapters.erasure_http import ErasureHttp
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.domain.rules import Rules
from services.ingest.erase import Eraser
from tests.unit.ingest.erasure_log import Log
from tests.unit.ingest.world import FOUR_EYES, NOW, RULES, RecordingWorld

PERSON = {"kind": "citizen", "issuer": "town", "id": "42"}
BODY = {"id": "er-1", "agency": "town", "people": [PERSON]}


@asynccontextmanager
async def asking(
    world: RecordingWorld, *, is_loopback: bool, rules: Rules = RULES
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """A client of a listener that serves erasures."""
    eraser = Eraser(lambda: rules, world, Log(world), world, lambda: NOW)
    app = web.Application()
    access = InsideAccess(lambda: rules.operators, Gate(None, print), is_loopback=is_loopback)
    ErasureHttp(eraser, access).add_to(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def told(
    world: RecordingWorld,
    token: str | None,
    body: Any = BODY,
    *,
    is_loopback: bool = False,
    rules: Rules = RULES,
) -> tuple[int, dict[str, Any]]:
    """The answer to a request."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        asking(world, is_loopback=is_loopback, rules=rules) as client,
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
    ("rules", "token", "is_loopback", "by"),
    [
        (RULES, "officer-token", False, "data-protection-officer"),
        (RULES, "officer-token", True, "data-protection-officer"),
        (replace(RULES, operators=()), None, True, "loopback"),
    ],
)
async def test_who_asked_is_on_record(
    rules: Rules, token: str | None, by: str, *, is_loopback: bool
) -> None:
    status, answer = await told(RecordingWorld(), token, is_loopback=is_loopback, rules=rules)
    assert (status, answer["by"], answer["state"]) == (202, by, "asked")
    assert "42" not in str({**answer, "time": "", "raw_gone_by": ""})


async def test_once_an_operator_may_nobody_decides_without_a_token_on_loopback_either() -> None:
    world = RecordingWorld()
    assert (await told(world, None, is_loopback=True))[0] == 401
    assert world.messages == []


async def test_what_one_proposes_another_confirms_by_asking_for_the_same() -> None:
    world = RecordingWorld()
    proposed = await told(world, "officer-token", rules=FOUR_EYES)
    assert proposed == (
        202,
        {
            "id": "er-1",
            "agency": "town",
            "by": "data-protection-officer",
            "time": "2026-03-10T12:00:00Z",
            "state": "proposed",
        },
    )
    async with (
        asking(world, is_loopback=True, rules=FOUR_EYES) as client,
        client.get("/v1/erasures/er-1") as response,
    ):
        assert (response.status, await response.json()) == (200, proposed[1])
    status, answer = await told(world, "chief-token", rules=FOUR_EYES)
    assert (status, answer["state"], answer["by"]) == (202, "asked", "data-protection-officer")


async def test_who_may_not_decide_is_refused_with_whom_to_ask() -> None:
    status, answer = await told(RecordingWorld(), "chief-token")
    assert status == 403
    assert answer["error"].endswith("ask the steward of erasures.v1 (data-protection-officer)")


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
