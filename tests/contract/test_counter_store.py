"""What every counter store promises: the one in memory, the stand-in, and a real Redis."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import redis
from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis

from deploy.redis_users import users
from schemas.model import Contract
from schemas.vocabulary import Level, PeriodKind, RevisionReason
from services.metrics.adapters import redis_keys
from services.metrics.adapters.redis_books import RedisBooks
from services.metrics.adapters.redis_counters import Gate, RedisCounters
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.adapters.redis_scripts import APPLY
from services.metrics.domain.blocks import Block
from services.metrics.domain.changes import Changes
from services.metrics.domain.messages import Series
from services.metrics.domain.pairs import Pair
from services.metrics.domain.periods import Shelf, Watermarks
from services.metrics.domain.revisions import Sent
from services.metrics.domain.shelves import Shelves
from services.metrics.domain.standing import Standing
from services.metrics.domain.targets import Target
from services.metrics.publish import Sums
from services.metrics.tally import Applied, Batch, Moved, Outcome, Outdated, Replaced, Tally
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import START, bucket, ended, journey, progress, record, rules

HOUR = Block("permit", Shelf.HOUR, "2026-03-02T09:00Z", "live")
THERE = HOUR._replace(kind=Shelf.TOUCHPOINT_HOUR)
DAY = Block("permit", Shelf.DAY, "2026-03-02", "live")
MONTH = Block("permit", Shelf.MONTH, "2026-03-01", "live")
ALL = frozenset({HOUR, THERE, DAY, MONTH})
STARTED = "journeys_started|town|permit|website"
FLOW = "flow|journeys_started/town/permit/website|"
T = TypeVar("T")


@dataclass
class Stores:
    """One store, by both of its faces."""

    counters: Any
    cells: Any

    def tally(self) -> Tally:
        """One process that counts."""
        return Tally(rules(), self.counters, Heard())

    async def count(self, *bodies: Contract, expected: int = 0) -> Outcome:
        """Count these, believing that the store stands at `expected`."""
        return await self.tally().record(batch(*bodies, expected=expected))


def batch(*bodies: Contract, expected: int = 0) -> Batch:
    records = [record(expected + n, body) for n, body in enumerate(bodies)]
    return Batch(0, expected, expected + len(records), records)


def some_of(cells: Mapping[str, T]) -> dict[str, T]:
    """The cells of the first measures, and of two counters: there will be more of both."""
    known = ("cohort", "events", "visited", "unfinal", "flow")
    return {
        name: n
        for name, n in cells.items()
        if name.partition("|")[0] in known and "touchpoint_events" not in name
    }


async def in_redis(client: Redis, prefix: str, kind: type[RedisCounters] = RedisCounters) -> Stores:
    place = Place("cluster", 1, prefix)
    await client.set(place.pointer, "g1")
    counters = kind(client, place, "g1", Gate(place.pointer, "g1"))
    await counters.start({0: 0, 1: 0})
    return Stores(counters, RedisBooks(client, place, "g1"))


@pytest.fixture
async def real_redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def as_metrics(redis_url: str, redis_prefix: str) -> str:
    """The same, as the user that metrics is told to have, with keys of this prefix alone."""
    name = redis_prefix.rstrip(":")
    _, ours = users(name, "word", redis_prefix).splitlines()
    with redis.Redis.from_url(redis_url) as administrator:
        administrator.execute_command("ACL", "SETUSER", *ours.split()[1:])
    return redis_url.replace("redis://", f"redis://{name}:word@")


@pytest.fixture(params=["memory", "fakeredis", "redis"])
async def stores(request: pytest.FixtureRequest, redis_prefix: str) -> AsyncIterator[Stores]:
    """Each store, empty, with two partitions."""
    if request.param == "memory":
        memory = MemoryStore({0: 0, 1: 0})
        yield Stores(memory, memory)
    elif request.param == "fakeredis":
        async with FakeAsyncRedis() as fake:
            yield await in_redis(fake, redis_prefix)
    else:
        async with Redis.from_url(request.getfixturevalue("as_metrics")) as client:
            yield await in_redis(client, redis_prefix)


async def test_counts_and_offset_move_together(stores: Stores) -> None:
    assert await stores.count(journey("1"), journey("2")) == Applied(2)
    assert await stores.counters.offsets() == {0: 2, 1: 0}
    at_form = {"events|form|": 2, "visited|form|": 2}
    cells = {"cohort||open": 2, **at_form, "unfinal||": 2}
    flows = {FLOW: 2, "flow|open_journeys/town/permit/citizen|": 2}
    blocks = {HOUR: {"cohort||open": 2}, THERE: at_form, DAY: cells, MONTH: cells | flows}
    found = await stores.cells.sums(list(blocks))
    assert ({b: some_of(c) for b, c in found.cells.items()}, found.reasons) == (blocks, {})
    assert (await stores.counters.pairs())[STARTED] == Pair(2, 0)


async def test_a_refused_batch_leaves_nothing(stores: Stores) -> None:
    await stores.count(journey("1"))
    before = await stores.counters.pairs(), await stores.cells.sums([DAY, MONTH])
    assert await stores.count(journey("2"), expected=0) == Moved(1)
    assert await stores.count(journey("2"), expected=5) == Moved(1)
    assert (await stores.counters.pairs(), await stores.cells.sums([DAY, MONTH])) == before


async def test_a_partition_without_an_offset_is_another_store(stores: Stores) -> None:
    assert await stores.tally().record(Batch(7, 0, 1, [record(0, journey())])) == Replaced()


async def test_a_counter_that_is_taken_back_grows_on_the_other_side(stores: Stores) -> None:
    await stores.count(ended(version=1))
    await stores.count(ended(version=2, erased=True), expected=1)
    assert (await stores.counters.pairs())[STARTED] == Pair(1, 1)
    sums = await stores.cells.sums([DAY])
    assert set(sums.cells[DAY].values()) == {0}


async def test_what_was_counted_last_is_known_by_every_process(stores: Stores) -> None:
    await stores.count(ended(version=3))
    assert await stores.count(ended(version=3), ended(version=2), expected=1) == Applied(3)
    assert (await stores.counters.pairs())[STARTED] == Pair(1, 0)
    _, (last, unknown) = await stores.counters.look([str(ended().id), "unknown"])
    assert (last.version, unknown) == (3, None)


async def test_only_one_of_two_processes_at_the_same_place_counts(stores: Stores) -> None:
    assert sorted(map(str, await both_at_once(stores))) == ["Applied(next=1)", "Moved(current=1)"]
    assert (await stores.counters.pairs())[STARTED] == Pair(1, 0)


async def both_at_once(stores: Stores) -> list[Outcome]:
    """Two processes read the same record, look up what was counted, and only then count."""
    slow, fast = stores.tally(), stores.tally()
    outcomes: list[Outcome] = []

    class Overtaken:
        """The slow one's store: between its reading and its writing the fast one counts."""

        async def look(self, ids: Any) -> Any:
            found = await stores.counters.look(ids)
            outcomes.append(await fast.record(batch(journey())))
            return found

        apply = stores.counters.apply

    outcomes.append(await Tally(slow.rules, Overtaken(), Heard()).record(batch(journey())))
    return outcomes


