"""Messages to Kafka: acknowledged by all, in bounded time, with bounded bytes on the way."""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from schemas.kafka_access import Kafka, client_options
from services.ingest.adapters.hearing import Hearing
from services.ingest.sending import Message, PublishFailed, TopicMissing

_log = structlog.get_logger()
_MAX_MESSAGE_BYTES = 4 * 2**20
_RETRY_SECONDS = 1.0
# A silence of Kafka that is so much longer than a publish may take is the longest there is.
_LONG_SILENCE_SECONDS = 30.0
Answer = TypeVar("Answer")


class SendTelemetry(Protocol):
    """What is told about sending."""

    def in_flight(self, total_bytes: int) -> None:
        """So much is on its way."""

    def sent(self, seconds: float) -> None:
        """One publish was acknowledged."""


@dataclass(frozen=True)
class Limits:
    """`topics` renames topics (a test's own); what is not in it keeps its name."""

    timeout_seconds: float = 2.0
    max_in_flight_bytes: int = 64 * 2**20
    stop_seconds: float = 10.0
    topics: Mapping[str, str] | None = None


class KafkaPublisher:
    """A publish that is not acknowledged in time goes on in the background, and its bytes count
    until it is done: aiokafka's idempotent producer never gives up. While nothing at all is
    acknowledged others are refused at once: what piled up would have to be sent before them. One
    is let through each time a publish may take: it alone tells whether another partition answers.
    """

    def __init__(self, kafka: Kafka, limits: Limits, telemetry: SendTelemetry) -> None:
        self._kafka = kafka
        self._limits = limits
        self._telemetry = telemetry
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()
        self._sends: set[asyncio.Task[None]] = set()
        self._others: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self._hearing = Hearing(lambda: bool(self._sends), limits.timeout_seconds)

    @property
    def is_ready(self) -> bool:
        """Whether a broker was reached and another publish fits."""
        return self._producer is not None and self._in_flight < self._limits.max_in_flight_bytes

    @property
    def fullness(self) -> float:
        """As `Way` says."""
        silence = self._hearing.silent_seconds / _LONG_SILENCE_SECONDS
        return max(min(1.0, silence), self._in_flight / self._limits.max_in_flight_bytes)

    @property
    def is_closed(self) -> bool:
        """As `Way` says."""
        return not self.is_ready or self._hearing.is_in_vain

    async def connect(self) -> None:
        """Try until a broker answers; done at once where one has."""
        async with self._connecting:
            while self._producer is None:
                producer = self._make()
                try:
                    await producer.start()
                    self._producer = producer
                except KafkaError as error:
                    await producer.stop()
                    told = type(error).__name__
                    _log.warning("kafka.away", bootstrap=str(self._kafka), error=told)
                    await asyncio.sleep(_RETRY_SECONDS)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when every message is acknowledged; raises PublishFailed."""
        if not messages:
            return
        size = sum(message.size for message in messages)
        if self._in_flight and self._in_flight + size > self._limits.max_in_flight_bytes:
            raise PublishFailed("too much is on its way to Kafka")
        if self._hearing.is_in_vain:
            raise PublishFailed("Kafka acknowledges nothing")
        producer = self._connected()
        self._hearing.tried()
        send = asyncio.create_task(self._send(producer, messages))
        self._count(size)
        self._sends.add(send)
        if len(self._sends) == 1:
            self._hearing.heard()
        send.add_done_callback(lambda done: self._done(done, size, producer))
        await self._within_limit(asyncio.shield(send))

    async def partitions(self, topic: str) -> Sequence[int]:
        """The partitions of a topic; raises PublishFailed when they cannot be learnt."""
        found = await self._within_limit(self._connected().partitions_for(self._named(topic)))
        return sorted(found)

    async def stop(self) -> None:
        """Wait for what is on its way, within the limit; what is then left was never answered."""
        if self._sends:
            await asyncio.wait(self._sends, timeout=self._limits.stop_seconds)
        if self._sends:
            _log.error("kafka.unsent", publishes=len(self._sends), bytes=self._in_flight)
        for task in [*self._sends, *self._others]:
            task.cancel()
        if self._producer is not None:
            await self._end(self._producer)

    async def _within_limit(self, work: Awaitable[Answer]) -> Answer:
        try:
            return await asyncio.wait_for(work, self._limits.timeout_seconds)
        except TimeoutError:
            raise PublishFailed("not acknowledged in time") from None
        except UnknownTopicOrPartitionError:
            raise TopicMissing("a topic does not exist") from None
        except KafkaError as error:
            raise PublishFailed(f"Kafka refused: {type(error).__name__}") from error

    async def _send(self, producer: AIOKafkaProducer, messages: Sequence[Message]) -> None:
        began = time.monotonic()
        acknowledgements = [
            await producer.send(
                self._named(message.topic),
                value=message.value,
                key=message.key,
                partition=message.partition,
                headers=list(message.headers),
            )
            for message in messages
        ]
        for one in acknowledgements:
            one.add_done_callback(self._hearing.answered)
        await asyncio.gather(*acknowledgements)
        self._telemetry.sent(time.monotonic() - began)

    def _done(self, send: "asyncio.Task[None]", size: int, producer: AIOKafkaProducer) -> None:
        self._sends.discard(send)
        self._count(-size)
        if send.cancelled() or not (error := send.exception()):
            return
        _log.error("kafka.send_failed", error=type(error).__name__)
        if producer is self._producer:
            self._replace(producer)

    def _replace(self, producer: AIOKafkaProducer) -> None:
        """An idempotent producer that was refused a batch has a hole in its numbering: whatever it
        sends to that partition from now on is refused too. Another one begins anew.
        """
        self._producer = None
        for work in (self._end(producer), self.connect()):
            task = asyncio.create_task(work)
            self._others.add(task)
            task.add_done_callback(self._others.discard)

    async def _end(self, producer: AIOKafkaProducer) -> None:
        try:
            await asyncio.wait_for(producer.stop(), self._limits.stop_seconds)
        except TimeoutError:
            _log.warning("kafka.stop_timed_out")
        except KafkaError as error:
            _log.warning("kafka.stop_failed", error=type(error).__name__)

    def _count(self, size: int) -> None:
        self._in_flight += size
        self._telemetry.in_flight(self._in_flight)

    def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise PublishFailed("no broker was reached yet")
        return self._producer

    def _named(self, topic: str) -> str:
        return (self._limits.topics or {}).get(topic, topic)

    def _make(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            **client_options(self._kafka),
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=128 * 1024,
            max_request_size=_MAX_MESSAGE_BYTES,
            compression_type="lz4",
            request_timeout_ms=10_000,
        )
