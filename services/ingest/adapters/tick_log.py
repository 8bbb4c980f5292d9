"""The newest tick of every clock, read from `touchpoints.v1` itself.

A tick lies in every partition, so one partition tells them all. A clock is forgotten with the log's
retention.
"""

from typing import Any

from schemas.codec import SchemaViolation, decode
from schemas.control import LIVE, Tick
from schemas.kafka_access import Kafka
from schemas.topics import TOUCHPOINTS
from schemas.vocabulary import RecordKind
from services.ingest.adapters.log_tail import LogTail

_KIND = RecordKind.TICK.value.encode()


class KafkaTickLog:
    """Reads partition 0."""

    def __init__(
        self, kafka: Kafka, topic: str = TOUCHPOINTS, patience_seconds: float = 60
    ) -> None:
        self._newest: dict[str, Tick] = {}
        self._tail = LogTail(kafka, topic, self._take, self._newest.clear, patience_seconds)

    async def newest(self, clock: str) -> Tick | None:
        """The newest tick of a clock. Raises PublishFailed when the log was not read to its end
        within the patience (the next call goes on from there), TopicMissing when there is none.
        """
        await self._tail.catch_up()
        return self._newest.get(clock)

    def _take(self, record: Any) -> None:
        if ("kind", _KIND) not in record.headers:
            return
        try:
            tick = decode(Tick, record.value)
        except SchemaViolation:
            return  # the journey workers stop at it and say so
        if tick.clock != LIVE:
            self._newest[tick.clock] = _later(self._newest.get(tick.clock), tick)


def _later(known: Tick | None, tick: Tick) -> Tick:
    if known is None or known.time is None or tick.time is None:
        return tick
    newer = tick if tick.time >= known.time else known
    return newer.model_copy(update={"last": known.last or tick.last})
