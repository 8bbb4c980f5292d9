"""What one process does for all: running pairs, messages and progress to Kafka, and /metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from services.metrics.adapters.prometheus_collector import Shown
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.domain.standing import Standing
from services.metrics.publish import Publication

_BEAT_SECONDS = 1.0


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
    """What the owner needs of the outside."""

    ends: Callable[[], Awaitable[dict[int, int]]]
    keep: Callable[[Pairs], Awaitable[None]]
    standing: Callable[[str], Awaitable[Standing]]
    publication: Callable[[str], Publication]
    telemetry: MetricsTelemetry


class Owner:
    """Beats once a second; does nothing while another process is the owner."""

    def __init__(self, reader: Reader, world: World, publish_seconds: float) -> None:
        self._reader = reader
        self._world = world
        self._publish_seconds = publish_seconds
        self._acknowledged: dict[str, Pair] = {}
        self._standing = Standing([], 0)
        self._goal: dict[int, int] | None = None  # ends of the log when we became the owner
        self._has_caught_up = False
        self._publication: tuple[str, Publication] | None = None
        self._ends: dict[int, int] = {}  # ends of the log at the round before
        self._publish_at = 0.0

    def shown(self) -> Shown | None:
        """What /metrics may show; None for nothing."""
        if not (self._reader.is_owner and self._has_caught_up):
            return None
        return Shown(dict(self._acknowledged), self._standing.watermarks)

    async def run(self) -> None:
        """Beat until cancelled; what fails is tried again at the next beat."""
        while True:
            try:
                await self._beat()
            except (KafkaError, RedisError) as error:
                self._world.telemetry.failed("owner", error)
            await asyncio.sleep(_BEAT_SECONDS)

    async def _beat(self) -> None:
        counters = self._reader.counters
        if not self._reader.is_owner:
            self._resign()
        elif counters is not None:
            await self._keep_pairs(counters)
            if time.monotonic() >= self._publish_at:
                self._publish_at = time.monotonic() + self._publish_seconds
                await self._publish(counters)

    def _resign(self) -> None:
        self._acknowledged.clear()
        self._goal = None
        self._has_caught_up = False
        self._publication = None
        self._publish_at = 0.0

    async def _keep_pairs(self, counters: RedisCounters) -> None:
        offsets = await counters.offsets()
        pairs = await counters.pairs()
        changed = {n: pair for n, pair in pairs.items() if self._acknowledged.get(n) != pair}
        if changed:
            await self._world.keep(changed)
            self._acknowledged.update(changed)
        self._standing = await self._world.standing(counters.generation)
        if not self._has_caught_up:
            self._goal = self._goal or await self._world.ends()
            self._has_caught_up = _reached(offsets, self._goal) == len(self._goal)

    async def _publish(self, counters: RedisCounters) -> None:
        generation = counters.generation
        if self._publication is None or self._publication[0] != generation:
            self._publication = generation, self._world.publication(generation)
        ends = await self._world.ends()
        offsets = await counters.offsets()
        caught_up = max(_reached(offsets, goal) for goal in (ends, self._ends or ends))
        self._ends = ends
        sent = await self._publication[1].round(datetime.now(UTC), caught_up)
        self._world.telemetry.published(sent)


def _reached(offsets: dict[int, int], goal: dict[int, int]) -> int:
    return sum(offsets.get(partition, -1) >= end for partition, end in goal.items())
