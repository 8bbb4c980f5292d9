"""What arrives in the source, what Faust hands on, and what a worker gets of that it waits for."""

from tests.simulation.logs import SOURCE
from tests.simulation.process import Process
from tests.simulation.world import World, last_words, pick


def produce(world: World, a: int, b: int) -> str:
    """Events arrive in the source."""
    partition = a % world.setting.partitions
    events = [world.subject.event(a // 2 + n * b) for n in range(b % 3 + 1)]
    base = world.logs.of(SOURCE, partition).append(events, world.now)
    return f"{len(events)} events at {partition}/{base}"


def tick(world: World, a: int, b: int) -> str:
    """A tick arrives in the source."""
    world.ticks += b % 4
    partition = a % world.setting.partitions
    base = world.logs.of(SOURCE, partition).append([world.subject.tick(world.ticks)], world.now)
    return f"at {partition}/{base}"


def deliver(world: World, a: int, b: int) -> str:
    """Faust hands on a chunk."""
    chosen = pick(world.delivered, a)
    if chosen is None:
        return ""
    process, partition = chosen
    start = process.at[partition]
    count = process.deliver(partition, b % 5 + 1)
    return f"{count} records from {partition}/{start} to w{process.number}" if count else ""


def work(world: World, a: int, b: int) -> str:
    """Faust goes on where it should, and the worker gets what it waits for, so many times."""
    chosen = pick(world.delivered, a)
    if chosen is None:
        return ""
    process, partition = chosen
    owned = process.delivery.owned.get(partition)
    process.at[partition] = 0 if owned is None else max(0, owned.wanted)
    count = process.deliver(partition, b % 4 + 1)
    answers = answer(process, b // 4 % 12)
    words = last_words(process)
    return f"{count} records of {partition} to w{process.number}, {answers} answers{words}"


def lose_chunk(world: World, a: int, b: int) -> str:
    """Faust skips records for ever, as far as it is concerned."""
    chosen = pick(world.delivered, a)
    if chosen is None:
        return ""
    process, partition = chosen
    end = world.logs.of(SOURCE, partition).end
    process.at[partition] = min(end, process.at[partition] + b % 4 + 1)
    return f"w{process.number} goes on at {partition}/{process.at[partition]}"


def jump(world: World, a: int, b: int) -> str:
    """Faust goes on anywhere."""
    chosen = pick(world.delivered, a)
    if chosen is None:
        return ""
    process, partition = chosen
    process.at[partition] = b % (world.logs.of(SOURCE, partition).end + 1)
    return f"w{process.number} goes on at {partition}/{process.at[partition]}"


def run(world: World, a: int, b: int) -> str:
    """A worker gets what it waits for, a few times."""
    process = pick([one for one in world.running if one.waits], a)
    if process is None:
        return ""
    count = answer(process, b % 7 + 1, b // 7)
    return f"w{process.number} {count} times{last_words(process)}"


def answer(process: Process, most: int, which: int = 0) -> int:
    """Give a worker what it waits for, so many times at most; returns how often."""
    for count in range(most):
        if not process.waits:
            return count
        process.answer(process.waits[which % len(process.waits)])
    return most