class WithoutCompare(RedisCounters):
    """The same script, but for the line that compares the offset: the control."""

    script = "\n".join(line for line in APPLY.splitlines() if "~= ARGV[3]" not in line)


async def test_without_the_comparison_two_processes_count_twice(
    real_redis: Redis, redis_prefix: str
) -> None:
    stores = await in_redis(real_redis, redis_prefix, WithoutCompare)
    assert await both_at_once(stores) == [Applied(1), Applied(1)]
    assert (await stores.counters.pairs())[STARTED] == Pair(2, 0)


async def test_what_changed_is_dirty_until_it_is_cleaned(stores: Stores) -> None:
    await stores.count(journey())
    dirty = await stores.cells.dirty()
    assert dirty.what == ALL
    await stores.cells.clean(dirty.tokens)
    assert (await stores.cells.dirty()).what == frozenset()
    assert await stores.cells.blocks() == ALL


async def test_what_changes_while_it_is_told_stays_dirty(stores: Stores) -> None:
    await stores.count(journey("1"))
    dirty = await stores.cells.dirty()
    await stores.count(journey("2"), expected=1)
    await stores.cells.clean(dirty.tokens)
    assert (await stores.cells.dirty()).what == ALL


async def test_a_reason_marks_the_cells_it_changed(stores: Stores) -> None:
    await stores.count(journey(version=1))
    await stores.count(journey(version=2, touchpoints=(), revision_reason="corrected"), expected=1)
    reasons = (await stores.cells.sums([])).reasons
    reasons = {block: some_of(groups) for block, groups in reasons.items()}
    changed = dict.fromkeys(("events|form", "visited|form"), RevisionReason.CORRECTED)
    assert reasons == {THERE: changed, DAY: changed, MONTH: changed}


