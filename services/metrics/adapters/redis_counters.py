"""The counters of one generation: counted in one piece with the offset, or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from redis.asyncio import Redis

from schemas.codec import encode
from services.metrics.adapters.packing import packed, unpacked
from services.metrics.adapters.redis_closings import TOKEN, closings_in
from services.metrics.adapters.redis_keys import Place, text
from services.metrics.adapters.redis_scripts import APPLY
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import Counted
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.tally import Applied, Batch, Moved, Outcome, Outdated, Replaced

_KEYS = (
    *("offsets", "dirty", "sequence", "blocks", "added", "retracted", "counted", "progress"),
    "closings",
)
_encoder = msgspec.json.Encoder()
MARK = "#"  # between a block and a group of its cells, among the dirty


@dataclass(frozen=True)
class Gate:
    """What must hold in Redis for this generation to be written: the pointer that names it, or,
    while it is being made, the lock of its maker.
    """

    key: str
    value: str


class RedisCounters:
    """One generation in a Redis. The client must not decode responses."""

    script = APPLY
    is_being_made = False

    def __init__(self, redis: Redis, place: Place, generation: str, gate: Gate) -> None:
        self._redis = redis
        self._place = place
        self.generation = generation
        self._gate = gate
        self._apply = redis.register_script(self.script)
        self._keys = [gate.key, *(self.key(name) for name in _KEYS)]
        self._cells = self.key("cells:")
        self._closings: Closings | None = None

    @classmethod
    def current(cls, redis: Redis, place: Place, generation: str) -> "RedisCounters":
        """The generation that counts, as long as the pointer names it."""
        return cls(redis, place, generation, Gate(place.pointer, generation))

    def key(self, name: str) -> str:
        """A key of this generation."""
        return self._place.key(self.generation, name)

    async def start(self, offsets: Mapping[int, int]) -> None:
        """Where counting begins in each partition; needed once for every generation."""
        stored: Any = {str(partition): offset for partition, offset in offsets.items()}
        await self._redis.hset(self.key("offsets"), mapping=stored)

    async def offsets(self) -> dict[int, int]:
        """The next offset to count in each partition."""
        stored = await self._redis.hgetall(self.key("offsets"))
        return {int(partition): int(offset) for partition, offset in stored.items()}

    async def pairs(self) -> dict[str, Pair]:
        """The running pairs of all counters that were ever touched."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.hgetall(self.key("added"))
        pipe.hgetall(self.key("retracted"))
        added, retracted = await pipe.execute()
        return {
            text(name): Pair(int(added.get(name, 0)), int(retracted.get(name, 0)))
            for name in {*added, *retracted}
        }

    async def lift(self, by: Mapping[str, int]) -> None:
        """Raise both sides of these counters, which leaves what they count."""
        pipe = self._redis.pipeline(transaction=True)
        for counter, amount in by.items():
            for side in ("added", "retracted"):
                pipe.hincrby(self.key(side), counter, amount)
        await pipe.execute()

    async def replace_pairs(self, pairs: Pairs) -> None:
        """Put other running pairs in the place of all there are; only while it is being made."""
        pipe = self._redis.pipeline(transaction=True)
        for name, side in (("added", 0), ("retracted", 1)):
            pipe.delete(self.key(name))
            values: Any = {counter: pair[side] for counter, pair in pairs.items() if pair[side]}
            if values:
                pipe.hset(self.key(name), mapping=values)
        await pipe.execute()

    async def look(self, ids: Sequence[str]) -> tuple[Closings, list[Counted | None]]:
        """What can change no more, and what was counted last for each id."""
        closings = self.key("closings")
        pipe = self._redis.pipeline(transaction=False)
        pipe.hget(closings, TOKEN)
        if ids:
            pipe.hmget(self.key("counted"), list(ids))
        token, *found = await pipe.execute()
        if self._closings is None or self._closings.token != text(token or b""):
            stored: Any = await self._redis.hgetall(closings)
            self._closings = closings_in(stored, is_being_made=self.is_being_made)
        counted = found[0] if ids else ()
        return self._closings, [None if raw is None else unpacked(raw) for raw in counted]

    async def apply(self, batch: Batch, changes: Changes) -> Outcome | Outdated:
        """Store changes and offset in one piece, if nobody else has counted here meanwhile, and no
        books were closed.
        """
        code, offset = await self._apply(
            keys=self._keys,
            args=[
                self._gate.value,
                batch.partition,
                batch.expected,
                batch.next,
                changes.token,
                self._cells,
                _payload(changes),
                *_counted(changes),
            ],
        )
        match code:
            case 1:
                return Applied(offset)
            case 0:
                return Moved(offset)
            case 2:
                return Outdated()
            case _:
                return Replaced()


def _counted(changes: Changes) -> Iterator[str | bytes]:
    for id_, counted in changes.counted.items():
        if counted is not None:
            yield id_
            yield packed(counted)


def _payload(changes: Changes) -> bytes:
    cells: list[object] = []
    for block, amounts in changes.cells().items():
        cells += (block.name, _flat(amounts))
    revised: list[str] = []
    for block, groups in changes.revised().items():
        for group, reason in groups.items():
            revised += (f"{block.name}{MARK}{group}", reason.value)
    progress: list[str] = []
    for place, told in changes.progress.items():
        progress += (place, encode(told).decode())
    return _encoder.encode(
        {
            "cells": cells,
            "revised": revised,
            "added": _flat(changes.added),
            "retracted": _flat(changes.retracted),
            "over": [id_ for id_, counted in changes.counted.items() if counted is None],
            "progress": progress,
        }
    )


def _flat(amounts: Mapping[str, int]) -> list[str | int]:
    return [part for pair in amounts.items() if pair[1] for part in pair]
