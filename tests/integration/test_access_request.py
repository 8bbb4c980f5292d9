"""A person's journeys, found on a real broker among those of others."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.kafka import LocalKafka
from schemas.topics import JOURNEYS
from services.ingest.adapters.kafka_log import KafkaLog
from services.ingest.commands.access import accessed
from services.ingest.domain.erasure import Meant
from tests.real import MakeTopic
from tests.unit.ingest.commands.test_access import ANN, AS_CITIZEN, BOB, SECOND, Record, snapshot
from tests.unit.ingest.world import RULES


@pytest.fixture
async def producer(kafka: LocalKafka) -> AsyncIterator[AIOKafkaProducer]:
    made = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await made.start()
    yield made
    await made.stop()


async def test_the_journeys_of_one_person_are_found_in_every_partition(
    kafka: LocalKafka, make_topic: MakeTopic, producer: AIOKafkaProducer
) -> None:
    topic = make_topic(JOURNEYS, partitions=2)

    async def send(record: Record, partition: int) -> None:
        await producer.send_and_wait(topic, record.value, key=record.key, partition=partition)

    await send(snapshot(ANN, entries=1), 0)
    await send(snapshot(BOB, SECOND), 0)
    await send(snapshot(ANN, entries=2), 0)
    await send(snapshot(ANN, UUID(int=9)), 1)
    meant = Meant(agency="town", people=(AS_CITIZEN,))
    told = await accessed(meant, RULES, KafkaLog(kafka.bootstrap, topic))
    assert sorted(one["id"][-1] for one in told["journeys"]) == ["1", "9"]
    assert {one["id"][-1]: one["entries"] for one in told["journeys"]}["1"] == 2
