"""What a release writes, in the order that it must have."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from aiokafka import AIOKafkaProducer

from schemas.kafka_access import Kafka, client_options


class Record(Protocol):
    """A record for a topic."""

    @property
    def topic(self) -> str:
        """Where to."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def value(self) -> bytes:
        """What is sent."""


async def write(kafka: Kafka, batches: Sequence[Sequence[Record]]) -> None:
    """Send each batch when all of the one before it is acknowledged. Raises KafkaError."""
    producer = AIOKafkaProducer(
        **client_options(kafka),
        client_id="throughline-publish-release",
        acks="all",
        enable_idempotence=True,
    )
    await producer.start()
    try:
        for batch in batches:
            sent = [await producer.send(one.topic, one.value, one.key.encode()) for one in batch]
            await asyncio.gather(*sent)
    finally:
        await producer.stop()
