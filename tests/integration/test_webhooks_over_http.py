"""Webhooks through the real listener, signed by the kept library. Kafka is a fake here."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from schemas.codec import decode
from schemas.touchpoint_event import TouchpointRecord
from tests.integration.ingest_served import Served, served
from tests.unit.ingest.world import NEXT_SURVEY_SECRET, SURVEY_SECRET, RecordingWorld

RESPONSE = {
    "event": "responseFinished",
    "data": {
        "id": "r-1",
        "surveyId": "journey-form",
        "data": {"how-satisfied": 4},
        "contact": {"userId": "42"},
    },
}


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def ingest(world: RecordingWorld) -> AsyncIterator[Served]:
    async with served(world, world) as found:
        yield found


async def deliver(
    ingest: Served,
    content: object,
    secret: str = SURVEY_SECRET,
    path: str = "/webhooks/survey",
    age: timedelta = timedelta(0),
) -> tuple[int, Any]:
    body, at = json.dumps(content), datetime.now(UTC) - age
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg-1", at, body),
    }
    url = ingest.public + path
    async with ingest.client.post(url, data=body, headers=headers) as response:
        return response.status, await response.json()


async def test_a_signed_response_becomes_an_answer_with_either_of_two_secrets(
    ingest: Served, world: RecordingWorld
) -> None:
    accepted = (200, {"accepted": 1, "ignored": 0, "rejected": []})
    assert await deliver(ingest, RESPONSE) == accepted
    assert await deliver(ingest, RESPONSE, NEXT_SURVEY_SECRET) == accepted
    records = [decode(TouchpointRecord, one.value) for one in world.messages]
    assert {one.id for one in records} == {"r-1/linked-survey/en-1"}
    assert [one.data.feedback.answer for one in records if one.data.feedback] == [4, 4]


async def test_drafts_are_ignored(ingest: Served, world: RecordingWorld) -> None:
    status, told = await deliver(ingest, {**RESPONSE, "event": "responseCreated"})
    assert (status, told["ignored"]) == (200, 1)
    assert world.messages == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"secret": "whsec_c29tZWJvZHkgZWxzZSdz"}, "webhook-signature: made with none"),
        ({"age": timedelta(minutes=6)}, "webhook-timestamp: more than 5 minutes from our clock"),
    ],
)
@pytest.mark.parametrize("path", ["/webhooks/survey", "/v1/explain/webhooks/survey"])
async def test_a_wrong_or_old_signature_is_refused(
    ingest: Served, world: RecordingWorld, path: str, wrong: dict[str, Any], told: str
) -> None:
    status, answer = await deliver(ingest, RESPONSE, path=path, **wrong)
    assert status == 401
    assert answer["error"].startswith(told)
    assert world.actions == []


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("app-survey?form=journey-form", "app-survey-token", 200),
        ("app-survey?form=journey-form&token=app-survey-token", None, 200),
        ("app-survey?form=journey-form&token=survey-key", None, 200),
        ("app-survey?form=journey-form", "web-token", 403),
        ("app-survey?form=journey-form", "widget-token", 403),
        ("app-survey?form=journey-form", None, 401),
        ("survey", "web-token", 401),
        ("nobody", "web-token", 403),
        ("nobody", None, 401),
    ],
)
async def test_a_webhook_that_is_not_signed_needs_the_token_of_its_source(
    ingest: Served, path: str, token: str | None, status: int
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{ingest.public}/webhooks/{path}"
    body = b'{"id": "s-1", "how-satisfied": 5}'
    async with ingest.client.post(url, data=body, headers=headers) as response:
        assert response.status == status


@pytest.mark.parametrize(
    ("origin", "status"), [("https://town.example", 200), ("https://elsewhere.example", 403)]
)
async def test_a_page_sends_with_the_key_it_shows_if_it_is_one_of_the_source(
    ingest: Served, origin: str, status: int
) -> None:
    url = f"{ingest.public}/webhooks/app-survey?form=journey-form&token=survey-key"
    async with ingest.client.options(url, headers={"Origin": origin}) as preflight:
        assert preflight.headers["Access-Control-Allow-Origin"] == origin
    body = b'{"id": "s-1", "how-satisfied": 5}'
    async with ingest.client.post(url, data=body, headers={"Origin": origin}) as response:
        assert response.status == status


async def test_explain_tells_what_a_webhook_would_become(
    ingest: Served, world: RecordingWorld
) -> None:
    status, told = await deliver(ingest, RESPONSE, path="/v1/explain/webhooks/survey")
    assert (status, told["protocol"]) == (200, "webhook")
    published = told["events"][0]["would_publish"]["data"]
    assert (published["touchpoint"], published["feedback"]["answer"]) == ("survey", 4)
    assert world.actions == []
