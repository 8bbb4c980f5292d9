"""A key in Redis that one process holds at a time, and what one process knows of its own hold."""

import math
import time
from uuid import uuid4

from redis.asyncio import Redis

from services.metrics.adapters.redis_scripts import HOLD_ON, RELEASE


class RedisLock:
    """Held under a name for so many seconds, and lost unless it is held on to within them."""

    def __init__(self, redis: Redis, key: str, seconds: float) -> None:
        self._redis = redis
        self._key = key
        self.seconds = seconds
        self._hold_on = redis.register_script(HOLD_ON)
        self._release = redis.register_script(RELEASE)

    @property
    def _milliseconds(self) -> int:
        return int(self.seconds * 1000)

    async def hold(self, name: str) -> bool:
        """Take it; False when it is held, under whatever name."""
        return bool(await self._redis.set(self._key, name, nx=True, px=self._milliseconds))

    async def hold_on(self, name: str) -> bool:
        """Keep it for as long again; False when it is not held under this name any more."""
        return bool(await self._hold_on(keys=[self._key], args=[name, self._milliseconds]))

    async def release(self, name: str) -> None:
        """Give it back, unless another holds it by now."""
        await self._release(keys=[self._key], args=[name])


class Lease:
    """Our own hold. By our clock it ends no later than in Redis: it is counted from before Redis
    was asked. So a process that stood still, or was cut off, knows that it holds nothing any more
    without asking anybody.
    """

    def __init__(self, lock: RedisLock) -> None:
        self._lock = lock
        self._name = uuid4().hex
        self._until = -math.inf

    @property
    def is_held(self) -> bool:
        """Whether nobody else can hold it."""
        return time.monotonic() < self._until

    async def take(self) -> bool:
        """False while another holds it, or we still do by the clock of Redis alone."""
        began = time.monotonic()
        return self._held(began, is_ours=await self._lock.hold(self._name))

    async def renew(self) -> bool:
        """For as long again, if it is still ours; a Redis that was emptied meanwhile learns it."""
        if not self.is_held:
            return False
        began = time.monotonic()
        is_ours = await self._lock.hold_on(self._name) or await self._lock.hold(self._name)
        return self._held(began, is_ours=is_ours)

    async def give_back(self) -> None:
        """Let another take it at once."""
        if self.is_held:
            self._until = -math.inf
            await self._lock.release(self._name)

    def _held(self, began: float, *, is_ours: bool) -> bool:
        self._until = began + self._lock.seconds if is_ours else -math.inf
        return is_ours
