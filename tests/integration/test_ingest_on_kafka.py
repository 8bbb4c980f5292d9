"""The process of ingest on a real broker: what is answered 200 is in the log, whatever happens."""

import asyncio
import io
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import ClientSession
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas.touchpoint_event import TouchpointRecord
from tests.integration.ingest_process import (
    Running,
    Surroundings,
    events,
    log,
    rejections,
    start,
    ticks,
)
from tests.integration.test_ingest_answers import CASES
from tests.real import MakeKafka
from tests.unit.ingest.world import cloudevent, json, visit

WEB = {"Authorization": "Bearer web-token"}


@pytest.fixture
def surroundings(kafka: LocalKafka, processes: Processes, tmp_path: Path) -> Surroundings:
    found = Surroundings(kafka.bootstrap, processes, tmp_path)
    found.prepare()
    return found


def own_source() -> str:
    """A CloudEvent source no other test writes."""
    return f"/{uuid4().hex}"


async def post(client: ClientSession, running: Running, events: object) -> tuple[int, Any]:
    url = f"{running.public}/v1/events"
    async with client.post(url, data=json(events), headers=WEB) as response:
        return response.status, await response.json()


async def tick(running: Running, clock: str, time: str, *, last: bool = False) -> int:
    url = f"{running.inside}/v1/clocks/{clock}/ticks"
    async with (
        ClientSession() as client,
        client.post(url, data=json({"time": time, "last": last})) as response,
    ):
        return response.status


@pytest.mark.kafka
@pytest.mark.parametrize("to_http", [to_structured_event, to_binary_event])
async def test_the_official_client_is_understood(
    surroundings: Surroundings, to_http: Callable[[CloudEvent], Any]
) -> None:
    """As a program that uses the cloudevents package sends it."""
    running, source = await start(surroundings), own_source()
    now = datetime.now(UTC)
    attributes = {"id": "e-1", "source": source, "type": "parking.sent", "time": now}
    message = to_http(CloudEvent(attributes=attributes, data={"service": "parking", "case": "7"}))
    async with (
        ClientSession() as client,
        client.post(
            f"{running.public}/v1/events", data=message.body, headers={**message.headers, **WEB}
        ) as response,
    ):
        assert (response.status, await response.json()) == (
            200,
            {"accepted": 1, "ignored": 0, "rejected": []},
        )
    (found,) = events(await log(surroundings.bootstrap), f"/web{source}")
    assert isinstance(found.content, TouchpointRecord)
    assert (found.content.time, found.content.data.touchpoint) == (now, "form")
    assert running.child.stop() == 0


@pytest.mark.kafka
async def test_all_events_of_a_person_lie_in_one_partition_under_their_pseudonym(
    surroundings: Surroundings,
) -> None:
    running, source = await start(surroundings), own_source()
    batch = [cloudevent(visit(citizen=str(n % 20)), id=str(n), source=source) for n in range(200)]
    async with ClientSession() as client:
        await post(client, running, batch)
    found = list(events(await log(surroundings.bootstrap), f"/web{source}"))
    homes: dict[bytes, set[int]] = {}
    for one in found:
        assert isinstance(one.content, TouchpointRecord)
        assert one.key == one.content.subject.encode()
        homes.setdefault(one.key, set()).add(one.partition)
    assert len(found) == 200
    assert len(homes) == 20
    assert {len(partitions) for partitions in homes.values()} == {1}
    running.child.stop()


@pytest.mark.kafka
async def test_a_clock_remembers_its_last_tick_over_a_restart(surroundings: Surroundings) -> None:
    clock = f"demo-{uuid4().hex[:8]}"
    running = await start(surroundings)
    assert await tick(running, clock, "2026-02-01T00:00:00Z") == 200
    assert await tick(running, clock, "2026-01-01T00:00:00Z") == 409
    running.child.kill()
    running = await start(surroundings, "again")
    assert await tick(running, clock, "2026-01-01T00:00:00Z") == 409
    assert await tick(running, clock, "2026-03-01T00:00:00Z", last=True) == 200
    running.child.kill()
    running = await start(surroundings, "third")
    assert await tick(running, clock, "2026-04-01T00:00:00Z") == 409
    running.child.stop()
    found = list(ticks(await log(surroundings.bootstrap), clock))
    assert [one.partition for one in found] == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.kafka
