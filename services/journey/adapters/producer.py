"""The worker's one Kafka producer: whatever it is given is acknowledged in time, or it raises."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from schemas.kafka_access import Kafka, client_options
from services.journey.adapters.watchdog import Watchdog

BATCH_BYTES = 4 * 2**20
_STOP_SECONDS = 10.0
UNKNOWN_OFFSET = -1
Answer = TypeVar("Answer")


class PublishFailed(Exception):
    """Kafka did not acknowledge in time. It may still do so: the process must end, not go on."""


class Producer:
    """Idempotent, and waited for. An idempotent aiokafka producer itself never gives up, so every
    wait ends after half the session timeout.
    """

    def __init__(self, kafka: Kafka, session_timeout: float, watchdog: Watchdog) -> None:
        self._broker = kafka
        self._longest_wait = session_timeout / 2
        self._watchdog = watchdog
        self._kafka: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect."""
        self._kafka = AIOKafkaProducer(
            **client_options(self._broker),
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=BATCH_BYTES,
            max_request_size=BATCH_BYTES + 2**16,
            # 3 µs an event where zstd takes 7, for 1.6 times the bytes (830 for 520 an event).
            # aiokafka asks lz4 for its slowest level, and has no setting for it.
            compression_type="snappy",
            request_timeout_ms=round(self._longest_wait * 1000),
        )
        await self._kafka.start()

    async def stop(self) -> None:
        """Disconnect; what cannot be sent within 10 s stays unsent and will be done again."""
        if self._kafka is not None:
            stopping = asyncio.ensure_future(self._kafka.stop())
            await asyncio.wait([stopping], timeout=_STOP_SECONDS)

    def batch(self) -> BatchBuilder:
        """An empty batch for `append`; its own `append` answers None when it is full."""
        return self._running.create_batch()

    async def append(self, topic: str, partition: int, batch: BatchBuilder) -> int:
        """Append a batch whole; returns the offset of its first record.

        UNKNOWN_OFFSET when only a retry was answered. Raises PublishFailed or Frozen.
        """
        self._watchdog.check_gap()
        batch.close()
        sent = await self._in_time(self._running.send_batch(batch, topic, partition=partition))
        return int((await self._in_time(sent)).offset)

    async def send(
        self, topic: str, key: bytes | None, value: bytes, partition: int | None, kind: str | None
    ) -> None:
        """Send one record; without a partition the key chooses. Raises PublishFailed or Frozen."""
        self._watchdog.check_gap()
        headers = [("kind", kind.encode())] if kind else []
        await self._in_time(
            self._running.send_and_wait(topic, value, key=key, partition=partition, headers=headers)
        )

    async def _in_time(self, answer: Awaitable[Answer]) -> Answer:
        try:
            return await asyncio.wait_for(answer, self._longest_wait)
        except TimeoutError:
            raise PublishFailed(f"no acknowledgement for {self._longest_wait} s") from None

    @property
    def _running(self) -> AIOKafkaProducer:
        if self._kafka is None:
            raise PublishFailed("the producer was not started")
        return self._kafka
