"""The plain reader on a real broker."""

from os import urandom

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import OffsetOutOfRangeError

from deploy.local.kafka import LocalKafka
from schemas.topics import JOURNEYS
from services.journey.adapters.exit import end_process
from services.journey.adapters.log_reader import LogReader
from services.journey.adapters.producer import Producer
from services.journey.adapters.watchdog import Watchdog
from tests.real import MakeTopic


async def test_a_reader_that_read_nothing_can_be_closed(kafka: LocalKafka) -> None:
    for _ in range(3):
        async with LogReader.open(kafka.bootstrap):
            pass


async def test_exactly_the_records_asked_for_are_read_one_topic_after_the_other(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    first, second = make_topic(JOURNEYS), make_topic(JOURNEYS)
    producer = Producer(kafka.bootstrap, 20.0, Watchdog(20.0, end_process))
    await producer.start()
    for number in range(5):
        await producer.send(first, b"k", b"%d" % number, 1, None)
        await producer.send(second, b"k", b"%d" % (10 + number), 1, None)
    await producer.stop()
    async with LogReader.open(kafka.bootstrap) as reader:
        read = [
            [one.value async for records in reader.read(*where) for one in records]
            for where in ((first, 1, 1, 4), (second, 1, 3, 5), (first, 1, 4, 5), (first, 1, 5, 5))
        ]
        bounds = await reader.bounds(first, 1)
    assert read == [[b"1", b"2", b"3"], [b"13", b"14"], [b"4"], []]
    assert bounds == (0, 5)


async def test_of_a_batch_only_the_records_asked_for_are_read(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    topic = make_topic(JOURNEYS)
    producer = Producer(kafka.bootstrap, 20.0, Watchdog(20.0, end_process))
    await producer.start()
    for first in (0, 5):
        batch = producer.batch()
        for number in range(first, first + 5):
            headers = [("kind", b"%d" % number)]
            batch.append(timestamp=None, key=b"k%d" % number, value=None, headers=headers)
        await producer.append(topic, 1, batch)
    await producer.stop()
    async with LogReader.open(kafka.bootstrap) as reader:
        read = [records async for records in reader.read(topic, 1, 2, 8)]
    assert [[one.offset for one in records] for records in read] == [[2, 3, 4], [5, 6, 7]]
    assert [(one.key, one.value, one.headers) for one in read[1]] == [
        (b"k%d" % number, None, [("kind", b"%d" % number)]) for number in (5, 6, 7)
    ]


async def test_a_log_longer_than_a_fetch_is_read_to_its_end(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    topic = make_topic(JOURNEYS)
    producer = Producer(kafka.bootstrap, 20.0, Watchdog(20.0, end_process))
    await producer.start()
    for number in range(4):
        batch = producer.batch()
        batch.append(timestamp=None, key=b"%d" % number, value=urandom(3 * 2**20), headers=[])
        await producer.append(topic, 1, batch)
    await producer.stop()
    async with LogReader.open(kafka.bootstrap) as reader:
        keys = [one.key async for records in reader.read(topic, 1, 0, 4) for one in records]
    assert keys == [b"0", b"1", b"2", b"3"]


async def test_the_end_of_a_transaction_takes_a_place_and_is_no_record(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    topic = make_topic(JOURNEYS)
    writer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topic)
    await writer.start()
    for value in (b"0", b"2"):
        async with writer.transaction():
            await writer.send_and_wait(topic, value, key=b"k", partition=1)
    await writer.stop()
    async with LogReader.open(kafka.bootstrap) as reader:
        end = (await reader.bounds(topic, 1))[1]
        read = [one.value async for records in reader.read(topic, 1, 0, end) for one in records]
    assert (read, end) == ([b"0", b"2"], 4)


async def test_a_place_the_log_does_not_have_is_told(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    topic = make_topic(JOURNEYS)
    async with LogReader.open(kafka.bootstrap) as reader:
        with pytest.raises(OffsetOutOfRangeError):
            await anext(reader.read(topic, 1, 5, 6))
