"""While Kafka acknowledges nothing, nothing more is put in line for it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import prometheus_client as prometheus
import pytest
from aiokafka.errors import KafkaTimeoutError

from services.ingest.adapters import hearing
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.sending import Message, PublishFailed

MESSAGE = Message("t", b"key", b"value")
LATE = 0.05  # of the clock; as long is waited for an acknowledgement
LOOK = 0.1  # of the clock, from one look to the next


async def some_rounds() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Silent(KafkaPublisher):
    """On a broker that acknowledges when the test says so, by a clock that the test moves."""

    def __init__(self, late: float) -> None:
        telemetry = IngestTelemetry(prometheus.CollectorRegistry(), [])
        super().__init__("127.0.0.1:9", Limits(late), telemetry)
        self.lines: list[asyncio.Future[None]] = []
        self.now = 0.0
        self._producer = self

    async def send(self, *_: Any, **__: Any) -> "asyncio.Future[None]":
        self.lines.append(asyncio.get_running_loop().create_future())
        return self.lines[-1]

    async def acknowledge(self, line: int) -> None:
        self.lines[line].set_result(None)
        await some_rounds()

    def _replace(self, _: object) -> None:
        """It stays as it is."""

    def listen(self, seconds: float) -> None:
        """So much time passes, in which it is looked again and again whether anything is heard."""
        for _ in range(round(seconds / LOOK)):
            self.now += LOOK
            self._hearing.look()

    async def refused(self) -> str:
        with pytest.raises(PublishFailed) as told:
            await self.publish([MESSAGE])
        return str(told.value)


def silent(monkeypatch: pytest.MonkeyPatch, late: float) -> Silent:
    found = Silent(late)
    monkeypatch.setattr(hearing, "time", SimpleNamespace(monotonic=lambda: found.now))
    return found


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Silent:
    return silent(monkeypatch, LATE)


async def test_of_what_would_only_pile_up_one_is_tried_and_the_rest_refused_at_once(
    kafka: Silent,
) -> None:
    await kafka.refused()
    for lines in (2, 3):
        kafka.now += 2 * LATE
        crowd = (kafka.refused() for _ in range(10))
        tried, *others = await asyncio.gather(*crowd)
        assert tried == "not acknowledged in time"
        assert set(others) == {"Kafka acknowledges nothing"}
        assert len(kafka.lines) == lines


async def test_who_comes_then_is_told_before_anything_is_read_of_it(kafka: Silent) -> None:
    await kafka.refused()
    assert not kafka.is_closed
    kafka.now += 2 * LATE
    trying = asyncio.create_task(kafka.publish([MESSAGE]))
    await some_rounds()
    assert kafka.is_closed
    await kafka.acknowledge(0)
    assert not kafka.is_closed
    trying.cancel()


async def test_a_partition_that_is_away_does_not_stop_the_others_after_a_lull(
    kafka: Silent,
) -> None:
    await kafka.refused()
    kafka.now += 3 * LATE
    assert not kafka.is_closed
    accepted = asyncio.create_task(kafka.publish([MESSAGE]))
    await some_rounds()
    await kafka.acknowledge(1)
    await accepted
    assert not kafka.is_closed


async def test_a_round_that_took_long_is_no_silence_of_kafka(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A minute in which thousands were read, while the acknowledgement lay there."""
    kafka = silent(monkeypatch, late=2.0)
    first = asyncio.create_task(kafka.publish([MESSAGE]))
    await some_rounds()
    kafka.now += 60
    second = asyncio.create_task(kafka.publish([MESSAGE]))
    await some_rounds()
    await kafka.acknowledge(0)
    await kafka.acknowledge(1)
    await asyncio.gather(first, second)


async def test_it_is_looked_again_and_again_while_something_is_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hearing, "_LOOK_SECONDS", 0.0)
    kafka = silent(monkeypatch, late=2.0)
    first = asyncio.create_task(kafka.publish([MESSAGE]))
    for _ in range(40):
        await asyncio.sleep(0)
        kafka.now += LOOK
    second = asyncio.create_task(kafka.publish([MESSAGE]))
    await some_rounds()
    assert kafka.is_closed
    await kafka.acknowledge(0)
    assert not kafka.is_closed
    await kafka.acknowledge(1)
    await asyncio.gather(first, second)


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


async def test_of_a_publish_that_is_not_whole_each_acknowledgement_counts(kafka: Silent) -> None:
    whole = asyncio.create_task(kafka.publish([MESSAGE] * 2))
    await some_rounds()
    kafka.listen(1.0)
    silence = kafka.fullness
    await kafka.acknowledge(1)
    assert kafka.fullness < silence / 10
    whole.cancel()


async def test_a_send_that_failed_is_no_acknowledgement(kafka: Silent) -> None:
    sends = [asyncio.create_task(kafka.publish([MESSAGE])) for _ in range(2)]
    await some_rounds()
    kafka.listen(1.0)
    silence = kafka.fullness
    kafka.lines[0].set_exception(KafkaTimeoutError())
    await some_rounds()
    assert kafka.fullness > silence / 2
    await kafka.acknowledge(1)
    await asyncio.gather(*sends, return_exceptions=True)


async def test_the_longer_it_is_silent_the_later_clients_are_told_to_come(kafka: Silent) -> None:
    await kafka.refused()
    told = []
    for seconds in (0, 6, 60):
        kafka.listen(seconds)
        told.append(round(kafka.fullness, 1))
    assert told == [0, 0.2, 1]
    await kafka.acknowledge(0)
    assert kafka.fullness == 0
