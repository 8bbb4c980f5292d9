"""Falls are found on a real topic, as publish reads it, and shown to Prometheus."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry

from deploy.local.kafka import LocalKafka
from schemas.codec import encode
from schemas.metric import key_of
from schemas.topics import METRICS_INTERNAL
from services.publish.adapters.fall_collector import FALLING, FallCollector
from services.publish.adapters.kafka_consumer import MetricTopic, consumer_of
from services.publish.publish import Publication
from services.publish.watch import Watch
from tests.real import MakeTopic
from tests.unit.publish.hours import SERVICE, history, progress

pytestmark = pytest.mark.kafka


class Reading:
    """Who wants to know that everything was read."""

    def __init__(self) -> None:
        self.done = asyncio.Event()

    def caught_up(self, held: int) -> None:
        """All of it."""
        assert held
        self.done.set()


async def test_a_fall_on_the_topic_is_a_series_of_prometheus(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    topic = make_topic(METRICS_INTERNAL)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    await producer.start()
    for told in history():
        await producer.send(topic, encode(told), key_of(told).encode())
    key, value = progress()
    await producer.send_and_wait(topic, value, key.encode())
    await producer.stop()
    watch, reading = Watch(), Reading()
    reader = MetricTopic(
        lambda: consumer_of(kafka.bootstrap, topic), Publication(), reading, along=[watch]
    )
    following = asyncio.create_task(reader.follow())
    await asyncio.wait_for(reading.done.wait(), 30)
    following.cancel()
    registry = CollectorRegistry()
    registry.register(FallCollector(watch))
    place = {**SERVICE, "touchpoint": "", "measure": "completion_within.1h"}
    assert registry.get_sample_value(FALLING, place) == pytest.approx(0.085)