async def test_a_mark_on_everything_survives_newer_changes(stores: Stores) -> None:
    await stores.count(journey("1"))
    await stores.cells.mark_all(RevisionReason.REBUILT)
    await stores.count(journey("2"), expected=1)
    everything = {"": RevisionReason.REBUILT}
    assert (await stores.cells.sums([])).reasons == dict.fromkeys(ALL, everything)


async def test_a_period_without_a_block_can_be_marked_too(stores: Stores) -> None:
    gone = Target("permit", PeriodKind.MONTH, "2025-01-01")
    await stores.cells.mark_all(RevisionReason.REBUILT, [gone])
    assert (await stores.cells.dirty()).what == {gone}
    assert (await stores.cells.sums([])).reasons == {gone: {"": RevisionReason.REBUILT}}


async def test_a_period_can_be_marked_as_if_it_had_changed(stores: Stores) -> None:
    day = Target("permit", PeriodKind.DAY, "2026-03-02")
    await stores.cells.mark([day])
    dirty = await stores.cells.dirty()
    assert dirty.what == {day}
    assert (await stores.cells.sums([])).reasons == {}
    await stores.cells.clean(dirty.tokens)
    assert (await stores.cells.dirty()).what == frozenset()


async def test_who_tells_is_known_to_all(stores: Stores) -> None:
    assert await stores.cells.leader() is None
    await stores.cells.lead("a")
    await stores.cells.lead("b")
    assert await stores.cells.leader() == "b"


async def test_progress_is_as_of_the_same_instant_as_the_counts(stores: Stores) -> None:
    told = progress(START)
    await stores.count(told)
    assert await stores.cells.standing() == Standing([told], partitions=2)


async def test_what_was_told_is_remembered_by_target(stores: Stores) -> None:
    month, rolling = (
        Target("permit", PeriodKind.MONTH, "2026-03-01"),
        Target("permit", PeriodKind.ROLLING_28D),
    )
    sent = Sent(
        "a", "b", has_ended=True, clocks=("live",), revision=2, reason=RevisionReason.DECIDED
    )
    await stores.cells.remember({month: {"journeys_ended|service|": sent}, rolling: {}})
    assert await stores.cells.sent([month, rolling]) == [{"journeys_ended|service|": sent}, {}]


async def test_how_far_time_was_is_remembered(stores: Stores) -> None:
    assert await stores.cells.told_at() == Watermarks({})
    times = Watermarks({"live": START, "new": None}, frozenset({"old"}))
    await stores.cells.remember_time(times)
    assert await stores.cells.told_at() == times


async def test_buckets_are_replaced_like_journeys(stores: Stores) -> None:
    await stores.count(bucket(version=1), bucket(version=2, actions={"visited": 7}))
    sums = await stores.cells.sums([DAY])
    assert sums.cells[DAY]["events|guide|"] == 7


# -- generations -----------------------------------------------------------------------------------
Make = Callable[[], Awaitable[tuple[RedisGenerations, Redis, Place]]]


@pytest.fixture(params=["fakeredis", "redis"])
async def generations(
    request: pytest.FixtureRequest, redis_prefix: str
) -> AsyncIterator[RedisGenerations]:
    place = Place("cluster", 1, redis_prefix)
    if request.param == "fakeredis":
        async with FakeAsyncRedis() as fake:
            yield RedisGenerations(fake, place)
    else:
        async with Redis.from_url(request.getfixturevalue("as_metrics")) as client:
            yield RedisGenerations(client, place)


async def test_an_empty_redis_has_no_generation(generations: RedisGenerations) -> None:
    assert await generations.current() is None


async def test_one_at_a_time_makes_a_generation(generations: RedisGenerations) -> None:
    assert await generations.hold("g1")
    assert await generations.hold_on("g1")
    assert not await generations.hold("g2")
    await generations.release("g1")
    assert await generations.hold("g2")


async def test_a_lock_that_was_lost_is_lost_for_ever(generations: RedisGenerations) -> None:
    """Meanwhile another may have made a generation, and taken the half-made one away."""
    await made(generations, "g0")
    await generations.hold("g1")
    await generations.release("g1")
    assert not await generations.hold_on("g1")
    assert await generations.pause("g1") is None
    assert await generations.current() == "g0"


