"""While Kafka acknowledges nothing, nothing more is put in line for it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import prometheus_client as prometheus
import pytest

from services.ingest.adapters import kafka_publisher
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.sending import Message, PublishFailed

MESSAGE = Message("t", b"key", b"value")
LATE = 0.05  # of the clock; as long is waited for an acknowledgement


class Silent(KafkaPublisher):
    """On a broker that acknowledges when the test says so, by a clock that the test moves."""

    def __init__(self) -> None:
        telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
        super().__init__("127.0.0.1:9", Limits(LATE), telemetry)
        self.lines: list[asyncio.Future[None]] = []
        self.now = 0.0
        self._producer = self

    async def send(self, *_: Any, **__: Any) -> "asyncio.Future[None]":
        self.lines.append(asyncio.get_running_loop().create_future())
        return self.lines[-1]

    async def acknowledge(self, line: int) -> None:
        self.lines[line].set_result(None)
        for _ in range(5):
            await asyncio.sleep(0)

    async def refused(self) -> str:
        with pytest.raises(PublishFailed) as told:
            await self.publish([MESSAGE])
        return str(told.value)


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Silent:
    found = Silent()
    monkeypatch.setattr(kafka_publisher, "time", SimpleNamespace(monotonic=lambda: found.now))
    return found


async def test_what_would_only_pile_up_is_refused_at_once(kafka: Silent) -> None:
    assert await kafka.refused() == "not acknowledged in time"
    kafka.now += 2 * LATE
    assert await kafka.refused() == "Kafka acknowledges nothing"
    assert len(kafka.lines) == 1


async def test_one_acknowledgement_is_enough_to_go_on(kafka: Silent) -> None:
    await kafka.refused()
    kafka.now += 2 * LATE
    await kafka.acknowledge(0)
    assert await kafka.refused() == "not acknowledged in time"
    assert len(kafka.lines) == 2


async def test_a_partition_alone_that_is_away_does_not_stop_the_others(kafka: Silent) -> None:
    await kafka.refused()
    for line in (1, 2, 3):
        kafka.now += 0.9 * LATE
        assert await kafka.refused() == "not acknowledged in time"
        await kafka.acknowledge(line)


async def test_the_longer_it_is_silent_the_later_clients_are_told_to_come(kafka: Silent) -> None:
    await kafka.refused()
    told = []
    for seconds in (0, 6, 60):
        kafka.now = LATE + seconds
        told.append(round(kafka.fullness, 2))
    assert told == [0, 0.2, 1]
    await kafka.acknowledge(0)
    assert kafka.fullness == 0
