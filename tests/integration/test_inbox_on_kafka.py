"""The inbox on a broker: admitted like HTTP, and ended between publishing and committing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import prometheus_client as prometheus
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from cloudevents.core.bindings.kafka import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas.codec import decode
from schemas.rejection import Rejection
from schemas.topics import TOUCHPOINTS, TOUCHPOINTS_INBOX, TOUCHPOINTS_REJECTED
from schemas.touchpoint_event import TouchpointRecord
from services.ingest.adapters.inbox import Inbox, consumer, running
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.collect import Collector
from services.ingest.domain.rules import Rules
from services.ingest.program.running import EDGE
from tests.integration.ingest_process import Surroundings, events, log, start
from tests.real import MakeTopic
from tests.unit.ingest.world import RULES, SOURCES
from tests.unit.journey.builders import World, progress

HALL = RULES.sources["town-hall"].model_copy(update={"protocols": ("kafka",)})
WITH_KAFKA: Rules = replace(RULES, sources={**RULES.sources, "town-hall": HALL})
TOKEN = ("authorization", b"Bearer town-hall-token")


@dataclass
class Line:
    """Topics of this test's own, and a group."""

    bootstrap: str
    inbox: str
    topics: dict[str, str]
    group: str = field(default_factory=lambda: f"inbox-{uuid4().hex}")
    registry: prometheus.CollectorRegistry = field(default_factory=prometheus.CollectorRegistry)

    def consumer(self) -> Any:
        return consumer(self.bootstrap, self.inbox, self.group)

    @asynccontextmanager
    async def works(self, connect: Any) -> AsyncIterator[Inbox]:
        """A process: its own publisher and registry."""
        self.registry = prometheus.CollectorRegistry()
        telemetry = IngestTelemetry(self.registry, WITH_KAFKA.sources.values())
        publisher = KafkaPublisher(self.bootstrap, Limits(topics=self.topics), telemetry)
        await publisher.connect()
        collector = Collector(WITH_KAFKA, publisher, telemetry, EDGE)
        try:
            yield Inbox(connect, collector, publisher, telemetry)
        finally:
            await publisher.stop()


class Dying:
    """A consumer whose process ends at its first commit: what it read is published by then."""

    def __init__(self, inner: Any) -> None:
        self.start, self.stop, self.getmany = inner.start, inner.stop, inner.getmany
        self.is_dying = asyncio.Event()

    async def commit(self, _: object) -> None:
        self.is_dying.set()
        await asyncio.Event().wait()


@pytest.fixture
def line(kafka: LocalKafka, make_topic: MakeTopic) -> Line:
    topics = {name: make_topic(name) for name in (TOUCHPOINTS, TOUCHPOINTS_REJECTED)}
    return Line(kafka.bootstrap, make_topic(TOUCHPOINTS_INBOX, 1), topics)


def event(ident: str, source: str = "/case-system", **data: object) -> CloudEvent:
    now = datetime.now(UTC)
    told: dict[str, Any] = {"id": ident, "source": source, "type": "case.seen", "time": now}
    said = {"service": "parking", "touchpoint": "counter", "channel": "in_person", **data}
    return CloudEvent(attributes=told, data=said)


async def send(line: Line) -> None:
    """A linked event in each mode, one of nobody, one that is wrong, one without a token, junk."""
    messages = [
        (to_structured_event(event("s-1", citizen="42")), [TOKEN]),
        (to_binary_event(event("b-1", citizen="42")), [TOKEN]),
        (to_binary_event(event("n-1")), [TOKEN]),
        (to_structured_event(event("w-1", touchpoint="counte")), [TOKEN]),
        (to_structured_event(event("x-1", citizen="42")), []),
    ]
    async with AIOKafkaProducer(bootstrap_servers=line.bootstrap) as producer:
        for message, more in messages:
            headers = [*message.headers.items(), *more]
            await producer.send_and_wait(line.inbox, message.value, headers=headers)
        await producer.send_and_wait(line.inbox, b"junk", headers=[TOKEN])


