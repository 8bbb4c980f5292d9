"""The same generation as its books are closed: what is frozen, booked, forgotten, swept."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from redis.asyncio import Redis

from services.metrics.adapters.packing import unpacked
from services.metrics.adapters.redis_cells import RedisCells, counts_in
from services.metrics.adapters.redis_closings import BOOKED, FROZEN, SWEEP, TOKEN
from services.metrics.adapters.redis_keys import Place
from services.metrics.adapters.redis_scripts import FORGET, FREEZE
from services.metrics.domain.blocks import Block
from services.metrics.domain.changes import UNFINAL
from services.metrics.domain.closings import Stretches
from services.metrics.domain.contribution import Contribution


class RedisBooks(RedisCells):
    """One generation in a Redis. The client must not decode responses."""

    def __init__(self, redis: Redis, place: Place, generation: str) -> None:
        super().__init__(redis, place, generation)
        self._freeze = redis.register_script(FREEZE)
        self._forget = redis.register_script(FORGET)

    async def forget(self, blocks: Sequence[Block], stretches: Stretches) -> None:
        """Remove these blocks and have nothing more counted in these stretches, in one piece."""
        spans = [("|".join(name), *span) for name, span in stretches.items()]
        await self._forget(
            keys=[self.key(name) for name in ("closings", "blocks", "dirty", "sequence")],
            args=[
                self.key("cells:"),
                len(spans),
                *chain(*spans),
                *(block.name for block in blocks),
            ],
        )

    async def freeze(self, blocks: Sequence[Block]) -> None:
        """Have nothing more counted in those of these months in which no journey can change, if
        this generation counts; each in one piece with the looking.
        """
        own = [self.key(name) for name in ("closings", "dirty", "sequence")]
        await self._freeze(
            keys=[self._place.pointer, *own],
            args=[
                self._generation,
                self.key("cells:"),
                UNFINAL,
                *(block.name for block in blocks),
            ],
        )

    async def cells(self, block: Block) -> dict[str, int]:
        """The sums of a month."""
        stored: Any = await self._redis.hgetall(self.key(f"cells:{block.name}"))
        return counts_in(stored)

    async def mark_booked(self, block: Block) -> None:
        """Remember that a month is where it outlives the store, and have it told so."""
        sequence = await self._next()
        pipe = self._redis.pipeline(transaction=True)
        pipe.hset(self.key("closings"), f"{FROZEN}{block.name}", BOOKED)
        pipe.hset(self.key("dirty"), block.name, sequence)
        await pipe.execute()

    async def adopt(self, booked: Mapping[Block, Mapping[str, int]]) -> None:
        """Put these months, frozen and booked, in the place of what is there."""
        for block, cells in booked.items():
            pipe = self._redis.pipeline(transaction=True)
            pipe.delete(self.key(f"cells:{block.name}"))
            if cells:
                pipe.hset(self.key(f"cells:{block.name}"), mapping=cells)  # type: ignore[arg-type]
            pipe.sadd(self.key("blocks"), block.name)
            pipe.hset(self.key("closings"), f"{FROZEN}{block.name}", BOOKED)
            pipe.hincrby(self.key("closings"), TOKEN, 1)
            await pipe.execute()

    async def have_swept(self) -> None:
        """Have the next sweep look at everybody."""
        await self._redis.hset(self.key("closings"), SWEEP, await self._next())

    async def _next(self) -> int:
        return int(await self._redis.incr(self.key("sequence")))

    async def sweep(self, is_over: Callable[[Contribution], bool]) -> None:
        """Where months were frozen since the last time: remove what was counted for journeys that
        are over, unless it is replaced meanwhile.
        """
        closings, counted = self.key("closings"), self.key("counted")
        due = await self._redis.hget(closings, SWEEP)
        if due is None:
            return
        async for found in self._in_pieces(counted):
            over = {i: raw for i, raw in found.items() if is_over(unpacked(raw).contribution)}
            if over:
                await self._remove_same(keys=[counted], args=list(chain(*over.items())))
        await self._remove_same(keys=[closings], args=[SWEEP, due])

    async def _in_pieces(self, key: str) -> AsyncIterator[dict[bytes, bytes]]:
        cursor, is_first = 0, True
        while cursor or is_first:
            found: Any
            cursor, found = await self._redis.hscan(key, cursor, count=1000)
            is_first = False
            yield found
