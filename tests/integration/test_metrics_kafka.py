"""Reading whole topics, and reading back what was told, on a real broker."""

import os
from collections.abc import AsyncIterator
from functools import partial

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from deploy.local.kafka import LocalKafka
from schemas.journey import Account
from schemas.metric import ClockProgress
from schemas.topics import JOURNEYS, METRICS_INTERNAL, TALLIES
from services.metrics.adapters.kafka_log import KafkaLog, cluster_id
from services.metrics.adapters.kafka_memory import KafkaMemory
from services.metrics.adapters.kafka_publisher import KafkaPublisher, producer_of
from services.metrics.domain.pairs import Pair
from services.metrics.tally import Record
from tests.integration.metrics_under_test import sending
from tests.real import MakeKafka, MakeTopic
from tests.unit.metrics.scoring import books, told
from tests.unit.metrics.snapshots import START, ended, progress


@pytest.fixture
async def producer(kafka: LocalKafka) -> AsyncIterator[AIOKafkaProducer]:
    made = producer_of(kafka.bootstrap)
    await made.start()
    yield made
    await made.stop()


async def read(log: KafkaLog, since: dict[int, int], until: dict[int, int]) -> list[Record]:
    return [r async for _, records in log.read(since, until) for r in records]


async def test_a_topic_is_read_up_to_the_end_that_was_noted(
    kafka: LocalKafka, make_topic: MakeTopic, producer: AIOKafkaProducer
) -> None:
    topic = make_topic(JOURNEYS, partitions=2)
    for n in range(5):
        await producer.send_and_wait(
            topic, f"v{n}".encode(), key=b"k", partition=0, headers=[("kind", b"journey")]
        )
    log = KafkaLog(kafka.bootstrap, topic)
    beginnings, ends = await log.span()
    assert (beginnings, ends) == ({0: 0, 1: 0}, {0: 5, 1: 0})
    await producer.send_and_wait(topic, b"later", key=b"k", partition=0)
    found = await read(log, {0: 2, 1: 0}, ends)
    assert [(r.offset, r.kind, r.key, r.value) for r in found] == [
        (2, "journey", b"k", b"v2"),
        (3, "journey", b"k", b"v3"),
        (4, "journey", b"k", b"v4"),
    ]


async def test_the_newest_value_of_every_key_is_found(
    kafka: LocalKafka, make_topic: MakeTopic, producer: AIOKafkaProducer
) -> None:
    topic = make_topic(TALLIES)
    for key, value in ((b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None)):
        await producer.send_and_wait(topic, value, key=key)
    assert await KafkaLog(kafka.bootstrap, topic).newest() == {b"a": b"2", b"b": None}


async def test_an_empty_topic_is_read_to_its_end(kafka: LocalKafka, make_topic: MakeTopic) -> None:
    assert await KafkaLog(kafka.bootstrap, make_topic(TALLIES)).newest() == {}


def publishing(bootstrap: str) -> KafkaPublisher:
    return KafkaPublisher(partial(producer_of, bootstrap))


async def test_a_refused_record_does_not_spoil_those_that_follow(private_kafka: MakeKafka) -> None:
    """An idempotent producer that was refused would be refused for ever in that partition."""
    bootstrap = private_kafka().bootstrap
    too_large = {os.urandom(1_500_000).hex(): Pair(1, 1)}
    async with publishing(bootstrap) as publisher:
        await publisher.keep({"a": Pair(1, 0)})
        with pytest.raises(MessageSizeTooLargeError):
            await publisher.keep(too_large)
        await publisher.keep({"a": Pair(2, 0)})
        memory = KafkaMemory(
            KafkaLog(bootstrap, TALLIES), KafkaLog(bootstrap, METRICS_INTERNAL), publisher
        )
        assert await memory.pairs() == {"a": Pair(2, 0)}


async def test_what_was_told_is_read_back(private_kafka: MakeKafka) -> None:
    bootstrap = private_kafka().bootstrap
    messages = told(books([ended()]))
    async with sending(bootstrap) as foreign, publishing(bootstrap) as publisher:
        memory = KafkaMemory(
            KafkaLog(bootstrap, TALLIES), KafkaLog(bootstrap, METRICS_INTERNAL), publisher
        )
        await memory.keep({"a": Pair(3, 1), "b": Pair(1, 0)})
        await memory.keep({"a": Pair(4, 1)})
        await memory.keep({"a": Pair(2, 0)})  # by one that was frozen
        await publisher.publish(messages)
        await publisher.tell([_progress()])
        await foreign.send_and_wait(METRICS_INTERNAL, b'{"of": "another contract"}', key=b"old")
    assert await memory.pairs() == {"a": Pair(4, 1), "b": Pair(1, 0)}
    assert await memory.messages() == messages


def _progress() -> ClockProgress:
    return ClockProgress(
        clock="live",
        watermark=START,
        last=False,
        account=Account(),
        partitions=4,
        partitions_caught_up=4,
        sent_at=progress(START).watermark,
    )


async def test_a_cluster_has_a_name(kafka: LocalKafka) -> None:
    assert len(await cluster_id(kafka.bootstrap)) == 22
