"""What one process does for all: running pairs, messages and progress to Kafka, and /metrics."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from services.metrics.adapters.keeper import Keeper, Offsets, reached
from services.metrics.adapters.prometheus_collector import Shown
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.close import Closing
from services.metrics.publish import Publication, Superseded

_FAREWELL_SECONDS = 2


class Reader(Protocol):
    """The consumer beside us."""

    @property
    def is_owner(self) -> bool:
        """Whether we are the one."""

    @property
    def counters(self) -> RedisCounters | None:
        """The generation that counts."""


@dataclass(frozen=True)
class World:
    """What the owner needs of the outside. Those that take a generation ask the store of it."""

    keeper: Keeper
    ends: Callable[[], Awaitable[Offsets]]
    publication: Callable[[str], Publication]
    closing: Callable[[str], Closing]
    telemetry: MetricsTelemetry
    publishing: asyncio.Lock
    beat_seconds: float = 1.0


class Owner:
    """Keeps pairs once a second and tells messages beside it, however long that takes; does nothing
    while another process is the owner.
    """

    def __init__(self, reader: Reader, world: World, publish_seconds: float) -> None:
        self._reader = reader
        self._world = world
        self._publish_seconds = publish_seconds
        self._publish_at = 0.0
        self._publication: tuple[str, Publication] | None = None
        self._ends: Offsets | None = None
        world.telemetry.watch(lambda: reader.is_owner and world.keeper.is_showing)

    def shown(self) -> Shown | None:
        """What /metrics may show; None for nothing."""
        return self._world.keeper.shown() if self._reader.is_owner else None

    async def run(self) -> None:
        """Both until cancelled; what fails is tried again at the next beat. Whoever comes next may
        begin at once.
        """
        loops = [asyncio.ensure_future(self._again(work)) for work in (self._beat, self._tell)]
        try:
            await asyncio.gather(*loops)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.wait(loops, timeout=_FAREWELL_SECONDS)
            with contextlib.suppress(RedisError, TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._world.keeper.resign()

    async def _again(self, work: Callable[[RedisCounters], Awaitable[None]]) -> None:
        while True:
            counters = self._reader.counters
            try:
                if not self._reader.is_owner:
                    await self._resign()
                elif counters is None:
                    await self._world.keeper.stand_by()
                else:
                    await work(counters)
            except (KafkaError, RedisError) as error:
                self._world.telemetry.failed("owner", error)
            except Superseded:
                self._publication = None
            await asyncio.sleep(self._world.beat_seconds)

    async def _resign(self) -> None:
        self._publish_at, self._publication, self._ends = 0.0, None, None
        await self._world.keeper.resign()

    async def _beat(self, counters: RedisCounters) -> None:
        await self._world.keeper.beat(counters)

    async def _tell(self, counters: RedisCounters) -> None:
        """Pairs first: who has heard the progress finds on /metrics what it stands for, unless a
        predecessor still has the lease.
        """
        if time.monotonic() >= self._publish_at:
            self._publish_at = time.monotonic() + self._publish_seconds
            await self._beat(counters)
            async with self._world.publishing:
                await self._publish(counters.generation, counters)

    async def _publish(self, generation: str, counters: RedisCounters) -> None:
        if self._publication is None or self._publication[0] != generation:
            self._publication = generation, self._world.publication(generation)
        publication = self._publication[1]  # the beat beside it may take it away meanwhile
        ends = await self._world.ends()
        offsets = await counters.offsets()
        # While events pour in nobody is at the very end: the end of the last round will do.
        caught_up = max(reached(offsets, goal) for goal in (ends, self._ends or ends))
        self._ends = ends
        if self._world.keeper.has_caught_up:
            await self._world.closing(generation).step()
        sent = await publication.round(datetime.now(UTC), caught_up)
        self._world.telemetry.published(sent)
