"""Publish reads the metric topic of a real broker, and runs as a program."""

import asyncio
import json
import sys
from collections.abc import Iterable
from functools import partial
from urllib.request import urlopen

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError

from deploy.local.kafka import LocalKafka
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import Child, Processes, Program
from schemas.codec import encode
from schemas.metric import MetricMessage, key_of
from schemas.topics import METRICS_INTERNAL
from schemas.vocabulary import PeriodKind
from services.publish.adapters.kafka_consumer import MetricTopic, consumer_of
from services.publish.domain.period import ROLLING
from services.publish.publish import Publication
from tests.real import MakeKafka, MakeTopic
from tests.unit.publish.samples import progress, rate
from tests.unit.publish.year import passport_year

pytestmark = pytest.mark.kafka
Record = tuple[str, bytes | None]
OLD, NEW = rate("completion_rate.live", 1, 40), rate("completion_rate.live", 2, 41)


def record(message: MetricMessage) -> Record:
    return key_of(message), encode(message)


async def write(bootstrap: str, topic: str, records: Iterable[Record]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for key, value in records:
            await producer.send(topic, value, key=key.encode())
        await producer.flush()
    finally:
        await producer.stop()


class Reader:
    """Follows a topic for as long as the test asks, and is told what its adapter tells."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self.publication = Publication(self)
        source = partial(consumer_of, bootstrap, topic)
        self.topic = MetricTopic(source, self.publication, self)
        self._caught_up, self._came = asyncio.Event(), asyncio.Event()
        self.told: list[tuple[str, ...]] = []

    def read(self, what: str) -> None:
        self._hear("read", what)

    def unreadable(self, key: str, problem: str) -> None:
        self._hear("unreadable", key, problem)

    def caught_up(self, held: int) -> None:
        self._hear("caught up", str(held))
        self._caught_up.set()

    def _hear(self, *told: str) -> None:
        self.told.append(told)
        self._came.set()

    async def __aenter__(self) -> "Reader":
        self._following = asyncio.create_task(self.topic.follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)

    async def until_caught_up(self) -> None:
        await asyncio.wait_for(self._caught_up.wait(), 30)

    async def until_shown(self, message: MetricMessage) -> None:
        async with asyncio.timeout(30):
            while self.shown() != message:
                self._came.clear()
                await self._came.wait()

    def shown(self) -> MetricMessage | None:
        return self.publication.numbers("passport-renewal").first(ROLLING, OLD.metric_id)


async def test_what_was_there_is_read_from_the_beginning_and_what_comes_is_followed(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    name = make_topic(METRICS_INTERNAL)
    await write(kafka.bootstrap, name, [record(OLD)])
    async with Reader(kafka.bootstrap, name) as reader:
        await reader.until_caught_up()
        assert reader.shown() == OLD
        await write(kafka.bootstrap, name, [record(NEW)])
        await reader.until_shown(NEW)


async def test_every_start_reads_everything_again_because_nothing_is_committed(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    name = make_topic(METRICS_INTERNAL, 3)
    records = [record(message) for message in passport_year()]
    await write(kafka.bootstrap, name, records)
    for _ in range(2):
        async with Reader(kafka.bootstrap, name) as reader:
            await reader.until_caught_up()
            assert reader.publication.held == len(records)


async def test_an_empty_topic_is_read_at_once(kafka: LocalKafka, make_topic: MakeTopic) -> None:
    async with Reader(kafka.bootstrap, make_topic(METRICS_INTERNAL)) as reader:
        await reader.until_caught_up()
        assert reader.publication.held == 0


async def test_a_record_that_nobody_can_read_stops_nothing(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    name = make_topic(METRICS_INTERNAL)
    await write(kafka.bootstrap, name, [("x", b"\x00\xff"), ("gone", None), record(OLD)])
    async with Reader(kafka.bootstrap, name) as reader:
        await reader.until_caught_up()
        assert reader.shown() == OLD
        assert [told[:2] for told in reader.told] == [
            ("unreadable", "x"),
            ("read", "removal"),
            ("read", "metric"),
            ("caught up", "1"),
        ]


class Silence:
    """Hears nothing."""

    def caught_up(self, held: int) -> None:
        raise AssertionError(held)


def started(bootstrap: str, inside: str, processes: Processes, **more: str) -> Child:
    environment = {
        "THROUGHLINE_KAFKA_BOOTSTRAP": bootstrap,
        "THROUGHLINE_PUBLISH_INSIDE": inside,
        **more,
    }
    command = [sys.executable, "-m", "services.publish"]
    return processes.start(Program("publish", command, environment))


def fetched(address: str) -> str:
    with urlopen(address, timeout=10) as answer:  # noqa: S310  our own address
        return str(answer.read().decode())


async def test_the_program_serves_until_it_is_asked_to_end(
    private_kafka: MakeKafka, processes: Processes
) -> None:
    broker = private_kafka()
    clock = progress()
    records: list[Record] = [record(message) for message in passport_year()]
    records.append((f"progress/{clock.clock}", encode(clock)))
    await write(broker.bootstrap, METRICS_INTERNAL, records)
    inside = f"{LOOPBACK}:{free_ports(1)[0]}"
    child = started(broker.bootstrap, inside, processes)
    assert child.wait_for("topic.caught_up", 30), child.account()
    assert fetched(f"http://{inside}/readyz") == "ready\n"
    assert "Passport renewal" in fetched(f"http://{inside}/services/passport-renewal")
    given = json.loads(fetched(f"http://{inside}/api/v1/services/passport-renewal/metrics"))
    short = {PeriodKind.DAY, PeriodKind.HOUR}
    kept = [m for m in passport_year() if m.dimensions.service and m.period not in short]
    assert len(given["metrics"]) == len(kept)
    assert child.stop() == 0, child.account()
    processes.forget(child)


def test_a_taken_port_ends_the_program_with_its_reason(
    kafka: LocalKafka, processes: Processes
) -> None:
    child = started(kafka.bootstrap, kafka.bootstrap, processes)
    assert child.process.wait(30) == 1
    assert "publish.stopped" in child.output()
    assert "address already in use" in child.output()
    processes.forget(child)


def test_a_broker_that_is_not_there_ends_the_program_with_its_reason(
    processes: Processes,
) -> None:
    nobody, inside = (f"{LOOPBACK}:{port}" for port in free_ports(2))
    child = started(nobody, inside, processes)
    assert child.process.wait(60) == 1
    assert "KafkaConnectionError" in child.output()
    assert "Unclosed" not in child.output()
    processes.forget(child)


async def test_a_topic_that_is_not_there_is_an_error_and_not_an_empty_scorecard(
    kafka: LocalKafka,
) -> None:
    publication = Publication()
    missing = consumer_of(kafka.bootstrap, "not.there", timeout_ms=500)
    topic = MetricTopic(lambda: missing, publication, Silence())
    with pytest.raises(UnknownTopicOrPartitionError):
        await topic.follow()
    assert not topic.is_caught_up
