"""What one process does for all, and what it never shows."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry
from redis.exceptions import RedisError

from services.metrics.adapters.keeper import Keeper
from services.metrics.adapters.lease import Lease
from services.metrics.adapters.owner import Owner, World
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.close import Closing
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.domain.standing import Standing
from services.metrics.publish import Publication
from services.metrics.tally import Batch, Tally
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import START, journey, progress, record, rules

STARTED = "journeys_started|town|permit|website"


class Generation(MemoryStore):
    """A store with a name."""

    generation = "g1"


@dataclass
class Clock:
    """The owner's clock, so many seconds ahead of the real one."""

    ahead: float = 0
    real: Callable[[], float] = time.monotonic

    def monotonic(self) -> float:
        return self.real() + self.ahead


@dataclass
class Lock:
    """As the one in Redis."""

    seconds: float = 60
    holder: str | None = None
    clock: Clock = field(default_factory=Clock)
    _until: float = 0

    async def hold(self, name: str) -> bool:
        if self.holder not in {None, name} and self.clock.monotonic() < self._until:
            return False
        self.holder = name
        return await self.hold_on(name)

    async def hold_on(self, name: str) -> bool:
        if self.holder == name:
            self._until = self.clock.monotonic() + self.seconds
        return self.holder == name

    async def release(self, name: str) -> None:
        if self.holder == name:
            self.holder = None


