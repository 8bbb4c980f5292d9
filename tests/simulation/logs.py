"""Kafka's side: logs of partitions, produce requests on their way, and the cleaner.

Requests are not bound to the life of who sent them: they land when they do. The cleaner removes
what Kafka's may remove: in closed segments, of records older than the compaction lag, all but the
newest of each key, and a tombstone some time after it was seen first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from zlib import crc32

from aiokafka import ConsumerRecord

from tests.journey_worker.memory_kafka import NOW, Headers, consumer_record

SOURCE, STATE, JOURNEYS = "source", "state", "journeys"
REJECTED, RECEIPTS = "rejected", "receipts"
HOUR = 3_600.0
SEGMENT = 24 * HOUR
SEGMENT_BATCHES = 2  # a segment is also full at some size, here soon
COMPACTION_LAG = HOUR
DELETE_RETENTION = 7 * 24 * HOUR
_START = NOW.timestamp()
Record: TypeAlias = "ConsumerRecord[Any, Any]"
Row = tuple[bytes | None, bytes | None, Headers]


@dataclass
class Log:
    """One partition of a topic. `records` are there, `ever` were there; the segment that is written
    to began at offset `active`.
    """

    topic: str
    partition: int
    records: list[Record] = field(default_factory=list)
    ever: list[Record] = field(default_factory=list)
    end: int = 0
    active: int = 0
    _began: float = 0.0
    _batches: int = 0
    horizons: dict[int, float] = field(default_factory=dict)

    def append(self, rows: Sequence[Row], now: float) -> int:
        """A batch, whole; returns the offset of its first record."""
        base = self.end
        if self._batches >= SEGMENT_BATCHES or now - self._began >= SEGMENT:
            self.active, self._began, self._batches = base, now, 0
        self._batches += 1
        before = len(self.records)
        stamp = round((_START + now) * 1000)
        for key, value, headers in rows:
            self.records.append(
                consumer_record(
                    self.end,
                    topic=self.topic,
                    partition=self.partition,
                    timestamp=stamp,
                    key=key,
                    value=value,
                    headers=headers,
                )
            )
            self.end += 1
        self.ever += self.records[before:]
        return base

    def clean(self, now: float, lag: float) -> None:
        """Compact what may be compacted."""
        oldest = round((_START + now - lag) * 1000)
        closed = [r for r in self.records if r.offset < self.active and r.timestamp <= oldest]
        newest = {record.key: record.offset for record in closed}
        gone = {r.offset for r in closed if newest[r.key] > r.offset or self._is_over(r, now)}
        if gone:
            self.records = [record for record in self.records if record.offset not in gone]

    def _is_over(self, record: Record, now: float) -> bool:
        if record.value is not None:
            return False
        return now > self.horizons.setdefault(record.offset, now + DELETE_RETENTION)


@dataclass(eq=False)
class Request:
    """A batch on its way. `base` is where it came to lie, None while it is on its way."""

    sender: int
    log: Log
    rows: Sequence[Row]
    base: int | None = None


class Logs:
    """Every log of a small cluster, and what is on its way to them."""

    def __init__(self, partitions: int, clock: Callable[[], float]) -> None:
        self.partitions = partitions
        self.on_their_way: list[Request] = []
        self._clock = clock
        self._logs = {
            (topic, number): Log(topic, number)
            for topic in (SOURCE, STATE, JOURNEYS, REJECTED, RECEIPTS)
            for number in range(partitions)
        }

    def of(self, topic: str, partition: int) -> Log:
        return self._logs[topic, partition]

    def by_key(self, topic: str, key: bytes | None) -> Log:
        """Where a producer puts a record; what nobody follows is all in one partition."""
        return self.of(topic, crc32(key or b"") % self.partitions if topic == SOURCE else 0)

    def send(self, request: Request) -> Request:
        """From now on the request may land at any time."""
        self.on_their_way.append(request)
        return request

    def land(self, request: Request) -> int:
        """The request is appended, unless it was before; returns its base offset."""
        if request.base is None:
            self.on_their_way.remove(request)
            request.base = request.log.append(request.rows, self._clock())
        return request.base

    def clean(self, lag: float) -> None:
        """The cleaner comes by."""
        for number in range(self.partitions):
            for topic in (STATE, JOURNEYS):
                self.of(topic, number).clean(self._clock(), lag)
