"""Kafka as the journey adapters use it, in memory: logs, batches that land whole, and a tape.

`actions` is what happened, in order, in a few words each.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord

from services.journey.adapters.producer import UNKNOWN_OFFSET

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_NOW_MILLISECONDS = round(NOW.timestamp() * 1000)
Headers = Sequence[tuple[str, bytes]]


def consumer_record(
    offset: int,
    *,
    topic: str = "source",
    partition: int = 0,
    timestamp: int = _NOW_MILLISECONDS,
    key: bytes | None = b"k",
    value: bytes | None = b"v",
    headers: Headers = (),
) -> ConsumerRecord[Any, Any]:
    """A record as a consumer is handed it."""
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=timestamp,
        timestamp_type=1,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=tuple(headers),
    )


@dataclass
class MemoryBatch:
    """A batch that is full after so many bytes of values."""

    room: int
    rows: list[tuple[bytes, bytes | None, Headers]] = field(default_factory=list)

    def append(
        self, *, timestamp: None, key: bytes, value: bytes | None, headers: Headers
    ) -> object | None:
        assert timestamp is None
        self.room -= len(value or b"")
        if self.room < 0:
            return None
        self.rows.append((key, value, headers))
        return self

    def record_count(self) -> int:
        return len(self.rows)


class MemoryKafka:
    """Producer and reader at once; every topic has one partition, 0."""

    def __init__(self, batch_bytes: int = 1_000) -> None:
        self.logs: dict[str, list[ConsumerRecord[Any, Any]]] = {}
        self.actions: list[str] = []
        self.starts: dict[str, int] = {}
        self.is_silent_about_offsets = False
        self.fails_with: BaseException | None = None
        self._batch_bytes = batch_bytes

    def batch(self) -> Any:
        return MemoryBatch(self._batch_bytes)

    async def append(self, topic: str, partition: int, batch: Any) -> int:
        assert partition == 0
        self.actions.append(f"append {batch.record_count()} to {topic}")
        offset = self.end(topic)
        for key, value, headers in batch.rows:
            self.put(topic, key, value, headers)
        return UNKNOWN_OFFSET if self.is_silent_about_offsets else offset

    async def send(
        self, topic: str, key: bytes | None, value: bytes, partition: int | None, kind: str | None
    ) -> None:
        assert partition in {None, 0}
        self.actions.append(f"send to {topic}")
        self.put(topic, key, value, [("kind", kind.encode())] if kind else [])

    def put(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Append one record as anybody could."""
        record = consumer_record(
            self.end(topic), topic=topic, key=key, value=value, headers=headers
        )
        self.logs.setdefault(topic, []).append(record)

    def end(self, topic: str) -> int:
        return len(self.logs.get(topic, ()))

    @asynccontextmanager
    async def open(self) -> AsyncIterator["MemoryKafka"]:
        yield self

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        assert partition == 0
        if self.fails_with is not None:
            raise self.fails_with
        return self.starts.get(topic, 0), self.end(topic)

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[list[ConsumerRecord[Any, Any]]]:
        assert partition == 0
        self.actions.append(f"read {topic} from {start} to {end}")
        for record in self.logs.get(topic, [])[start:end]:
            yield [record]