@dataclass
class Outside:
    """The world of an owner, and the consumer beside it."""

    store: Generation = field(default_factory=lambda: Generation({0: 0}))
    heard: Heard = field(default_factory=Heard)
    end: int = 1
    is_owner: bool = True
    kept: list[dict[str, Pair]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    has_generation: bool = True
    lock: Lock = field(default_factory=Lock)

    @property
    def counters(self) -> Generation | None:
        return self.store if self.has_generation else None

    async def keep(self, pairs: Pairs) -> None:
        if self.troubles:
            raise self.troubles.pop()
        self.kept.append(dict(pairs))

    async def ends(self) -> dict[int, int]:
        if self.troubles:
            raise self.troubles.pop()
        return {0: self.end}

    async def standing(self, _: str) -> Standing:
        return await self.store.standing()

    async def is_current(self, _: str) -> bool:
        return await self.store.is_current()

    async def count(self, *idents: str) -> None:
        at = self.store.next[0]
        records = [record(at + n, journey(ident)) for n, ident in enumerate(idents)]
        records.append(record(at + len(records), progress(START)))
        batch = Batch(0, at, at + len(records), records)
        await Tally(rules(), self.store, self.heard).record(batch)

    def world(self) -> World:
        telemetry = MetricsTelemetry(CollectorRegistry())
        keeper = Keeper(
            ends=self.ends,
            keep=self.keep,
            standing=self.standing,
            is_current=self.is_current,
            lease=Lease(self.lock, self.lock.clock.monotonic),
            telemetry=telemetry,
            clock=self.lock.clock.monotonic,
        )
        return World(
            keeper=keeper,
            ends=self.ends,
            publication=lambda _: Publication(rules(), self.store, self.heard, "owner"),
            closing=lambda _: Closing(rules(), self.store, self.heard),
            telemetry=telemetry,
            publishing=asyncio.Lock(),
            beat_seconds=0,
        )


@pytest.fixture
def clock(outside: Outside) -> Clock:
    return outside.lock.clock


@pytest.fixture
def outside() -> Outside:
    return Outside()


async def beating(outside: Outside, steps: Callable[[Owner], Awaitable[None]]) -> Owner:
    """Let it beat while `steps` go on."""
    owner = Owner(outside, outside.world(), publish_seconds=0)  # type: ignore[arg-type]
    beats = asyncio.create_task(owner.run())
    try:
        async with asyncio.timeout(10):
            await steps(owner)
        assert not beats.done()
    finally:
        beats.cancel()
    return owner


async def until(holds: Callable[[], object]) -> None:
    while not holds():  # noqa: ASYNC110  what is waited for is seen from outside only
        await asyncio.sleep(0)


async def a_while() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_pairs_are_shown_once_they_are_kept(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        shown = owner.shown()
        assert shown is not None
        assert shown.pairs == outside.kept[0]
        assert shown.pairs[STARTED] == Pair(1, 0)
        assert shown.watermarks.times == {"live": START}

    await beating(outside, steps)


async def test_nothing_is_kept_or_shown_before_the_log_is_caught_up_with(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        outside.end = 100
        await outside.count("1")
        await a_while()
        assert (owner.shown(), outside.kept) == (None, [])

    await beating(outside, steps)


async def test_what_is_not_acknowledged_is_not_shown(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        outside.troubles = [KafkaError() for _ in range(10**4)]
        await outside.count("1")
        await a_while()
        assert owner.shown() is None
        outside.troubles.clear()
        await until(owner.shown)

    await beating(outside, steps)


async def test_a_store_that_falls_behind_is_not_seen_to_fall(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1", "2")
        await until(owner.shown)
        outside.store.added[STARTED] = 1
        outside.store.added["new"] = 1
        await until(lambda: "new" in outside.kept[-1])
        shown = owner.shown()
        assert shown is not None
        assert shown.pairs[STARTED] == Pair(2, 0)

    await beating(outside, steps)


@pytest.mark.parametrize("what", ["is_owner", "has_generation"])
async def test_only_the_owner_of_a_generation_publishes(outside: Outside, what: str) -> None:
    async def steps(owner: Owner) -> None:
        setattr(outside, what, False)
        await outside.count("1")
        await a_while()
        assert (owner.shown(), outside.kept, outside.heard.sent) == (None, [], [])

    await beating(outside, steps)


async def test_who_is_the_owner_no_more_shows_nothing(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        outside.is_owner = False
        assert owner.shown() is None
        await a_while()
        outside.is_owner = True
        assert owner.shown() is None
        await until(owner.shown)

    await beating(outside, steps)


async def test_a_store_that_counts_no_more_is_shown_to_nobody(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        outside.store.is_counting = False
        await outside.count("1")
        await a_while()
        assert (owner.shown(), outside.kept, outside.heard.sent) == (None, [], [])

    await beating(outside, steps)


async def test_messages_say_how_many_partitions_are_caught_up(outside: Outside) -> None:
    async def steps(_: Owner) -> None:
        await outside.count("1")
        outside.end = outside.store.next[0]
        await until(lambda: outside.heard.progress)
        assert outside.heard.progress[-1].partitions_caught_up == 1

    await beating(outside, steps)


async def test_a_redis_that_does_not_answer_is_asked_again(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        outside.troubles = [RedisError()]
        await outside.count("1")
        await until(owner.shown)

    await beating(outside, steps)


async def test_numbers_that_could_not_be_renewed_for_long_are_not_shown(outside: Outside) -> None:
    """By then another process may be the owner and have shown higher ones."""

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        outside.troubles = [KafkaError() for _ in range(10**5)]
        await outside.count("2")
        await until(lambda: owner.shown() is None)
        outside.troubles.clear()
        await until(owner.shown)

    outside.lock.seconds = 0.2
    await beating(outside, steps)


async def test_what_was_read_before_it_stood_still_is_neither_kept_nor_shown(
    outside: Outside, clock: Clock
) -> None:
    """Stopped between reading and keeping, while another process became the owner and went on."""

    async def standing_still(_: str) -> Standing:
        if not clock.ahead:
            clock.ahead = 100
            assert await outside.lock.hold("another")
        return await still(_)

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(lambda: clock.ahead)
        await a_while()
        assert (owner.shown(), outside.kept) == (None, [])
        await outside.lock.release("another")
        await until(owner.shown)

    still, outside.standing = outside.standing, standing_still  # type: ignore[method-assign]
    await beating(outside, steps)


async def test_who_stood_still_finds_out_who_shows_before_it_keeps_or_shows_anything(
    outside: Outside, clock: Clock
) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        clock.ahead += 100
        assert owner.shown() is None
        assert await outside.lock.hold("another")
        await outside.count("2")
        await a_while()
        assert owner.shown() is None
        assert len(outside.kept) == 1
        await outside.lock.release("another")
        await until(owner.shown)

    await beating(outside, steps)


async def test_the_lease_is_counted_from_before_it_was_asked_for(
    outside: Outside, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer took longer than it lasts: by then another may hold it."""

    async def slow(name: str) -> bool:
        clock.ahead += 100
        return await hold(name)

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(lambda: clock.ahead > 200)
        assert (owner.shown(), outside.kept) == (None, [])

    hold = outside.lock.hold
    monkeypatch.setattr(outside.lock, "hold", slow)
    await beating(outside, steps)


async def test_a_new_lease_finds_out_anew_whether_the_log_is_caught_up_with(
    outside: Outside, clock: Clock
) -> None:
    """Another may have counted further meanwhile, in a Redis that has lost it since."""

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        outside.end = 99
        clock.ahead += 100
        await a_while()
        assert owner.shown() is None

    await beating(outside, steps)


async def test_counters_that_were_counted_again_by_another_way_are_lifted(
    outside: Outside, clock: Clock
) -> None:
    """A journey that began and was taken back in two batches passed by in one the second time."""

    async def steps(owner: Owner) -> None:
        await outside.count("1", "2")
        await until(owner.shown)
        clock.ahead += 100
        outside.store.added[STARTED] = 1
        outside.end = outside.store.next[0]
        await until(owner.shown)
        shown = owner.shown()
        assert shown is not None
        assert shown.pairs[STARTED] == Pair(2, 1)
        assert (outside.store.added[STARTED], outside.store.retracted[STARTED]) == (2, 1)
        outside.store.added[STARTED] = 1  # what is about to be counted again is not lifted
        await a_while()
        assert outside.store.added[STARTED] == 1

    await beating(outside, steps)


async def test_who_has_nothing_to_keep_must_reach_kafka_all_the_same(
    outside: Outside, clock: Clock
) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        outside.troubles = [KafkaError() for _ in range(10**4)]
        clock.ahead += 30
        await a_while()
        assert owner.shown() is not None
        clock.ahead += 35
        assert owner.shown() is None

    await beating(outside, steps)


async def test_who_never_reached_kafka_does_not_take_the_lease(outside: Outside) -> None:
    async def steps(_: Owner) -> None:
        await outside.count("1")
        await a_while()
        assert outside.lock.holder is None

    outside.troubles = [KafkaError() for _ in range(10**4)]
    await beating(outside, steps)


async def test_what_was_kept_is_shown_on_while_there_is_no_generation(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        outside.has_generation = False
        await asyncio.sleep(0.3)
        assert owner.shown() is not None
        outside.lock.holder = None  # as in a Redis that was emptied
        await a_while()
        assert owner.shown() is None

    outside.lock.seconds = 0.2
    await beating(outside, steps)


async def test_who_could_not_give_it_back_tries_again(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: str) -> None:
        troubles.pop()
        raise RedisError

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        with monkeypatch.context() as once:
            once.setattr(outside.lock, "release", fails)
            outside.is_owner = False
            await until(lambda: not troubles)
        await until(lambda: outside.lock.holder is None)

    troubles = [1]
    await beating(outside, steps)


async def test_one_loop_that_ends_leaves_no_other_that_takes_the_lease_again(
    outside: Outside,
) -> None:
    """As a client below did that gave up waiting by a cancel of its own."""

    class Cancelled(Heard):
        async def publish(self, _: object) -> None:
            raise asyncio.CancelledError

    await outside.count("1")
    outside.heard = Cancelled()
    owner = Owner(outside, outside.world(), publish_seconds=0)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await owner.run()
    await a_while()
    assert outside.lock.holder is None


async def test_two_who_both_believe_to_be_the_owner_never_show_at_once(outside: Outside) -> None:
    """The group has given the partition to another, and one has not heard of it yet."""

    async def steps(first: Owner) -> None:
        await outside.count("1")
        await until(first.shown)
        second = Owner(Outlook(), outside.world(), publish_seconds=60)  # type: ignore[arg-type]
        beats = asyncio.create_task(second.run())
        await a_while()
        assert (first.shown() is None, second.shown()) == (False, None)
        outside.is_owner = False
        await until(second.shown)
        beats.cancel()

    class Outlook:
        is_owner = True
        counters = outside.store

    await beating(outside, steps)


async def test_who_ends_lets_the_next_show_at_once(outside: Outside) -> None:
    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        assert outside.lock.holder is not None

    await beating(outside, steps)
    await a_while()
    assert outside.lock.holder is None


async def test_who_cannot_keep_loses_the_lease(outside: Outside) -> None:
    """It reaches Redis and not Kafka: then another must be able to show."""

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        outside.troubles = [KafkaError() for _ in range(10**5)]
        await outside.count("2")
        async with asyncio.timeout(2):
            while not await outside.lock.hold("another"):
                await a_while()
        await a_while()
        assert owner.shown() is None

    outside.lock.seconds = 0.2
    await beating(outside, steps)


async def test_pairs_are_kept_while_a_round_takes_long(outside: Outside) -> None:
    class Slow(Heard):
        async def publish(self, _: object) -> None:
            await asyncio.Event().wait()

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        await until(owner.shown)
        await outside.count("2")
        await until(lambda: outside.kept[-1].get(STARTED) == Pair(2, 0))

    outside.heard = Slow()
    await beating(outside, steps)


async def test_a_beat_that_is_superseded_while_a_round_goes_on_ends_nothing(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store is emptied in the middle of a round: the beat beside it sees it first."""
    gone, step = asyncio.Event(), Closing.step

    async def slow(closing: Closing) -> None:
        gone.set()
        await a_while()
        gone.clear()
        await step(closing)

    async def is_current(_: str) -> bool:
        return not gone.is_set()

    async def steps(_: Owner) -> None:
        await outside.count("1")
        await until(lambda: outside.heard.sent)

    monkeypatch.setattr(Closing, "step", slow)
    monkeypatch.setattr(outside, "is_current", is_current)
    await beating(outside, steps)


async def test_who_is_no_owner_for_a_moment_goes_on(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One loop begins a new term while the other still asks what is counted."""
    offsets = outside.store.offsets

    async def slow() -> dict[int, int]:
        outside.is_owner = False
        await a_while()
        outside.is_owner = True
        return await offsets()

    async def steps(owner: Owner) -> None:
        await outside.count("1")
        outside.end = 99
        with monkeypatch.context() as once:
            once.setattr(outside.store, "offsets", slow)
            for _ in range(10):
                await a_while()
        outside.end = 1
        await until(owner.shown)

    await beating(outside, steps)
