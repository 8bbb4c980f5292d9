"""Reads `metrics.internal.v1` as any subscriber would, and waits until the history is in it."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import AIOKafkaConsumer

from deploy.demo.compare import accounted
from deploy.demo.truth.numbers import CALENDAR
from schemas.codec import decode
from schemas.control import LIVE
from schemas.metric import ClockProgress, MetricMessage
from schemas.topics import METRICS_INTERNAL
from schemas.vocabulary import ROLLING

_PROGRESS = "progress/"


class NeverArrived(Exception):
    """The numbers did not become complete in time; the message says how far they came."""


@dataclass
class Heard:
    """The newest message of each month, quarter and window by key, how far the clock has come, and
    up to when the windows reach.
    """

    records: dict[str, bytes] = field(default_factory=dict)
    progress: ClockProgress | None = None
    present: datetime | None = None

    @property
    def messages(self) -> list[MetricMessage]:
        """All of them. Windows are told over and over, so they are read when they are wanted."""
        return [decode(MetricMessage, value) for value in self.records.values()]

    def take(self, clock: str, key: str, value: bytes | None) -> None:
        """One record of the topic."""
        if key.startswith(_PROGRESS):
            if key == _PROGRESS + clock and value is not None:
                self.progress = decode(ClockProgress, value)
            elif key == _PROGRESS + LIVE and value is not None:
                self.present = decode(ClockProgress, value).watermark
        elif not _is_compared(key):
            return
        elif value is None:
            self.records.pop(key, None)
        else:
            self.records[key] = value

    def has_all(self, accepted: int) -> bool:
        """Whether the clock had its last tick and every accepted event is accounted for."""
        progress = self.progress
        if progress is None or not progress.last:
            return False
        return accounted(progress.account) == accepted

    def told(self) -> str:
        """How far it came, for a message."""
        if self.progress is None:
            return "no progress of the clock was heard"
        shown = json.loads(self.progress.model_dump_json())
        return f"the last progress heard: {json.dumps(shown)}"


def _is_compared(key: str) -> bool:
    """Whether a message is of a month, quarter or window: there are too many days to look at."""
    return _is_of_calendar(key) or key.rpartition("/")[2] in ROLLING


def _is_of_calendar(key: str) -> bool:
    return any(f"/{period}/" in key for period in CALENDAR)


async def listen(
    bootstrap: str, clock: str, accepted: int, look: Callable[[Heard], None], seconds: float = 150
) -> Heard:
    """All that the topic says, once it is complete: progress is told after every number it stands
    for. `look` is called as it grows, and may raise.

    Raises NeverArrived when nothing more is said of a calendar period for `seconds`, though it is
    not complete.
    """
    heard = Heard()
    consumer = AIOKafkaConsumer(
        METRICS_INTERNAL,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        await _until_complete(consumer, heard, (clock, accepted), look, seconds)
    finally:
        await consumer.stop()
    return heard


async def _until_complete(
    consumer: AIOKafkaConsumer,
    heard: Heard,
    awaited: tuple[str, int],
    look: Callable[[Heard], None],
    seconds: float,
) -> None:
    clock, accepted = awaited
    deadline = time.monotonic() + seconds
    while not heard.has_all(accepted):
        batches = await consumer.getmany(timeout_ms=500)
        for record in (r for batch in batches.values() for r in batch):
            key = record.key.decode()
            heard.take(clock, key, record.value)
            if _is_of_calendar(key):  # windows are told over and over, whatever is missing
                deadline = time.monotonic() + seconds
        look(heard)
        if time.monotonic() > deadline:
            raise NeverArrived(heard.told())
        await asyncio.sleep(0)
