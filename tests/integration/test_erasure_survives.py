"""One person erased, Redis lost, rejections of theirs replayed, the key changed, and kill -9 in
between: nothing of them is left but frozen totals. Whoever else there is goes on as one.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from redis.asyncio import Redis

from deploy.local.process import Child, Processes
from deploy.local.redis import LocalRedis
from schemas import topics
from schemas.codec import decode
from schemas.journey import JourneySnapshot
from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PeriodKind
from services.ingest.domain.pseudonym import pseudonym
from tests.integration.ingest_process import Running, Surroundings, start
from tests.integration.metrics_under_test import Metrics, heard, total
from tests.integration.test_erasure import OFFICER, WHO, ask, done, newest, nowhere
from tests.integration.test_ingest_rejected import counted, ran
from tests.integration.test_journey_worker import Line
from tests.journey_worker.crew import until
from tests.real import MakeKafka
from tests.system.everywhere import in_redis
from tests.unit.ingest.test_links import NEXT, rotated
from tests.unit.ingest.test_replay import BRANCH, LETTER
from tests.unit.ingest.world import CATALOGUE, KEY, cloudevent, visit

BOB = "somebody-else-entirely"
NOW = datetime.now(UTC)
LONG_AGO = datetime(2025, 3, 3, 9, tzinfo=UTC)
BRANCHES = ("branch", "kiosk")
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.timeout(400)]


def named(who: str, key: bytes) -> str:
    """What a person is called under a key."""
    return pseudonym(key, "citizen", "town", who)


@dataclass
class World:
    """The line from ingest to metrics, and what may happen to it."""

    line: Line
    surroundings: Surroundings
    redis: LocalRedis
    metrics: Metrics
    running: Running
    worker: Child

    async def tell(self, source: str, **data: Any) -> dict[str, Any]:
        """An event of a source; what is answered, once the broker has had the time."""
        time = data.pop("time", NOW - timedelta(hours=2)).isoformat()
        event = cloudevent(visit(**data), id=f"{source}-{data}-{time}"[:300], time=time)
        url, token = f"{self.running.public}/v1/events", {"Authorization": f"Bearer {source}-token"}
        async with asyncio.timeout(60), ClientSession() as client:
            while True:
                async with client.post(url, json=event, headers=token) as got:
                    answer: dict[str, Any] = await got.json()
                if got.status == 200:
                    return answer
                await asyncio.sleep(1)

    async def counts(self, *, journeys: int, events: int) -> None:
        """Wait until metrics shows as many journeys started and touchpoint events as that."""

        def so(samples: Any) -> bool:
            return (
                total(samples, "throughline_journeys_started") == journeys
                and total(samples, "throughline_touchpoint_events") == events
            )

        await asyncio.to_thread(self.metrics.until, so)

    async def frozen(self) -> Mapping[str, tuple[Any, ...]]:
        """What is told of the month long ago, as final, once all of it is."""
        before, found = None, dict[str, tuple[Any, ...]]()
        async with asyncio.timeout(60):
            while not found or found != before:
                await asyncio.sleep(2)
                messages, _ = await heard(self.line.bootstrap, lambda told: "demo" in told)
                before, found = (
                    found,
                    {k: _numbers(m) for k, m in messages.items() if _is_frozen(m)},
                )
        return found

    def kill_worker(self) -> None:
        """As a crash would, and another one begins."""
        self.worker.kill()
        self.worker = self.line.start()

    def lose_redis(self) -> None:
        """Process and Redis are gone; another process begins with nothing."""
        self.metrics.kill()
        asyncio.run(self._flush())
        self.metrics.start()

    async def _flush(self) -> None:
        async with Redis.from_url(self.redis.url) as client:
            await client.flushall()

    async def replay(self, known: str) -> str:
        """Mend the catalogue, so that this touchpoint is known, and replay what was refused."""
        now = [BRANCH.replace("branch", one) for one in BRANCHES[: BRANCHES.index(known) + 1]]
        mended = CATALOGUE.replace(LETTER, "".join(f"      - {b}\n" for b in now) + LETTER, 1)
        (self.surroundings.folder / "town.yaml").write_text(mended, encoding="utf-8")
        return await ran(self.surroundings, "replay", "--reason", "unknown_touchpoint")

    async def change_the_key(self) -> None:
        """Ingest is killed, and begins again with another key that writes."""
        self.running.child.kill()
        (self.surroundings.folder / "keys.yaml").write_text(rotated(), encoding="utf-8")
        self.running = await start(self.surroundings, "ingest-again")


def _is_frozen(message: MetricMessage) -> bool:
    is_month = message.period is PeriodKind.MONTH and message.period_start.year == LONG_AGO.year
    return is_month and Flag.PROVISIONAL not in message.flags


def _numbers(m: MetricMessage) -> tuple[Any, ...]:
    return m.n, m.numerator, m.denominator, m.value, m.distribution, m.revision


@pytest.fixture
async def world(
    private_kafka: MakeKafka, private_redis: LocalRedis, processes: Processes, tmp_path: Path
) -> World:
    """The line, and nothing on it."""
    line = Line(private_kafka().bootstrap, processes, tmp_path)
    surroundings = Surroundings(line.bootstrap, processes, tmp_path)
    surroundings.prepare()
    folder = tmp_path / "metrics"
    folder.mkdir()
    settings = {
        "KAFKA_BOOTSTRAP": line.bootstrap,
        "REDIS_URL": private_redis.url,
        "CATALOGUE": str(tmp_path / "town.yaml"),
    }
    metrics = Metrics(processes, folder, settings)
    worker = line.start()
    metrics.start()
    return World(line, surroundings, private_redis, metrics, await start(surroundings), worker)


async def has_a_past(world: World) -> None:
    """Two people: each with a journey in a month that is frozen, and one in this; and refusals of
    the one who will be erased.
    """
    for who in (WHO, BOB):
        past = {"touchpoint": "form", "action": "completed", "time": LONG_AGO}
        assert (await world.tell("history", citizen=who, **past))["accepted"] == 1
        assert (await world.tell("web", citizen=who, touchpoint="form"))["accepted"] == 1
    for place in BRANCHES:
        assert (await world.tell("web", citizen=WHO, touchpoint=place))["rejected"]
    # Not its last: then nothing would be remembered that an erasure could overwrite.
    tick = {"time": "2025-12-01T00:00:00Z"}
    url = f"{world.running.inside}/v1/clocks/demo/ticks"
    async with ClientSession() as client, client.post(url, json=tick) as answer:
        assert answer.status == 200
    await world.counts(journeys=4, events=4)


async def snapshots(world: World) -> dict[bytes, JourneySnapshot]:
    """What compaction would leave of the journeys."""
    left = await newest(world.line, topics.JOURNEYS)
    return {
        key: decode(JourneySnapshot, value)
        for key, value in left.items()
        if value and not key.startswith((b"progress/", b"bucket/"))
    }


async def is_one(world: World, who: str) -> JourneySnapshot:
    """The journey of this month of somebody whose key was changed, once it holds both events."""
    async with asyncio.timeout(60):
        while True:
            for one in (await snapshots(world)).values():
                if one.pseudonym == named(who, NEXT) and one.entries == 2:
                    return one
            await asyncio.sleep(0.2)


async def is_marked(world: World, subject: str) -> None:
    """It has come to the state that whoever this is was erased."""
    async with asyncio.timeout(60):
        mark = b"\0erased/" + subject.encode()
        while not (await newest(world.line, topics.JOURNEY_STATE)).get(mark):  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def leaves_nothing(world: World) -> None:
    """Neither name is in state or journeys, but in a mark; the identifier is nowhere at all."""
    names = {named(WHO, KEY).encode(), named(WHO, NEXT).encode()}
    marks = {b"\0erased/" + name for name in names}
    for topic in (topics.JOURNEY_STATE, topics.JOURNEYS):
        left = await newest(world.line, topic)
        assert not [
            key
            for key, value in left.items()
            if value and key not in marks and any(name in key + value for name in names)
        ]
    await nowhere(world.line, WHO)
    async with Redis.from_url(world.redis.url) as client:
        texts = [text async for text in in_redis(client)]
    assert texts
    assert not [text for text in texts if any(n in text for n in (*names, WHO.encode()))]


async def is_erased(world: World) -> None:
    """Asked for while no worker is there, by one that dies at once and one that does not."""
    world.worker.kill()
    assert (await ask(world.running, OFFICER))[0] == 202
    world.kill_worker()
    await done(world.running)
    await world.counts(journeys=3, events=3)


async def comes_again(world: World) -> None:
    """A rejection of theirs is replayed: ingest takes it in, and journey drops it."""
    world.worker.kill()
    assert counted(await world.replay("branch"), "accepted") == "1"
    world.worker = world.line.start()
    dropped = 'throughline_journey_events_total{result="rejected"} 1.0'
    await until(lambda: dropped in (world.line.get("/metrics") or ""), world.worker)


async def comes_again_under_another_name(world: World) -> None:
    """Another is replayed once the key is another; and somebody else goes on as who they were."""
    await world.change_the_key()
    assert (await world.tell("web", citizen=BOB, touchpoint="page"))["accepted"] == 1
    assert counted(await world.replay("kiosk"), "accepted") == "1"
    world.kill_worker()
    assert (await is_one(world, BOB)).started is not None
    await is_marked(world, named(WHO, NEXT))


async def test_nothing_is_left_of_an_erased_person_whatever_happens_after(world: World) -> None:
    await has_a_past(world)
    frozen = await world.frozen()
    assert {n for n, *_ in frozen.values()} >= {2}
    await is_erased(world)
    await asyncio.to_thread(world.lose_redis)
    await world.counts(journeys=3, events=3)
    await comes_again(world)
    await comes_again_under_another_name(world)
    await world.counts(journeys=3, events=4)
    assert await world.frozen() == frozen
    await leaves_nothing(world)
