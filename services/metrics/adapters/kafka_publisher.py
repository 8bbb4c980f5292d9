"""Everything that metrics writes to Kafka; a call returns when the broker has it all."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from schemas import topics
from schemas.codec import encode
from schemas.kafka_access import Kafka, client_options
from schemas.metric import ClockProgress, MetricMessage, key_of
from schemas.rejection import Rejection
from services.metrics.adapters.booking import records_of
from services.metrics.domain.blocks import Block
from services.metrics.domain.pairs import Pair, Pairs

COUNTER = "counter/"
PROGRESS = "progress/"
_encoder = msgspec.json.Encoder()
_pair_decoder = msgspec.json.Decoder(Pair)
_Record = tuple[bytes, bytes | None]
_STOP_SECONDS = 10


def producer_of(kafka: Kafka) -> AIOKafkaProducer:
    """A producer that is told of every record whether the broker has it."""
    return AIOKafkaProducer(
        **client_options(kafka),
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=30_000,
        max_request_size=4 * 2**20,
        compression_type="lz4",
        partitioner=_placed,
    )


_hashed = DefaultPartitioner()


def _placed(key: bytes, partitions: Sequence[int], available: Sequence[int]) -> int:
    """As the default does, which hashes, in Python, also where there is one place to be."""
    return partitions[0] if len(partitions) == 1 else _hashed(key, partitions, available)


def pair_in(value: bytes) -> Pair:
    """A counter's pair as it lies on tallies.v1."""
    return _pair_decoder.decode(value)


class Producer(Protocol):
    """What is needed of an idempotent producer."""

    async def start(self) -> None:
        """Find the broker."""

    async def stop(self) -> None:
        """Returns when nothing is on its way any more."""

    async def send(self, topic: str, value: bytes | None, key: bytes) -> Any:
        """Returns what can be awaited for the broker's acknowledgement."""


class KafkaPublisher:
    """Rejections, messages, progress and running pairs. Whatever fails raises KafkaError and may
    be tried again.

    An idempotent producer that was refused one batch has a hole in its numbering, and is refused
    for ever: it is stopped to its end, so that nothing old overtakes what follows, and another one
    takes its place.
    """

    def __init__(self, make: Callable[[], Producer]) -> None:
        self._make = make
        self._producer: Producer | None = None
        self._changing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Find the broker; raises KafkaError where there is none."""
        await self._started()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Wait for what is on its way, for some time; what is then left was never relied on."""
        if self._producer is not None:
            await asyncio.wait(
                [asyncio.ensure_future(self._producer.stop())], timeout=_STOP_SECONDS
            )

    async def reject(self, key: bytes, rejection: Rejection) -> None:
        """Keep a record that could not be read."""
        await self._send(topics.JOURNEYS_REJECTED, [(key, encode(rejection))])

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        """Send metric messages."""
        records = [(key_of(message).encode(), encode(message)) for message in messages]
        await self._send(topics.METRICS_INTERNAL, records)

    async def retract(self, keys: Sequence[str]) -> None:
        """Take messages off the topic."""
        await self._send(topics.METRICS_INTERNAL, [(key.encode(), None) for key in keys])

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        """Say how far every clock is."""
        records = [(f"{PROGRESS}{p.clock}".encode(), encode(p)) for p in progress]
        await self._send(topics.METRICS_INTERNAL, records)

    async def keep(self, pairs: Pairs) -> None:
        """Write running pairs to our own memory, tallies.v1."""
        records = [(f"{COUNTER}{name}".encode(), _encoder.encode(p)) for name, p in pairs.items()]
        await self._send(topics.TALLIES, records)

    async def book(self, block: Block, cells: Mapping[str, int]) -> None:
        """Write the sums of a frozen month there, and then, when all of it is there, that it is."""
        *parts, whole = records_of(block, cells)
        await self._send(topics.TALLIES, parts)
        await self._send(topics.TALLIES, [whole])

    async def _send(self, topic: str, records: Sequence[_Record]) -> None:
        producer = await self._started()
        try:
            sent = [await producer.send(topic, value=v, key=k) for k, v in records]
            await asyncio.gather(*sent)
        except KafkaError:
            await self._give_up(producer)
            raise

    async def _started(self) -> Producer:
        async with self._changing:
            if self._producer is None:
                producer = self._make()
                try:
                    await producer.start()
                except KafkaError:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _give_up(self, refused: Producer) -> None:
        async with self._changing:
            if self._producer is refused:
                self._producer = None
                await refused.stop()