async def test_who_lost_the_lock_does_not_give_back_that_of_another(
    generations: RedisGenerations,
) -> None:
    await generations.hold("g2")
    await generations.release("g1")
    assert not await generations.hold("g3")


async def test_who_does_not_hold_the_lock_cannot_switch(generations: RedisGenerations) -> None:
    await generations.hold("g1")
    assert not await generations.switch("g2")
    assert await generations.current() is None


async def made(generations: RedisGenerations, name: str) -> None:
    await generations.hold(name)
    await generations.draft(name).start({0: 0})
    assert await generations.switch(name)
    await generations.release(name)


async def test_a_generation_that_stands_still_counts_nothing_but_its_pairs_are_known(
    generations: RedisGenerations,
) -> None:
    await made(generations, "g1")
    old = Tally(rules(), generations.counters("g1"), Heard())
    assert await old.record(batch(journey())) == Applied(1)
    await generations.hold("g2")
    pairs = await generations.pause("g2")
    assert await generations.current() is None
    assert pairs is not None
    assert pairs[STARTED] == Pair(1, 0)
    assert await old.record(batch(journey("2"), expected=1)) == Replaced()


async def test_a_new_generation_replaces_the_old_one_whole(generations: RedisGenerations) -> None:
    await made(generations, "g1")
    old = generations.counters("g1")
    await Tally(rules(), old, Heard()).record(batch(journey()))
    await made(generations, "g2")
    assert await generations.current() == "g2"
    assert (await old.pairs(), await old.offsets()) == ({}, {})
    assert await generations.counters("g2").offsets() == {0: 0}


async def test_a_draft_is_counted_by_its_maker_alone(generations: RedisGenerations) -> None:
    await generations.hold("g1")
    draft = generations.draft("g1")
    await draft.start({0: 0})
    assert await Tally(rules(), draft, Heard()).record(batch(journey())) == Applied(1)
    await generations.release("g1")
    assert await Tally(rules(), draft, Heard()).record(batch(journey("2"), expected=1)) == (
        Replaced()
    )


async def test_a_counter_that_is_lifted_counts_what_it_counted(
    generations: RedisGenerations,
) -> None:
    await made(generations, "g1")
    counters = generations.counters("g1")
    await counters.lift({"started|town": 2})
    await counters.lift({"started|town": 1, "ended|town": 1})
    assert await counters.pairs() == {"started|town": Pair(3, 3), "ended|town": Pair(1, 1)}


async def test_the_pairs_of_a_draft_are_replaced_by_those_to_go_on_with(
    generations: RedisGenerations,
) -> None:
    await generations.hold("g1")
    draft = generations.draft("g1")
    await draft.start({0: 0})
    await Tally(rules(), draft, Heard()).record(batch(journey()))
    await draft.finish({STARTED: Pair(7, 6), "gone": Pair(2, 2)}, {}, RevisionReason.REBUILT)
    assert await draft.pairs() == {STARTED: Pair(7, 6), "gone": Pair(2, 2)}


# -- closed books ----------------------------------------------------------------------------------
LATER = START + timedelta(days=40)
APRIL = {"opened": LATER, "started": LATER, "touchpoints": ()}


async def test_only_a_month_in_which_nothing_can_change_is_frozen(stores: Stores) -> None:
    april = MONTH._replace(start="2026-04-01")
    await stores.count(journey("1"))
    await stores.cells.freeze([MONTH, april])
    assert (await stores.cells.closings()).frozen == {april: False}
    await stores.count(journey("1", version=2, status="final"), expected=1)
    await stores.cells.freeze([MONTH, april])
    assert (await stores.cells.closings()).unbooked == [MONTH, april]


async def test_a_frozen_month_counts_no_more_and_is_to_be_told(stores: Stores) -> None:
    await stores.count(ended(status="final"))
    await stores.cells.clean((await stores.cells.dirty()).tokens)
    await stores.cells.freeze([MONTH])
    assert (await stores.cells.dirty()).what == {MONTH}
    before = await stores.cells.cells(MONTH), await stores.counters.pairs()
    assert await stores.count(ended(version=3, erased=True), expected=1) == Applied(2)
    assert (await stores.cells.cells(MONTH), await stores.counters.pairs()) == before
    assert await stores.cells.sums([DAY]) == Sums({DAY: await stores.cells.cells(DAY)}, {})


