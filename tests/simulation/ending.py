"""How a history ends: all catch up, everything is read again, and compared with the truth."""

import re
from collections.abc import Iterator, Sequence

from tests.simulation.faust_acts import tick
from tests.simulation.logs import HOUR, JOURNEYS, REJECTED, SOURCE, Record
from tests.simulation.setting import Seen
from tests.simulation.troubles import assign, rebalance, start
from tests.simulation.world import World

_VERSION = re.compile(rb'"version":(\d+)')
_ROUNDS = 60


def rest(world: World, _a: int, b: int) -> str:
    """Hours or days without trouble: whatever is on its way arrives, all catch up, and the
    cleaner comes by. Without that trust in a few quiet minutes nothing could be promised.
    """
    catch_up(world)
    hours = (2, 30, 200)[b % 3]
    world.now += hours * HOUR
    world.logs.clean(world.setting.lag)
    return f"{hours} h"


def catch_up(world: World) -> None:
    """What is on its way lands, workers that end are replaced, and all is applied."""
    for process in world.alive:
        if process.is_frozen:
            process.kill()
    for request in list(world.logs.on_their_way):
        if request.sender not in {one.number for one in world.running}:
            world.logs.land(request)
    for _ in range(2):  # a foreign write is noticed by the next step, and mended after it
        for partition in range(world.setting.partitions):
            tick(world, partition, 0)
        _complete(world)


def _complete(world: World) -> None:
    for _ in range(_ROUNDS):
        if _is_complete(world):
            return
        _one_round(world)
    behind = [one.last_words for one in world.processes if one.last_words][-3:]
    world.wrong.append(f"nobody comes to the end; last words: {behind}")


def _one_round(world: World) -> None:
    world.now += 1.0
    _run_all(world)
    if not _has_owners(world):
        _hand_out(world)
        _run_all(world)
    for process in world.running:
        for partition in process.at:
            owned = process.delivery.owned.get(partition)
            if owned is not None:
                process.at[partition] = max(0, owned.wanted)
                process.deliver(partition, 5)
    _run_all(world)


def _has_owners(world: World) -> bool:
    owned = [number for one in world.running for number in one.delivery.owned]
    return sorted(owned) == list(range(world.setting.partitions)) and all(
        one.delivery.is_ready for one in world.running
    )


def _hand_out(world: World) -> None:
    if not world.running:
        start(world, 0, 0)
    rebalance(world, 0, 0)
    _run_all(world)
    assign(world, 1, 0)


def _run_all(world: World) -> None:
    for process in world.running:
        while process.waits:
            process.answer(process.waits[0])


def _is_complete(world: World) -> bool:
    return _has_owners(world) and all(
        partition.applied == world.logs.of(SOURCE, partition.number).end - 1
        for one in world.running
        for partition in one.delivery.partitions
    )


def differences(world: World) -> list[str]:
    """Catch up, restart everything from what the cleaner leaves, and compare with truth."""
    rest(world, 0, 2)
    rest(world, 0, 2)
    for process in world.alive:
        process.kill()
    catch_up(world)
    found = [*world.wrong, *_compare(world)] if not world.wrong else world.wrong
    for process in world.alive:
        process.kill()
    world.loop.end()
    return found


def _compare(world: World) -> Iterator[str]:
    numbers = range(world.setting.partitions)
    sent = {r.value for n in numbers for r in world.logs.of(SOURCE, n).records if r.value}
    memories = {p.number: p.state for one in world.running for p in one.delivery.partitions}
    for partition in numbers:
        journeys = world.logs.of(JOURNEYS, partition)
        seen = Seen(
            partition=partition,
            source=world.logs.of(SOURCE, partition).records,
            memory=memories[partition],
            newest={r.key: r.value for r in journeys.records},
            rejected=[r.value for r in world.logs.of(REJECTED, 0).records],
            sent=sent,
        )
        for one in (*world.subject.wrong(seen), *_torn(world, journeys.ever)):
            yield f"partition {partition}: {one}"


def _torn(world: World, ever: Sequence[Record]) -> Iterator[str]:
    """Records of one journey and version that are not the same."""
    told: dict[tuple[bytes, int], bytes] = {}
    for record in ever:
        version = _version_in(record.value)
        if version is not None:
            content = world.subject.comparable(record.value)
            if told.setdefault((record.key, version), content) != content:
                yield f"two of version {version}: {content!r}"


def _version_in(value: bytes) -> int | None:
    """The version a record of `journeys.v1` tells; None for progress."""
    found = _VERSION.search(value)
    return int(found[1]) if found else None
