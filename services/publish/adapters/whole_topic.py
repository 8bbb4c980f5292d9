"""A topic read once, from its beginning to where it ends now."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer


class Whole(NamedTuple):
    """The newest value of every key, and the sum of the offsets at which the partitions ended."""

    newest: dict[str, bytes]
    end: int


def _any(_: str) -> bool:
    return True


async def newest(
    consumer: AIOKafkaConsumer, wanted: Callable[[str], bool] = _any
) -> dict[str, bytes]:
    """The newest value of every wanted key. Raises KafkaError; the consumer is stopped after."""
    return (await whole(consumer, wanted)).newest


async def whole(consumer: AIOKafkaConsumer, wanted: Callable[[str], bool] = _any) -> Whole:
    """The same, with where it ended."""
    found: dict[str, bytes] = {}
    try:
        await consumer.start()
        ends = await consumer.end_offsets(consumer.assignment())
        for partition, end in ends.items():
            while await consumer.position(partition) < end:
                await _take_in(consumer, found, wanted)
    finally:
        await consumer.stop()
    return Whole(found, sum(ends.values()))


async def end_of(consumer: AIOKafkaConsumer) -> int:
    """Where a topic ends now: more than it was as soon as anybody wrote. Raises KafkaError."""
    try:
        await consumer.start()
        return sum((await consumer.end_offsets(consumer.assignment())).values())
    finally:
        await consumer.stop()


async def _take_in(
    consumer: AIOKafkaConsumer, found: dict[str, bytes], wanted: Callable[[str], bool]
) -> None:
    batches = await consumer.getmany(timeout_ms=500, max_records=1_000)
    for records in batches.values():
        for record in records:
            key = (record.key or b"").decode(errors="replace")
            if record.value is None:
                found.pop(key, None)
            elif wanted(key):
                found[key] = record.value
    await asyncio.sleep(0)
