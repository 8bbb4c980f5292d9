"""A rebuild: read, stand still, catch up, write the pairs, and only then let it count."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from schemas.metric import MetricMessage
from schemas.model import Contract
from schemas.vocabulary import RevisionReason
from services.metrics.commands.rebuild import AnotherRebuilds, Booked, Rebuild, RebuildFailed
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.domain.told import Told
from services.metrics.tally import Batch, Outcome, Outdated, Record, Replaced
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import ended, journey, record, rules

STARTED = "journeys_started|town|permit|website"
Offsets = Mapping[int, int]


@dataclass
class Draft(MemoryStore):
    """A generation in memory; says no when its lock is gone."""

    done: list[str] = field(default_factory=list)
    is_locked: bool = True
    finished: tuple[Pairs, Told, RevisionReason] | None = None

    async def apply(self, batch: Batch, changes: object) -> Outcome | Outdated:
        if not self.is_locked:
            return Replaced()
        self.done.append(f"count {batch.expected}..{batch.next}")
        return await super().apply(batch, changes)  # type: ignore[arg-type]

    async def finish(self, pairs: Pairs, told: Told, reason: RevisionReason) -> None:
        self.finished = (pairs, told, reason)
        self.done.append("finish")


@dataclass
class World:
    """Every port, one list of what was done. `growing` bodies arrive while the log is read."""

    bodies: list[Contract]
    growing: list[Contract] = field(default_factory=list)
    told: dict[str, Pair] = field(default_factory=dict)
    counting: dict[str, Pair] = field(default_factory=dict)
    is_free: bool = True
    loses_lock_at: str = ""
    done: list[str] = field(default_factory=list)
    kept: Pairs = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.new = Draft(done=self.done)

    async def span(self) -> tuple[Offsets, Offsets]:
        ends = {0: len(self.bodies)}
        self.bodies.extend(self.growing)
        self.growing = []
        return {0: 0}, ends

    async def read(
        self, beginnings: Offsets, ends: Offsets
    ) -> AsyncIterator[tuple[int, Sequence[Record]]]:
        records = [record(n, body) for n, body in enumerate(self.bodies)]
        if beginnings[0] < ends[0]:
            yield 0, records[beginnings[0] : ends[0]]

    async def hold(self, generation: str) -> bool:
        self.done.append(f"hold {generation}")
        return self.is_free

    async def hold_on(self, generation: str) -> bool:
        self.done.append(f"hold on {generation}")
        return self.loses_lock_at != "hold on"

    async def release(self, generation: str) -> None:
        self.done.append(f"release {generation}")

    def draft(self, _: str) -> Draft:
        return self.new

    async def pause(self, _: str) -> Pairs | None:
        self.done.append("pause")
        return None if self.loses_lock_at == "pause" else self.counting

    async def switch(self, generation: str) -> bool:
        self.done.append(f"switch {generation}")
        return self.loses_lock_at != "switch"

    async def pairs(self) -> Pairs:
        return self.told

    async def booked(self) -> Booked:
        return {}

    async def messages(self) -> Sequence[MetricMessage]:
        return ()

    async def keep(self, pairs: Pairs) -> None:
        self.kept = pairs
        self.done.append("keep")


def work(world: World) -> Rebuild:
    return Rebuild(rules(), world, world, world, Heard())


async def test_the_pairs_are_written_before_the_generation_counts() -> None:
    world = World([journey("1")], growing=[journey("2")])
    await work(world).run("g2", lambda: world.done.append("begin"))
    assert world.done == [
        "hold g2",
        "begin",
        "count 0..1",
        "pause",
        "count 1..2",
        "hold on g2",
        "keep",
        "finish",
        "switch g2",
        "release g2",
    ]
    assert world.new.next == {0: 2}


async def test_what_was_told_is_gone_on_from() -> None:
    world = World([ended("1"), ended("2")], told={STARTED: Pair(5, 1), "gone": Pair(2, 0)})
    await work(world).run("g2")
    assert (world.kept[STARTED], world.kept["gone"]) == (Pair(5, 3), Pair(2, 2))
    assert world.new.finished == (world.kept, {}, RevisionReason.REBUILT)


async def test_pairs_that_were_counted_but_not_told_yet_are_not_lost() -> None:
    world = World([ended("1")], told={STARTED: Pair(1, 0)}, counting={STARTED: Pair(4, 0)})
    await work(world).run("g2")
    assert world.kept[STARTED] == Pair(4, 3)


async def test_a_rebuild_that_another_is_at_begins_nothing_and_says_so() -> None:
    world = World([journey()], is_free=False)
    with pytest.raises(AnotherRebuilds):
        await work(world).run("g2", lambda: world.done.append("begin"))
    assert world.done == ["hold g2"]


@pytest.mark.parametrize("when", ["count", "pause", "hold on", "switch"])
async def test_a_rebuild_that_lost_its_lock_ends_with_an_error(when: str) -> None:
    world = World([journey()], loses_lock_at=when)
    world.new.is_locked = when != "count"
    with pytest.raises(RebuildFailed):
        await work(world).run("g2")
    assert world.done[-1] == "release g2"
    assert ("keep" in world.done) == (when == "switch"), "older pairs than the other's were told"


async def test_the_lock_is_held_again_while_the_work_takes_long() -> None:
    held_again = asyncio.Event()

    class Patient(World):
        async def hold_on(self, generation: str) -> bool:
            if self.done.count(f"hold on {generation}") > 1:
                held_again.set()
            return await super().hold_on(generation)

        async def pairs(self) -> Pairs:
            await held_again.wait()
            return {}

    world = Patient([journey()])
    await Rebuild(rules(), world, world, world, Heard(), hold_again_seconds=0).run("g2")
    assert "switch g2" in world.done


async def test_who_waits_is_told_how_far_it_is() -> None:
    world, told = World([journey("1"), journey("2")], growing=[journey("3")]), []
    done = Rebuild(
        rules(), world, world, world, Heard(), advance=lambda *numbers: told.append(numbers)
    )
    await done.run("g2")
    assert told == [(2, 2), (1, 1)]
