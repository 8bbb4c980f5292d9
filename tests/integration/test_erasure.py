"""One person erased on the real line, with a worker that dies in between and events that come
again: nothing of them comes back, and what is new begins afresh.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from deploy.local.process import Child, Processes
from schemas import topics
from schemas.authority import AUTHORITY_FILE
from schemas.topics import AUDIT
from services.journey.adapters.log_reader import LogReader
from tests.chaos.line.compaction import compact_soon
from tests.integration.ingest_process import Running, Surroundings, start
from tests.integration.test_journey_worker import Line
from tests.journey_worker.crew import until
from tests.real import MakeKafka
from tests.system.topic import read_all
from tests.unit.ingest.world import cloudevent, visit

WEB = {"Authorization": "Bearer web-token"}
OFFICER = {"Authorization": "Bearer officer-token"}
CHIEF = {"Authorization": "Bearer chief-token"}
FOUR_EYES = AUTHORITY_FILE.read_text(encoding="utf-8").replace("eyes: false", "eyes: true")
WHO = "an-unmistakable-name"
NOW = datetime.now(UTC)


async def send(running: Running, name: str, time: datetime) -> None:
    """A visit of the person; accepted whatever becomes of it later."""
    event = cloudevent(visit(citizen=WHO), id=name, time=time.isoformat())
    async with (
        ClientSession() as client,
        client.post(f"{running.public}/v1/events", json=event, headers=WEB) as response,
    ):
        assert (await response.json())["accepted"] == 1


async def erased(running: Running, name: str) -> dict[str, Any]:
    """How far the erasure is."""
    async with ClientSession() as client, client.get(f"{running.inside}/v1/erasures/{name}") as got:
        told: dict[str, Any] = await got.json()
        return told


async def ask(
    running: Running, by: Mapping[str, str] = CHIEF, **changes: Any
) -> tuple[int, dict[str, Any]]:
    """Ask for the person to be erased."""
    person = {"kind": "citizen", "issuer": "town", "id": WHO}
    body = {"id": "er-1", "agency": "town", "people": [person]} | changes
    async with (
        ClientSession() as client,
        client.post(f"{running.inside}/v1/erasures", json=body, headers=by) as got,
    ):
        return got.status, await got.json()


async def done(running: Running) -> dict[str, Any]:
    """What is told once every partition has given its receipt."""
    async with asyncio.timeout(60):
        while (told := await erased(running, "er-1"))["state"] != "done":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return told


async def newest(line: Line, topic: str) -> dict[bytes, bytes | None]:
    """What compaction would leave of a topic: the last value of each key."""
    left: dict[bytes, bytes | None] = {}
    async with LogReader.open(line.bootstrap) as reader:
        for partition in range(topics.topic(topic).partitions):
            first, end = await reader.bounds(topic, partition)
            async for records in reader.read(topic, partition, first, end):
                left |= {one.key: one.value for one in records if one.key is not None}
    return left


async def leaves_nothing(line: Line, before: dict[str, Any]) -> None:
    """State and snapshots, as compaction leaves them, know nobody by this pseudonym."""
    whose = before["pseudonym"].encode()
    held = await newest(line, topics.JOURNEY_STATE)
    assert held[whose] is None
    journeys = await newest(line, topics.JOURNEYS)
    assert b'"erased":true' in (journeys[before["id"].encode()] or b"")
    assert not [one for one in journeys.values() if one and whose in one]


async def is_compacted_away(line: Line, whose: str) -> None:
    """Once the cleaner has been there, no record of state or journeys says anything of them but the
    mark, which has no value but two times.
    """
    mark = b"\0erased/" + whose.encode()
    async with asyncio.timeout(60):
        while left := [
            one
            for topic in (topics.JOURNEY_STATE, topics.JOURNEYS)
            for one in await read_all(line.bootstrap, topic)
            if one.key != mark
            and one.value is not None  # a tombstone goes a week later
            and whose.encode() in (one.key or b"") + one.value
        ]:
            assert len(left) < 10
            await asyncio.sleep(1)


async def nowhere(line: Line, name: str) -> None:
    """No topic holds what the person was called by."""
    for topic in topics.NAMES:
        left = await newest(line, topic)
        assert not [one for pair in left.items() for one in pair if one and name.encode() in one]


async def erase_while_nobody_works(running: Running) -> None:
    """Propose it; then decide it, twice, as whoever got no answer does; and once for an agency that
    is not.
    """
    assert (await ask(running))[0] == 403
    assert (await ask(running, OFFICER))[1]["state"] == "proposed"
    assert (await erased(running, "er-1"))["state"] == "proposed"
    assert (await ask(running, agency="towns"))[0] == 400
    status, told = await ask(running)
    assert (status, told["state"], told["receipts"], told["of"]) == (202, "asked", 0, 4)
    assert (await ask(running))[1]["time"] == told["time"]


async def comes_again(line: Line, running: Running, worker: Child) -> None:
    """What is older is dropped, and said to be."""
    await send(running, "old", NOW - timedelta(hours=2))
    await send(running, "older", NOW - timedelta(hours=3))
    counted = 'throughline_journey_events_total{result="rejected"} 2.0'
    await until(lambda: counted in (line.get("/metrics") or ""), worker)


async def begins_afresh(line: Line, running: Running, worker: Child, whose: str) -> None:
    """What is newer is a journey that knows of nothing before."""
    await send(running, "new", datetime.now(UTC))
    counted = 'throughline_journey_events_total{result="applied"} 1.0'
    await until(lambda: counted in (line.get("/metrics") or ""), worker)
    fresh = (await line.read(topics.JOURNEYS, "journey"))[-1]
    assert (fresh["pseudonym"], fresh["entries"]) == (whose, 1)
    assert "predecessor" not in fresh


async def test_an_erased_person_leaves_nothing_and_does_not_come_back(
    private_kafka: MakeKafka, processes: Processes, tmp_path: Path
) -> None:
    line = Line(private_kafka().bootstrap, processes, tmp_path)
    surroundings = Surroundings(line.bootstrap, processes, tmp_path, authority=FOUR_EYES)
    surroundings.prepare()
    compact_soon(line.bootstrap, (topics.JOURNEY_STATE, topics.JOURNEYS), lag_seconds=1)
    running, worker = await start(surroundings), line.start()
    await until(lambda: line.get("/readyz") is not None, worker)
    await send(running, "old", NOW - timedelta(hours=2))
    before = await line.wait_for(topics.JOURNEYS, "journey", field="service", value="parking")
    worker.process.kill()
    await erase_while_nobody_works(running)
    worker = line.start()
    assert (await done(running))["journeys"] == 1
    await comes_again(line, running, worker)
    await leaves_nothing(line, before)
    await is_compacted_away(line, before["pseudonym"])
    await begins_afresh(line, running, worker, before["pseudonym"])
    await nowhere(line, WHO)
    decided = {(one["subject"], one["proposer"], one["decider"]) for one in await line.read(AUDIT)}
    assert decided == {("er-1", "data-protection-officer", "data-officer")}
