"""One partition of a log, read on demand: from its beginning the first time, from where it was left
afterwards. So nothing but the log must survive a restart, and several processes see the same.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.kafka_access import Kafka, client_options
from services.ingest.sending import PublishFailed, TopicMissing


class LogTail:
    """`take` gets each record once, in order; `forget` is called when the topic was laid out anew,
    and all that was taken lies no more.
    """

    def __init__(
        self,
        kafka: Kafka,
        topic: str,
        take: Callable[[Any], None],
        forget: Callable[[], None],
        patience_seconds: float = 60,
    ) -> None:
        self._kafka = kafka
        self._partition = TopicPartition(topic, 0)
        self._take = take
        self._forget = forget
        self._patience = patience_seconds
        self._next = 0
        self._reading = asyncio.Lock()

    async def catch_up(self) -> None:
        """Read to the end. Raises PublishFailed when that was not possible within the patience (the
        next call goes on from there), TopicMissing when there is none.
        """
        async with self._reading:
            try:
                await asyncio.wait_for(self._catch_up(), self._patience)
            except TimeoutError:
                raise PublishFailed(f"{self._partition.topic} is still being read") from None
            except KafkaError as error:
                raise PublishFailed(f"the log cannot be read: {type(error).__name__}") from error

    async def _catch_up(self) -> None:
        consumer = AIOKafkaConsumer(
            **client_options(self._kafka),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 2**20,
            fetch_max_wait_ms=10,  # the end is known: stopping would wait for a longer poll
            request_timeout_ms=10_000,
        )
        await consumer.start()
        try:
            await self._read(consumer)
        finally:
            await consumer.stop()

    async def _read(self, consumer: Any) -> None:
        partition = self._partition
        if partition.topic not in await consumer.topics():
            raise TopicMissing(f"the topic {partition.topic} does not exist")
        end: int = (await consumer.end_offsets([partition]))[partition]
        beginning: int = (await consumer.beginning_offsets([partition]))[partition]
        if self._next > end:
            self._next = 0
            self._forget()
        position = max(self._next, beginning)
        consumer.assign([partition])
        consumer.seek(partition, position)
        while position < end:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    self._take(record)
            position = await consumer.position(partition)
            self._next = position