async def test_every_refusal_that_was_told_is_kept_sealed_on_its_topic(
    surroundings: Surroundings,
) -> None:
    """The whole table of malformed inputs, against the process and the broker."""
    running, began = await start(surroundings), datetime.now(UTC)
    told: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    async with ClientSession() as client:
        for case in CASES:
            body, headers = io.BytesIO(case.body), {**WEB, **case.headers}
            url = f"{running.public}/v1/events"
            async with client.post(url, data=body, headers=headers) as response:
                statuses[response.status] += 1
                refused = (await response.json()).get("rejected", ())
                told.update(refusal["reason"] for refusal in refused)
    assert running.child.stop() == 0
    kept = [r for r in await rejections(surroundings.bootstrap) if r.at >= began]
    assert Counter(rejection.reason.value for rejection in kept) == told
    assert all(rejection.original for rejection in kept)
    assert statuses == Counter(case.status for case in CASES)


class Sender:
    """Posts one event after the other and keeps what was promised."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.source = own_source()
        self.promised: set[str] = set()
        self.statuses: list[int] = []
        self._stopping = False

    async def run(self) -> None:
        """Until stopped, or until nobody listens any more."""
        async with ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client:
            number = 0
            while not self._stopping:
                number += 1
                batch = [
                    cloudevent(visit(citizen=str(number)), id=f"{number}.{n}", source=self.source)
                    for n in range(5)
                ]
                try:
                    status, told = await post(client, self.running, batch)
                except aiohttp.ClientError:
                    return
                self.statuses.append(status)
                if status == 200:
                    assert told["accepted"] == len(batch)
                    self.promised |= {str(event["id"]) for event in batch}
                else:
                    await asyncio.sleep(0.1)

    async def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for something to be so; fails when it is not in time."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  another process makes it so
                await asyncio.sleep(0.02)

    def stop(self) -> None:
        """After the request that is on its way."""
        self._stopping = True

    async def missing(self, bootstrap: str) -> set[str]:
        """What was promised and is not in the log."""
        found = {one.identity[1] for one in events(await log(bootstrap), f"/web{self.source}")}
        return self.promised - found


@pytest.mark.kafka
async def test_sigterm_while_events_come_in_loses_nothing_and_exits_0(
    surroundings: Surroundings,
) -> None:
    running = await start(surroundings)
    sender = Sender(running)
    sending = asyncio.create_task(sender.run())
    await sender.until(lambda: len(sender.promised) > 200)
    running.child.process.send_signal(signal.SIGTERM)
    await sending
    assert await asyncio.to_thread(running.child.process.wait, 20) == 0
    assert set(sender.statuses) == {200}
    assert await sender.missing(surroundings.bootstrap) == set()


@pytest.mark.kafka
async def test_a_broker_that_goes_away_costs_503s_and_nothing_that_was_promised(
    private_kafka: MakeKafka, processes: Processes, tmp_path: Path
) -> None:
    """Once stopped as for an upgrade, once as by a power cut."""
    broker = private_kafka()
    surroundings = Surroundings(broker.bootstrap, processes, tmp_path)
    surroundings.prepare()
    running = await start(surroundings)
    sender = Sender(running)
    sending = asyncio.create_task(sender.run())
    for end in (broker.stop, broker.kill):
        before = len(sender.promised)
        await sender.until(lambda before=before: len(sender.promised) > before + 200)  # type: ignore[misc]
        await asyncio.to_thread(end)
        sender.statuses.clear()
        await sender.until(lambda: 503 in sender.statuses)
        await asyncio.to_thread(broker.resume)
    await sender.until(lambda: sender.statuses[-1] == 200)
    sender.stop()
    await sending
    assert set(sender.statuses) == {200, 503}
    assert await sender.missing(broker.bootstrap) == set()
    assert running.child.stop() == 0


@pytest.mark.kafka
async def test_without_a_broker_it_is_alive_not_ready_and_ends_when_told(
    surroundings: Surroundings,
) -> None:
    nowhere = Surroundings("127.0.0.1:9", surroundings.processes, surroundings.folder)
    running = nowhere.serve("lonely")
    async with ClientSession() as client:
        while "kafka.away" not in running.child.output():  # noqa: ASYNC110  its log is a file
            await asyncio.sleep(0.05)
        statuses = {}
        for path in ("livez", "readyz"):
            async with client.get(f"{running.inside}/{path}") as response:
                statuses[path] = response.status
    assert statuses == {"livez": 200, "readyz": 503}
    assert running.child.stop() == 0
