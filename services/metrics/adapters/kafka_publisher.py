"""Everything that metrics writes to Kafka; a call returns when the broker has it all."""

import asyncio
from collections.abc import Sequence

import msgspec
from aiokafka import AIOKafkaProducer

from schemas import topics
from schemas.codec import encode
from schemas.metric import ClockProgress, MetricMessage, key_of
from schemas.rejection import Rejection
from services.metrics.domain.pairs import Pair, Pairs

COUNTER = "counter/"
PROGRESS = "progress/"
_encoder = msgspec.json.Encoder()
_pair_decoder = msgspec.json.Decoder(Pair)
_Record = tuple[bytes, bytes]


def producer_of(bootstrap: str) -> AIOKafkaProducer:
    """A producer that is told of every record whether the broker has it."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=30_000,
        max_request_size=4 * 2**20,
        compression_type="lz4",
    )


def pair_in(value: bytes) -> Pair:
    """A counter's pair as it lies on tallies.v1."""
    return _pair_decoder.decode(value)


class KafkaPublisher:
    """Rejections, messages, progress and running pairs."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def reject(self, key: bytes, rejection: Rejection) -> None:
        """Keep a record that could not be read."""
        await self._send(topics.JOURNEYS_REJECTED, [(key, encode(rejection))])

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        """Send metric messages."""
        records = [(key_of(message).encode(), encode(message)) for message in messages]
        await self._send(topics.METRICS_INTERNAL, records)

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        """Say how far every clock is."""
        records = [(f"{PROGRESS}{p.clock}".encode(), encode(p)) for p in progress]
        await self._send(topics.METRICS_INTERNAL, records)

    async def keep(self, pairs: Pairs) -> None:
        """Write running pairs to our own memory, tallies.v1."""
        records = [(f"{COUNTER}{name}".encode(), _encoder.encode(p)) for name, p in pairs.items()]
        await self._send(topics.TALLIES, records)

    async def _send(self, topic: str, records: Sequence[_Record]) -> None:
        sent = [await self._producer.send(topic, value=v, key=k) for k, v in records]
        await asyncio.gather(*sent)
