"""Redis thrown away after people were erased and journeys expired: no booked total changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fakeredis import FakeAsyncRedis, FakeServer
from redis.asyncio import Redis

from schemas.metric import MetricMessage
from schemas.vocabulary import PeriodKind
from services.metrics.adapters.booking import booked_in, records_of
from services.metrics.adapters.redis_books import RedisBooks
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import text
from services.metrics.close import Closing
from services.metrics.domain.blocks import Block
from services.metrics.domain.pairs import Pairs
from services.metrics.domain.periods import Shelf
from services.metrics.publish import Publication
from services.metrics.tally import Applied, Batch, Tally
from tests.builders import at
from tests.unit.metrics.memory import Heard
from tests.unit.metrics.snapshots import START, ended, journey, progress, record, rules, step
from tests.unit.metrics.test_rebuild_crashes import PLACE, Dead, Fuse, Kafka, rebuild

NOW = at("2026-11-01 12:00")
CLOSING = at("2026-03-31 22:00") + timedelta(days=10)
MARCH = Block("permit", Shelf.MONTH, "2026-03-01", "live")
APRIL = START + timedelta(days=35)
ANSWERED: dict[str, Any] = {"survey": (step("offered"), step(answer=4))}
OPEN = {"opened": APRIL, "started": APRIL, "touchpoints": ()}
COUNTED = [
    ended("erased", status="final", **ANSWERED),
    ended("expired", status="final", outcome="error"),
    ended("kept", status="final"),
    journey("april", **OPEN),
    journey("april-erased", **OPEN),
    progress(CLOSING),
]
ERASED = [ended("erased", version=9, erased=True), journey("april-erased", version=9, erased=True)]
EXPIRED = 1  # its place among the counted


@dataclass
class Booking(Kafka):
    """The topics of the service: tallies.v1 keeps every record of a booking as it is written."""

    bodies: list[Any] = field(default_factory=lambda: list(COUNTED))
    growing: list[Any] = field(default_factory=list)
    records: dict[bytes, bytes] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
    burn: Any = None
    keeps_books: bool = True
    tells: bool = True

    async def booked(self) -> Mapping[Block, Mapping[str, int]]:
        return booked_in(self.records.items()) if self.keeps_books else {}

    async def book(self, block: Block, cells: Mapping[str, int]) -> None:
        for key, value in records_of(block, cells):
            if self.burn is not None:
                self.burn()
            self.records[key] = value

    async def messages(self) -> Sequence[MetricMessage]:
        return list(self.heard.newest.values())

    @property
    def final(self) -> dict[str, tuple[object, ...]]:
        """What was told of March by service and agency, and is not provisional."""
        return {
            key: (m.n, m.numerator, m.denominator, m.value, m.distribution, m.revision)
            for key, m in self.heard.newest.items()
            if m.period is PeriodKind.MONTH
            and not m.flags
            and m.period_start < at("2026-03-15 00:00")
        }


async def serve(kafka: Booking, redis: Redis, fuse: Fuse | None = None) -> bool:
    """What a process does: count, close, keep the pairs, tell. Whether it lived on."""
    generations = RedisGenerations(redis, PLACE)
    name = await generations.current()
    assert name is not None
    counters, books = generations.counters(name), RedisBooks(redis, PLACE, name)
    await count(kafka, counters)
    if not await has_closed(kafka, books, fuse):
        return False
    await kafka.keep(await counters.pairs())
    if kafka.tells:
        await Publication(rules(), books, kafka.heard, "one").round(NOW, 1)
    return True


async def count(kafka: Booking, counters: RedisCounters) -> None:
    reached, end = (await counters.offsets())[0], len(kafka.bodies)
    records = [record(n, kafka.bodies[n]) for n in range(reached, end) if n not in kafka.gone]
    if records:
        batch = Batch(0, reached, end, records)
        outcome = await Tally(rules(), counters, kafka.heard).record(batch)
        assert isinstance(outcome, Applied)


async def has_closed(kafka: Booking, books: RedisBooks, fuse: Fuse | None) -> bool:
    """Whether the process lived on; with a fuse it may die in every call and between records."""
    if fuse is None:
        await Closing(rules(), books, kafka).step()
        return True
    kafka.burn = fuse.burn
    try:
        await Closing(rules(), fuse.around(books), kafka).step()
    except Dead:
        return False
    finally:
        kafka.burn = None
    return True


async def frozen(redis: Redis) -> Mapping[str, int]:
    name = await RedisGenerations(redis, PLACE).current()
    cells = await RedisBooks(redis, PLACE, name or "").cells(MARCH)
    return {cell: n for cell, n in cells.items() if n}


def nets(pairs: Pairs) -> dict[str, int]:
    return {name: pair.net for name, pair in pairs.items() if pair.net}


@dataclass
class Life:
    """What was so when March was final, and what is after Redis was lost."""

    kafka: Booking
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    survived: tuple[bool, bool]


async def life(close_steps: int = 10**6, rebuild_steps: int = 10**6, **of: Any) -> Life:
    """March is closed; then people are erased, journeys expire, and Redis is thrown away. Both the
    closing and the rebuild may die on the way; another process goes on.
    """
    kafka = Booking(**of)
    async with FakeAsyncRedis(server=FakeServer()) as redis:
        assert await rebuild(kafka, redis, "g1", Fuse(10**6))
        has_closed = await serve(kafka, redis, Fuse(close_steps))
        await serve(kafka, redis)
        before = await frozen(redis), dict(kafka.final)
        kafka.bodies += ERASED
        await serve(kafka, redis)
        april = nets(kafka.told)
        kafka.compact()
        kafka.gone.add(EXPIRED)
        await redis.flushall()
        has_rebuilt = await rebuild(kafka, redis, "g2", Fuse(rebuild_steps))
        if not has_rebuilt:
            assert await rebuild(kafka, redis, "g3", Fuse(10**6))
        await serve(kafka, redis)
        after = await frozen(redis), dict(kafka.final)
    return Life(kafka, (*before, april), (*after, nets(kafka.told)), (has_closed, has_rebuilt))


async def test_booked_totals_and_every_counter_outlive_erasure_expiry_and_redis() -> None:
    found = await life()
    assert found.before == found.after
    cells, final, counters = found.after
    assert cells["ended||success"] == 2
    assert len(final) > 10
    assert counters["journeys_started|town|permit|website"] == 4  # but for the one erased in April
    assert counters["survey_answers|town|permit|satisfaction|1..5|4"] == 1
    assert found.kafka.falls == []


async def test_without_the_books_they_would_not() -> None:
    """The control: the same, but nobody reads the books."""
    found = await life(keeps_books=False)
    assert found.before[0] != found.after[0]
    assert found.before[2] != found.after[2]


async def test_wherever_a_closing_dies_nothing_that_was_final_changes() -> None:
    steps, survived = 0, False
    while not survived:
        found = await life(close_steps=steps, tells=False)
        assert found.before == found.after
        assert found.kafka.falls == []
        survived, steps = found.survived[0], steps + 1
    assert steps > 20, "it died nowhere"


async def test_wherever_a_rebuild_dies_nothing_that_was_final_changes() -> None:
    steps, survived = 0, False
    while not survived:
        found = await life(rebuild_steps=steps, tells=False)
        assert found.before == found.after
        assert found.kafka.falls == []
        survived, steps = found.survived[1], steps + 1
    assert steps > 30, "it died nowhere"


async def test_after_a_rebuild_nothing_is_kept_of_people_whose_months_are_booked() -> None:
    kafka = Booking()
    async with FakeAsyncRedis(server=FakeServer()) as redis:
        assert await rebuild(kafka, redis, "g1", Fuse(10**6))
        await serve(kafka, redis)
        assert await rebuild(kafka, redis, "g2", Fuse(10**6))
        await serve(kafka, redis)
        (key,) = [key async for key in redis.scan_iter(match="*:counted")]
        left = {text(name) for name in await redis.hkeys(key)}
    assert left == {str(journey(name).id) for name in ("april", "april-erased")}


async def test_a_month_that_is_booked_while_a_rebuild_reads_is_taken_as_booked() -> None:
    """Its erasure came after the booking, and the rebuild counts it as if it had not."""
    kafka = Booking()
    async with FakeAsyncRedis(server=FakeServer()) as redis:
        assert await rebuild(kafka, redis, "g1", Fuse(10**6))

        class Meanwhile(Booking):
            async def read(self, beginnings: Any, ends: Any) -> Any:
                async for piece in super().read(beginnings, ends):
                    yield piece
                if not self.records:
                    await serve(self, redis)
                    self.bodies += ERASED
                    await serve(self, redis)

        meanwhile = Meanwhile(bodies=kafka.bodies, told=kafka.told, heard=kafka.heard)
        assert await rebuild(meanwhile, redis, "g2", Fuse(10**6))
        cells = await frozen(redis)
    assert cells["ended||success"] == 2
    assert meanwhile.told["journeys_started|town|permit|website"].net == 4
    assert meanwhile.falls == []
