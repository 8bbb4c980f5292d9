"""The worker as it is started in service, with journeys, on topics as their contracts say."""

import asyncio
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.ports import free_ports
from deploy.local.process import Child, Processes, Program
from schemas import topics
from schemas.codec import encode
from schemas.control import Tick
from schemas.vocabulary import Action, Outcome
from services.journey.adapters.log_reader import LogReader
from tests.builders import pseudonym, record
from tests.journey_worker.crew import until
from tests.real import MakeKafka

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)


class Line:
    """A broker of its own, with the contracts' topics, and workers on it."""

    def __init__(self, bootstrap: str, processes: Processes, folder: Path) -> None:
        (self._port,) = free_ports(1)
        self.bootstrap = bootstrap
        self._processes = processes
        self._environment = {
            "THROUGHLINE_KAFKA_BOOTSTRAP": bootstrap,
            "THROUGHLINE_JOURNEY_INSIDE": f"127.0.0.1:{self._port}",
            "THROUGHLINE_JOURNEY_SESSION_TIMEOUT_SECONDS": "6",
            "THROUGHLINE_JOURNEY_TICK_SECONDS": "0.5",
            "TMPDIR": str(folder),
        }

    def start(self) -> Child:
        command = [sys.executable, "-m", "services.journey", "worker"]
        return self._processes.start(Program("journey", command, self._environment))

    def get(self, path: str) -> str | None:
        """What the worker answers inside; None while it does not, or says no."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}") as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            return None

    async def send(self, *values: bytes, key: str = "citizen") -> None:
        """Put values into the source, in order."""
        async with AIOKafkaProducer(bootstrap_servers=self.bootstrap) as producer:
            for value in values:
                await producer.send_and_wait(topics.TOUCHPOINTS, value, key=pseudonym(key).encode())

    async def tick(self, tick: Tick) -> None:
        """Move a clock in every partition."""
        async with AIOKafkaProducer(bootstrap_servers=self.bootstrap) as producer:
            for partition in range(topics.topic(topics.TOUCHPOINTS).partitions):
                await producer.send_and_wait(
                    topics.TOUCHPOINTS,
                    encode(tick),
                    partition=partition,
                    headers=[("kind", b"tick")],
                )

    async def read(self, topic: str, kind: str | None = None) -> list[Mapping[str, Any]]:
        """The values of one kind that lie on a topic now."""
        found = []
        async with LogReader.open(self.bootstrap) as reader:
            for partition in range(topics.topic(topic).partitions):
                first, end = await reader.bounds(topic, partition)
                async for records in reader.read(topic, partition, first, end):
                    found += [json.loads(one.value) for one in records if _kind(one) == kind]
        return found

    async def wait_for(self, topic: str, kind: str | None, *, field: str, value: str) -> Any:
        """The first such record with that value in a field."""
        for _ in range(100):
            for one in await self.read(topic, kind):
                if one.get(field) == value:
                    return one
            await asyncio.sleep(0.1)
        return pytest.fail(f"no {kind} with {field} {value} on {topic}")


def _kind(record: Any) -> str | None:
    kind = dict(record.headers).get("kind")
    return kind.decode() if kind else None


@pytest.fixture
def line(private_kafka: MakeKafka, processes: Processes, tmp_path: Path) -> Line:
    """The line up to journeys, and nothing on it yet."""
    return Line(private_kafka().bootstrap, processes, tmp_path)


async def test_touchpoint_events_become_a_journey_a_refusal_and_an_account(line: Line) -> None:
    worker = line.start()
    await until(lambda: line.get("/readyz") is not None, worker)
    started = record("1", action=Action.STARTED, time=NOW - 5 * MINUTE)
    ended = record("2", action=Action.COMPLETED, outcome=Outcome.SUCCESS, time=NOW - MINUTE)
    await line.send(encode(started), encode(ended), encode(ended), b"not a touchpoint event")
    journey = await line.wait_for(topics.JOURNEYS, "journey", field="outcome", value="success")
    refused = await line.wait_for(
        topics.TOUCHPOINTS_REJECTED, None, field="reason", value="contract_broken"
    )
    assert journey | {"status": "ended", "entries": 2, "pseudonym": pseudonym("citizen")} == journey
    assert refused["origin"]["topic"] == topics.TOUCHPOINTS
    counted = 'throughline_journey_events_total{result="duplicate"} 1.0'
    await until(lambda: counted in (line.get("/metrics") or ""), worker)
    assert worker.stop() == 0, worker.account()


async def test_silence_on_a_clock_of_its_own_closes_a_journey_after_a_restart(line: Line) -> None:
    worker = line.start()
    begun = record("1", action=Action.STARTED, clock="history", time=NOW - timedelta(days=400))
    await line.send(encode(begun))
    await line.wait_for(topics.JOURNEYS, "journey", field="outcome", value="open")
    assert worker.stop() == 0, worker.account()
    line.start()
    await line.tick(Tick(clock="history", time=NOW, last=True))
    journey = await line.wait_for(topics.JOURNEYS, "journey", field="status", value="final")
    assert (journey["outcome"], journey["id"]) == ("abandoned", str(begun.data.uid))