async def lying(line: Line, topic: str) -> list[bytes]:
    """Every value of a topic."""
    async with AIOKafkaConsumer(
        line.topics[topic], bootstrap_servers=line.bootstrap, auto_offset_reset="earliest"
    ) as reading:
        ends = sum((await reading.end_offsets(reading.assignment())).values())
        found: list[bytes] = []
        while len(found) < ends:
            for records in (await reading.getmany(timeout_ms=500)).values():
                found += [record.value for record in records]
        return found


async def until_committed(line: Line, upto: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=line.bootstrap)
    await admin.start()
    try:
        for _ in range(200):
            offsets = await admin.list_consumer_group_offsets(line.group)
            if [one.offset for one in offsets.values()] == [upto]:
                return
            await asyncio.sleep(0.1)
    finally:
        await admin.close()
    raise AssertionError(f"not committed up to {upto}")


async def records(line: Line) -> list[TouchpointRecord]:
    return [decode(TouchpointRecord, value) for value in await lying(line, TOUCHPOINTS)]


async def dies_before_it_commits(line: Line) -> None:
    dying = Dying(line.consumer())
    async with line.works(lambda: dying) as inbox:
        working = asyncio.create_task(inbox.run())
        await asyncio.wait_for(dying.is_dying.wait(), 20)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


@pytest.mark.kafka
async def test_a_process_that_dies_before_it_commits_leaves_each_event_once(line: Line) -> None:
    """In the log it is twice, under one id; the fold of the journey service counts it once."""
    await send(line)
    await dies_before_it_commits(line)
    assert len(await records(line)) == 3
    async with line.works(line.consumer) as second, running(second):
        await until_committed(line, 6)
        assert line.registry.get_sample_value("throughline_inbox_unknown_senders_total") == 1
    twice = await records(line)
    ids = {(one.source, one.id) for one in twice}
    assert ids == {("/town-hall/case-system", ident) for ident in ("s-1", "b-1", "n-1")}
    assert len(twice) == 6
    world = World()
    world.send(*twice)
    [account] = [one.account for one in progress(world.tick(datetime.now(UTC)))]
    assert (account.applied, account.duplicate) == (3, 3)
    await assert_refused_by_their_places(line)


async def assert_refused_by_their_places(line: Line) -> None:
    """Refused twice too, and known by where they lay."""
    refused = [decode(Rejection, value) for value in await lying(line, TOUCHPOINTS_REJECTED)]
    assert len(refused) == 6
    told = {(one.source, one.reason.value, one.origin.offset) for one in refused if one.origin}
    assert told == {
        ("town-hall", "unknown_touchpoint", 3),
        ("inbox", "service_not_allowed", 4),
        ("town-hall", "bad_value", 5),
    }


@pytest.mark.kafka
async def test_the_program_reads_its_inbox_and_says_farewell(
    kafka: LocalKafka, processes: Processes, tmp_path: Path
) -> None:
    surroundings, source = Surroundings(kafka.bootstrap, processes, tmp_path), f"/{uuid4().hex}"
    surroundings.prepare()
    with_kafka = SOURCES.replace("[cloudevents, desk, csv]", "[kafka]")
    (tmp_path / "sources.yaml").write_text(with_kafka, encoding="utf-8")
    program = await start(surroundings, "inbox")
    message = to_binary_event(event("p-1", source=source))
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        headers = [*message.headers.items(), TOKEN]
        await producer.send_and_wait(TOUCHPOINTS_INBOX, message.value, headers=headers)
    for _ in range(60):
        if found := list(events(await log(kafka.bootstrap), f"/town-hall{source}")):
            break
        await asyncio.sleep(0.2)
    assert [one.identity for one in found] == [(f"/town-hall{source}", "p-1")]
    assert await asyncio.to_thread(program.child.stop) == 0
