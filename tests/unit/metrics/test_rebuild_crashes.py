"""A rebuild that dies anywhere: the next one ends right, and no counter has fallen on the way."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from fakeredis import FakeAsyncRedis, FakeServer
from redis.asyncio import Redis

from schemas.metric import MetricMessage
from schemas.model import Contract
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.commands.rebuild import Booked, Rebuild
from services.metrics.domain.contribution import contribution
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.tally import Applied, Batch, Record, Tally
from tests.unit.metrics.memory import Heard
from tests.unit.metrics.snapshots import ended, journey, record, rules

Offsets = Mapping[int, int]
PLACE = Place("cluster", 1)
COUNTED = [ended("1"), journey("2"), ended("3", outcome="error")]
SINCE = [ended("3", version=3, erased=True), ended("2", outcome="abandoned"), journey("4")]


class Dead(BaseException):
    """The process is no more: nothing it still tries has any effect."""


@dataclass
class Fuse:
    """Dies at one of the steps of everything it is put around; each call is two steps."""

    left: int

    def burn(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Dead

    def around(self, port: Any) -> Any:
        return _Fused(port, self)


class _Fused:
    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port, self._fuse = port, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name == "draft":
            return lambda generation: self._fuse.around(found(generation))
        return found if name == "read" else self._dying(found)

    def _dying(self, work: Any) -> Any:
        async def call(*arguments: Any) -> Any:
            self._fuse.burn()
            result = await work(*arguments)
            self._fuse.burn()
            return result

        return call


@dataclass
class Kafka:
    """journeys.v1 that grows and is compacted, and tallies.v1."""

    bodies: list[Contract] = field(default_factory=lambda: list(COUNTED))
    growing: list[Contract] = field(default_factory=lambda: list(SINCE))
    told: dict[str, Pair] = field(default_factory=dict)
    falls: list[str] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    async def span(self) -> tuple[Offsets, Offsets]:
        ends = {0: len(self.bodies)}
        self.bodies += self.growing[:1]
        del self.growing[:1]
        return {0: 0}, ends

    async def read(
        self, beginnings: Offsets, ends: Offsets
    ) -> AsyncIterator[tuple[int, Sequence[Record]]]:
        for offset in range(beginnings[0], ends[0]):
            if offset not in self.gone:
                yield 0, [record(offset, self.bodies[offset])]

    def compact(self) -> None:
        """Leave the newest version of each journey: what came before is added by no recount."""
        newest = {getattr(body, "id", "progress"): n for n, body in enumerate(self.bodies)}
        self.gone = set(range(len(self.bodies))) - set(newest.values())

    async def pairs(self) -> Pairs:
        return dict(self.told)

    async def booked(self) -> Booked:
        return {}

    async def messages(self) -> Sequence[MetricMessage]:
        return ()

    async def keep(self, pairs: Pairs) -> None:
        self.falls += [n for n, pair in pairs.items() if pair.at_least(self.pair(n)) != pair]
        self.told.update(pairs)

    def pair(self, name: str) -> Pair:
        return self.told.get(name, Pair())


async def rebuild(kafka: Kafka, redis: Redis, generation: str, fuse: Fuse) -> bool:
    """Whether it came to its end."""
    generations = fuse.around(RedisGenerations(redis, PLACE))
    log = fuse.around(kafka)
    try:
        await Rebuild(rules(), log, generations, log, Heard()).run(generation)
    except Dead:
        await redis.delete(PLACE.rebuilding)  # as it goes by itself, in time
        return False
    return True


async def count_on(kafka: Kafka, redis: Redis) -> None:
    """What a process beside does: count what it has not, and tell the pairs."""
    generations = RedisGenerations(redis, PLACE)
    name = await generations.current()
    if name is None:
        return
    counters = generations.counters(name)
    reached = (await counters.offsets())[0]
    records = [record(n, kafka.bodies[n]) for n in range(reached, len(kafka.bodies))]
    batch = Batch(0, reached, len(kafka.bodies), records)
    assert isinstance(await Tally(rules(), counters, Heard()).record(batch), Applied)
    await kafka.keep(await counters.pairs())


def nets(pairs: Pairs) -> dict[str, int]:
    return {name: pair.net for name, pair in pairs.items() if pair.net}


def expected(kafka: Kafka) -> dict[str, int]:
    """The counters, from the last version of every journey."""
    last: dict[object, Any] = {body.id: body for body in kafka.bodies}  # type: ignore[attr-defined]
    sums: dict[str, int] = {}
    for body in last.values():
        for name, n in contribution(body, rules()).counters.items():
            sums[name] = sums.get(name, 0) + n
    return sums


async def survives(steps: int, *, redis_too: bool) -> bool:
    """Whether a rebuild that had so many steps came to its end; what follows is right anyhow."""
    kafka = Kafka()
    async with FakeAsyncRedis(server=FakeServer()) as redis:
        assert await rebuild(kafka, redis, "g1", Fuse(10**6))
        await count_on(kafka, redis)
        kafka.compact()
        has_ended = await rebuild(kafka, redis, "g2", Fuse(steps))
        await count_on(kafka, redis)
        kafka.compact()
        if redis_too:
            await redis.flushall()
        assert await rebuild(kafka, redis, "g3", Fuse(10**6))
        await count_on(kafka, redis)
    assert kafka.falls == []
    assert nets(kafka.told) == expected(kafka)
    return has_ended


@pytest.mark.parametrize("redis_too", [False, True])
async def test_wherever_a_rebuild_dies_no_counter_falls_and_the_next_one_is_right(
    *,
    redis_too: bool,
) -> None:
    steps = 0
    while not await survives(steps, redis_too=redis_too):
        steps += 1
    assert steps > 30, "it died nowhere"
