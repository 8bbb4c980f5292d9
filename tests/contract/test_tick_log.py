"""What the log of ticks remembers, on real Kafka: it lies in the topic, and in no process."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import prometheus_client as prometheus
import pytest
from confluent_kafka.admin import AdminClient

from deploy.local.kafka import LocalKafka
from deploy.provision.apply import Broker, apply
from schemas.control import Tick
from schemas.topics import TOUCHPOINTS, topic
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.tick_log import KafkaTickLog
from services.ingest.feed import ClockFeeder
from services.ingest.sending import TopicMissing
from tests.real import MakeTopic

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def at(time: datetime, *, last: bool = False) -> Tick:
    return Tick(clock="demo", time=time, last=last)


@dataclass(frozen=True)
class Clocks:
    """A topic, and processes that move its clocks."""

    bootstrap: str
    topic: str

    def log(self) -> KafkaTickLog:
        """What one process knows."""
        return KafkaTickLog(self.bootstrap, self.topic)

    async def tick(self, log: KafkaTickLog, *ticks: Tick) -> list[str | None]:
        """The answers to these ticks of one process."""
        limits = Limits(10, topics={TOUCHPOINTS: self.topic})
        telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
        publisher = KafkaPublisher(self.bootstrap, limits, telemetry)
        await publisher.connect()
        try:
            return [await ClockFeeder(publisher, log).tick(tick) for tick in ticks]
        finally:
            await publisher.stop()


@pytest.fixture
def clocks(kafka: LocalKafka, make_topic: MakeTopic) -> Clocks:
    return Clocks(kafka.bootstrap, make_topic(TOUCHPOINTS))


async def test_processes_see_each_others_ticks_whenever_they_began_to_read(clocks: Clocks) -> None:
    first, second = clocks.log(), clocks.log()
    assert await clocks.tick(first, at(JUNE)) == [None]
    assert await clocks.tick(second, at(JUNE - DAY), at(JUNE + DAY)) == [
        "the clock demo is already at 2026-06-01T00:00:00+00:00",
        None,
    ]
    assert await clocks.tick(first, at(JUNE)) == [
        "the clock demo is already at 2026-06-02T00:00:00+00:00"
    ]


async def test_a_clock_ends_for_every_process(clocks: Clocks) -> None:
    first, second = clocks.log(), clocks.log()
    assert await clocks.tick(first, at(JUNE, last=True)) == [None]
    assert await clocks.tick(second, at(JUNE, last=True), at(JUNE + DAY)) == [
        None,
        "the clock demo has had its last tick; use a new clock",
    ]


async def test_a_topic_laid_out_anew_remembers_nothing(clocks: Clocks) -> None:
    log = clocks.log()
    await clocks.tick(log, at(JUNE), at(JUNE + DAY))
    administrator = AdminClient({"bootstrap.servers": clocks.bootstrap})
    administrator.delete_topics([clocks.topic])[clocks.topic].result(30)
    apply(Broker(clocks.bootstrap), [replace(topic(TOUCHPOINTS), name=clocks.topic)])
    assert await log.newest("demo") is None


async def test_a_topic_that_does_not_exist_is_told(kafka: LocalKafka) -> None:
    with pytest.raises(TopicMissing, match="the topic no-such-topic does not exist"):
        await KafkaTickLog(kafka.bootstrap, "no-such-topic").newest("demo")