async def test_what_was_made_without_knowing_of_a_freezing_is_refused(stores: Stores) -> None:
    await stores.count(ended(status="final"))
    closings, _ = await stores.counters.look([])
    await stores.cells.freeze([MONTH])
    outdated = Changes(Shelves(rules(), closings))
    late = batch(ended(version=3, erased=True), expected=1)
    assert await stores.counters.apply(late, outdated) == Outdated()
    assert await stores.counters.offsets() == {0: 1, 1: 0}


async def test_a_month_that_is_booked_is_to_be_told_so(stores: Stores) -> None:
    await stores.count(ended(status="final"))
    await stores.cells.freeze([MONTH])
    await stores.cells.clean((await stores.cells.dirty()).tokens)
    await stores.cells.mark_booked(MONTH)
    assert (await stores.cells.closings()).frozen == {MONTH: True}
    assert (await stores.cells.dirty()).what == {MONTH}


async def test_a_sweep_takes_who_is_over_and_happens_once_a_freezing(stores: Stores) -> None:
    done = [ended(str(n), status="final", clock=f"c{n % 2}") for n in range(30)]
    await stores.count(*done)
    await stores.cells.freeze([MONTH])
    await stores.cells.sweep(lambda made: made.clock == "c1")
    _, left = await stores.counters.look([str(one.id) for one in done])
    assert [one is None for one in left] == [n % 2 == 1 for n in range(30)]
    await stores.cells.sweep(lambda _: True)
    _, still = await stores.counters.look([str(done[0].id)])
    assert still != [None]
    await stores.cells.have_swept()
    await stores.cells.sweep(lambda _: True)
    _, none = await stores.counters.look([str(one.id) for one in done])
    assert set(none) == {None}


async def test_what_is_forgotten_is_gone_and_counts_no_more(stores: Stores) -> None:
    await stores.count(journey("1"))
    await stores.cells.clean((await stores.cells.dirty()).tokens)
    stretch = ("permit", Shelf.DAY, "live")
    await stores.cells.forget([DAY], {stretch: (DAY.start, DAY.start)})
    assert await stores.cells.blocks() == ALL - {DAY}
    assert (await stores.cells.dirty()).what == {DAY}
    await stores.count(journey("2"), expected=1)
    assert await stores.cells.blocks() == ALL - {DAY}
    assert (await stores.cells.cells(MONTH))["cohort||open"] == 2


async def test_a_stretch_only_grows(stores: Stores) -> None:
    stretch = ("permit", Shelf.DAY, "live")
    for first, last in (("2026-03-02", "2026-03-09"), ("2026-03-01", "2026-03-05")):
        await stores.cells.forget([], {stretch: (first, last)})
    found = (await stores.cells.closings()).forgotten
    assert found == {stretch: ("2026-03-01", "2026-03-09")}


async def test_what_was_told_of_forgotten_series_is_unlearned(stores: Stores) -> None:
    day = Target("permit", PeriodKind.DAY, "2026-03-02")
    series = [Series("journeys_ended", Level.SERVICE, ""), Series("ease", Level.SERVICE, "a/b")]
    sent = Sent("a", "b", has_ended=True, clocks=("live",))
    await stores.cells.remember({day: {one.name: sent for one in series}})
    await stores.cells.unlearn({day: series[1:]})
    assert await stores.cells.sent([day]) == [{series[0].name: sent}]


async def test_a_draft_takes_booked_months_in_the_place_of_its_own(
    generations: RedisGenerations,
) -> None:
    await generations.hold("g1")
    draft = generations.draft("g1")
    await draft.start({0: 0})
    await draft.take({MONTH: {"ended||success": 5, FLOW: 7}})
    tally = Tally(rules(), draft, Heard())
    await tally.record(batch(ended("1", status="final"), journey("2", **APRIL)))
    assert await draft.nets() == {
        STARTED: 8,
        "open_journeys|town|permit|citizen": 1,
    }
    cells = draft.books
    assert await cells.cells(MONTH) == {"ended||success": 5, FLOW: 7}
    assert (await cells.cells(DAY))["ended||success"] == 1


def test_another_log_or_layout_has_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    pointers = {Place("a", 1).pointer, Place("b", 1).pointer, Place("a", 2).pointer}
    monkeypatch.setattr(redis_keys, "LAYOUT", redis_keys.LAYOUT + 1)
    assert len({*pointers, Place("a", 1).pointer}) == 4
