"""What every publisher of ingest does: the same class on the fake and on real Kafka."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Sequence
from typing import Any

import prometheus_client as prometheus
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.kafka import LocalKafka
from schemas.topics import TOUCHPOINTS, TOUCHPOINTS_REJECTED
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.sending import Message, Publisher, PublishFailed, TopicMissing
from tests.real import MakeTopic
from tests.unit.ingest.world import RecordingWorld

CLOUDEVENT = (("content-type", b"application/cloudevents+json"),)
NOWHERE = "127.0.0.1:9"


def message(number: int = 1, **changes: Any) -> Message:
    values: dict[str, Any] = {
        "topic": TOUCHPOINTS,
        "key": f"key-{number}".encode(),
        "value": f"value-{number}".encode(),
        "headers": CLOUDEVENT,
    }
    return Message(**values | changes)


class PublisherContract:
    """What the use case counts on."""

    async def test_what_publish_returned_for_is_there_with_key_value_and_headers(
        self, publisher: Publisher
    ) -> None:
        sent = [message(number) for number in range(20)]
        await publisher.publish(sent)
        assert sorted(await self.published(publisher), key=_number) == sent

    async def test_messages_of_one_key_keep_their_order(self, publisher: Publisher) -> None:
        sent = [message(number, key=b"one") for number in range(50)]
        await publisher.publish(sent)
        assert await self.published(publisher) == sent

    async def test_a_message_can_go_into_a_partition_without_a_key(
        self, publisher: Publisher
    ) -> None:
        partitions = await publisher.partitions(TOUCHPOINTS)
        sent = [message(p, key=None, partition=p) for p in partitions]
        await publisher.publish(sent)
        found = await self.published(publisher)
        assert sorted(m.value for m in found) == sorted(m.value for m in sent)
        assert len(partitions) > 1

    async def test_publishing_nothing_is_done_at_once(self, publisher: Publisher) -> None:
        await publisher.publish([])
        assert await self.published(publisher) == []

    async def test_a_broker_that_is_away_is_told_as_publish_failed(self, away: Publisher) -> None:
        with pytest.raises(PublishFailed):
            await away.publish([message()])
        with pytest.raises(PublishFailed):
            await away.partitions(TOUCHPOINTS)

    async def published(self, publisher: Any) -> list[Message]:
        """Everything there is, as it was sent."""
        raise AssertionError(publisher)


class TestFakePublisher(PublisherContract):
    """The fake the unit tests use."""

    @pytest.fixture
    def publisher(self) -> RecordingWorld:
        return RecordingWorld()

    @pytest.fixture
    def away(self) -> RecordingWorld:
        return RecordingWorld(is_away=True)

    async def published(self, publisher: RecordingWorld) -> list[Message]:
        return publisher.messages


def _publisher(bootstrap: str, topic: str) -> KafkaPublisher:
    telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
    return KafkaPublisher(bootstrap, Limits(10, topics={TOUCHPOINTS: topic}), telemetry)


class TestKafkaPublisher(PublisherContract):
    """The real one."""

    @pytest.fixture
    async def publisher(
        self, kafka: LocalKafka, make_topic: MakeTopic
    ) -> AsyncIterator[KafkaPublisher]:
        self.kafka, self.topic = kafka, make_topic(TOUCHPOINTS)
        found = _publisher(kafka.bootstrap, self.topic)
        await found.connect()
        yield found
        await found.stop()

    @pytest.fixture
    def away(self) -> KafkaPublisher:
        return _publisher(NOWHERE, TOUCHPOINTS)

    async def published(self, publisher: KafkaPublisher) -> list[Message]:
        partitions = [
            TopicPartition(self.topic, p) for p in await publisher.partitions(TOUCHPOINTS)
        ]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka.bootstrap, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            return await _read(consumer, partitions)
        finally:
            await consumer.stop()

    @pytest.mark.parametrize(("seconds", "told"), [(1, PublishFailed), (30, TopicMissing)])
    async def test_a_missing_topic_is_told_once_it_is_certain(
        self, kafka: LocalKafka, seconds: float, told: type[PublishFailed]
    ) -> None:
        telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
        publisher = KafkaPublisher(kafka.bootstrap, Limits(seconds), telemetry)
        await publisher.connect()
        with pytest.raises(PublishFailed) as failed:
            await publisher.partitions("no-such-topic")
        await publisher.stop()
        assert failed.type is told

    async def test_a_refused_message_does_not_spoil_those_that_follow(
        self, publisher: KafkaPublisher
    ) -> None:
        """An idempotent producer that was refused would be refused for ever in that partition."""
        too_large = message(value=os.urandom(1_500_000), partition=0)
        await publisher.publish([message(partition=0)])
        with pytest.raises(PublishFailed, match="MessageSizeTooLarge"):
            await publisher.publish([too_large])
        await publisher.connect()
        sent = [message(number, partition=0) for number in range(2, 5)]
        await publisher.publish(sent)
        found = await self.published(publisher)
        assert [m.value for m in found] == [message().value, *(m.value for m in sent)]

    async def test_the_sealed_original_of_a_whole_body_fits_its_topic(
        self, kafka: LocalKafka, make_topic: MakeTopic
    ) -> None:
        topic = make_topic(TOUCHPOINTS_REJECTED)
        limits = Limits(10, topics={TOUCHPOINTS_REJECTED: topic})
        telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
        publisher = KafkaPublisher(kafka.bootstrap, limits, telemetry)
        await publisher.connect()
        sealed = base64.urlsafe_b64encode(os.urandom(2**20))
        await publisher.publish([message(topic=TOUCHPOINTS_REJECTED, value=sealed)])
        await publisher.stop()

    async def test_stopping_twice_or_unconnected_is_harmless(self, kafka: LocalKafka) -> None:
        await _publisher(kafka.bootstrap, TOUCHPOINTS).stop()

    @pytest.mark.usefixtures("publisher")
    async def test_too_many_bytes_on_the_way_are_refused_at_once(self) -> None:
        large = message(value=b"x" * 1_000_000)
        limited = KafkaPublisher(
            self.kafka.bootstrap,
            Limits(10, 1_500_000, topics={TOUCHPOINTS: self.topic}),
            IngestTelemetry(prometheus.CollectorRegistry(), []),
        )
        await limited.connect()
        try:
            await self._crowd(limited, large)
            await limited.publish([large])
        finally:
            await limited.stop()

    async def _crowd(self, limited: KafkaPublisher, large: Message) -> None:
        first = asyncio.create_task(limited.publish([large]))
        await asyncio.sleep(0)
        with pytest.raises(PublishFailed, match="too much is on its way"):
            await limited.publish([large])
        await first


async def _read(consumer: Any, partitions: Sequence[TopicPartition]) -> list[Message]:
    ends = await consumer.end_offsets(partitions)
    consumer.assign(partitions)
    found: list[Message] = []
    while len(found) < sum(ends.values()):
        for records in (await consumer.getmany(timeout_ms=500)).values():
            found += [Message(TOUCHPOINTS, r.key, r.value, tuple(r.headers)) for r in records]
    return found


def _number(sent: Message) -> int:
    return int(sent.value.removeprefix(b"value-"))
