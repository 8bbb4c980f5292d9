"""Released numbers onto `metrics.public.v1`."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from schemas.codec import encode
from schemas.kafka_access import Kafka, client_options
from schemas.public_metric import PublicMetric, public_key


async def write(kafka: Kafka, topic: str, batches: Sequence[Sequence[PublicMetric]]) -> None:
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
            sent = [
                await producer.send(topic, encode(one), key=public_key(one).encode())
                for one in batch
            ]
            await asyncio.gather(*sent)
    finally:
        await producer.stop()
