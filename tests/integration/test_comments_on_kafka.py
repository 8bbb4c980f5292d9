"""A comment on a broker: out it comes redacted, and as it was written it lies on no topic."""

from collections.abc import Sequence

import prometheus_client as prometheus
import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local.kafka import LocalKafka
from schemas.codec import decode
from schemas.comment import Comment
from schemas.topics import COMMENTS, TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import IdentityKind
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from tests.integration.ingest_served import Served, served
from tests.real import MakeTopic
from tests.unit.ingest.world import RecordingWorld, cloudevent, json, visit

pytestmark = pytest.mark.kafka
SECRET = "jane.doe@town.example"
TEXT = f"Write to {SECRET} or call 020 7946 0958, says Sarah."
SURVEY = {"id": "s-1", "how-satisfied": 2, "in-own-words": TEXT}
TIME = "2026-03-10T11:20:00Z"
SENT = [
    ("/v1/events", "web", cloudevent(visit(text=TEXT), time=TIME)),
    ("/v1/events", "web", cloudevent(visit(text=TEXT), time=TIME)),  # a retry
    ("/v1/events", "web", cloudevent(visit(text=TEXT, citizen=None), id="e-2", time=TIME)),
    ("/v1/events", "web", cloudevent(visit(text=TEXT, service="parkin"), id="e-3")),
    ("/webhooks/app-survey?form=journey-form", "app-survey", SURVEY),
]


async def lying(bootstrap: str, topics: Sequence[str]) -> list[tuple[str, bytes | None, bytes]]:
    """Topic, key and value of every record of some topics."""
    async with AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    ) as reading:
        ends = sum((await reading.end_offsets(reading.assignment())).values())
        found: list[tuple[str, bytes | None, bytes]] = []
        while len(found) < ends:
            for records in (await reading.getmany(timeout_ms=500)).values():
                found += [(one.topic, one.key, one.value) for one in records]
        return found


async def send(ingest: Served) -> None:
    for path, source, event in SENT:
        headers = {"Authorization": f"Bearer {source}-token"}
        url = ingest.public + path
        async with ingest.client.post(url, data=json(event), headers=headers) as response:
            assert response.status == 200, await response.text()


async def test_what_was_written_comes_out_redacted_and_lies_nowhere_as_it_was(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    topics = {name: make_topic(name) for name in (TOUCHPOINTS, TOUCHPOINTS_REJECTED, COMMENTS)}
    telemetry = IngestTelemetry(prometheus.CollectorRegistry(), ())
    publisher = KafkaPublisher(kafka.bootstrap, Limits(topics=topics), telemetry)
    await publisher.connect()
    try:
        async with served(publisher, RecordingWorld()) as ingest:
            await send(ingest)
            assert ingest.value("throughline_comments_total", source="web") == 3
            assert ingest.value("throughline_redactions_total", kind="email") == 4
    finally:
        await publisher.stop()
    found = await lying(kafka.bootstrap, list(topics.values()))
    assert all(SECRET.encode() not in value for _, _, value in found)
    check(
        [(key, decode(Comment, value)) for name, key, value in found if name == topics[COMMENTS]],
        [
            decode(TouchpointRecord, value)
            for name, _, value in found
            if name == topics[TOUCHPOINTS]
        ],
    )


def check(comments: list[tuple[bytes | None, Comment]], records: list[TouchpointRecord]) -> None:
    told = [comment for _, comment in comments]
    assert {one.text for one in told} == {"Write to [email] or call [phone], says [name]."}
    assert len(told) == 4
    assert len({one.id for one in told}) == 3
    assert all(key == (one.subject or one.id).encode() for key, one in comments)
    assert {one.subject for one in told} == {
        one.subject if one.data.identity_kind is not IdentityKind.ONCE else None for one in records
    }
