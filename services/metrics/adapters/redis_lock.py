"""A key in Redis that one process holds at a time."""

from redis.asyncio import Redis

from services.metrics.adapters.redis_scripts import HOLD, HOLD_ON, RELEASE


class RedisLock:
    """Held under a name for so many seconds, and lost unless it is held on to within them. A
    command is sent again when its answer is lost: to take what one holds already is to hold it.
    """

    def __init__(self, redis: Redis, key: str, seconds: float) -> None:
        self._key = key
        self.seconds = seconds
        self._hold = redis.register_script(HOLD)
        self._hold_on = redis.register_script(HOLD_ON)
        self._release = redis.register_script(RELEASE)

    @property
    def _milliseconds(self) -> int:
        return int(self.seconds * 1000)

    async def hold(self, name: str) -> bool:
        """Take it; False when it is held under another name."""
        return bool(await self._hold(keys=[self._key], args=[name, self._milliseconds]))

    async def hold_on(self, name: str) -> bool:
        """Keep it for as long again; False when it is not held under this name any more."""
        return bool(await self._hold_on(keys=[self._key], args=[name, self._milliseconds]))

    async def release(self, name: str) -> None:
        """Give it back, unless another holds it by now."""
        await self._release(keys=[self._key], args=[name])
