"""Which generation counts, and how one is replaced by another."""

from collections.abc import Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError

from schemas.vocabulary import RevisionReason
from services.metrics.adapters.redis_books import RedisBooks
from services.metrics.adapters.redis_counters import Gate, RedisCounters
from services.metrics.adapters.redis_keys import Place, text
from services.metrics.adapters.redis_lock import RedisLock
from services.metrics.adapters.redis_scripts import SWITCH
from services.metrics.domain.blocks import Block
from services.metrics.domain.changes import counter_in
from services.metrics.domain.pairs import Pairs
from services.metrics.domain.periods import Shelf
from services.metrics.domain.told import Told

_PAUSED = "paused:"
_HOLD_SECONDS = 30


class RedisDraft(RedisCounters):
    """A generation that is being made: counted by its maker alone."""

    is_being_made = True

    def __init__(self, redis: Redis, place: Place, generation: str, gate: Gate) -> None:
        super().__init__(redis, place, generation, gate)
        self.books = RedisBooks(redis, place, generation)
        self.standing = self.books.standing
        self.blocks = self.books.blocks
        self.forget = self.books.forget

    async def take(self, booked: Mapping[Block, Mapping[str, int]]) -> None:
        """Put these months, frozen, in the place of what was counted in them."""
        await self.books.adopt(booked)

    async def nets(self) -> dict[str, int]:
        """What each counter counts, over all months."""
        nets: dict[str, int] = {}
        for block in sorted(await self.blocks()):
            if block.kind is Shelf.MONTH:
                for name, n in (await self.books.cells(block)).items():
                    if (counter := counter_in(name)) is not None:
                        nets[counter] = nets.get(counter, 0) + n
        return nets

    async def finish(self, pairs: Pairs, told: Told, reason: RevisionReason) -> None:
        """Take pairs and what subscribers were told; have all blocks told anew, and what is only
        remembered for the making forgotten.
        """
        await self.replace_pairs(pairs)
        await self.books.remember(told)
        await self.books.mark_all(reason, told)
        await self.books.have_swept()


class RedisGenerations:
    """The pointer and the lock of the one who moves it. The client must not decode responses."""

    def __init__(self, redis: Redis, place: Place) -> None:
        self._redis = redis
        self._place = place
        self._switch = redis.register_script(SWITCH)
        self._lock = RedisLock(redis, place.rebuilding, _HOLD_SECONDS)

    async def current(self) -> str | None:
        """The generation that counts; None when there is none, or it stands still for another."""
        found = await self._redis.get(self._place.pointer)
        name = text(found) if found else None
        return None if name is None or name.startswith(_PAUSED) else name

    async def hold(self, generation: str) -> bool:
        """Take the lock for making `generation`; False when another has it."""
        return await self._lock.hold(generation)

    async def hold_on(self, generation: str) -> bool:
        """Keep the lock; False when it is lost or Redis does not answer. It is lost unless this is
        done within 30 seconds, and never taken again: meanwhile another may have been at it.
        """
        try:
            return await self._lock.hold_on(generation)
        except RedisError:
            return False

    async def release(self, generation: str) -> None:
        """Give the lock back."""
        await self._lock.release(generation)

    def counters(self, generation: str) -> RedisCounters:
        """A generation that counts."""
        return RedisCounters.current(self._redis, self._place, generation)

    def draft(self, generation: str) -> RedisDraft:
        """A generation that is being made."""
        gate = Gate(self._place.rebuilding, generation)
        return RedisDraft(self._redis, self._place, generation, gate)

    async def pause(self, generation: str) -> Pairs | None:
        """Stop the counting in whatever generation counts now; the pairs it had reached. None when
        the lock is lost: nothing was stopped.
        """
        before = await self._previous()
        if before is None:
            return {}
        if not await self._moved(generation, f"{_PAUSED}{before}"):
            return None
        return await self.counters(before).pairs()

    async def switch(self, generation: str) -> bool:
        """Let `generation` count and forget all others; False when the lock was lost."""
        if not await self._moved(generation, generation):
            return False
        kept = (self._place.key(generation, ""), *self._place.lasting)
        async for key in self._redis.scan_iter(match=self._place.everything, count=1000):
            if not text(key).startswith(kept):
                await self._redis.unlink(key)
        return True

    async def _previous(self) -> str | None:
        found = await self._redis.get(self._place.pointer)
        return text(found).removeprefix(_PAUSED) if found else None

    async def _moved(self, holder: str, pointer: str) -> bool:
        keys = [self._place.rebuilding, self._place.pointer]
        return bool(await self._switch(keys=keys, args=[holder, pointer]))
