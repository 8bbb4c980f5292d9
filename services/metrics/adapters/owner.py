"""What one process does for all: running pairs, messages and progress to Kafka, and /metrics."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from services.metrics.adapters.prometheus_collector import Shown
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.close import Closing
from services.metrics.domain.pairs import Pair, Pairs, grown
from services.metrics.domain.standing import Standing
from services.metrics.publish import Publication, Superseded

Offsets = Mapping[int, int]


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
    """What the owner needs of the outside. Those that take a generation ask the store of it. What
    was not looked at for `fresh_seconds` may be shown by another process by now: further on.
    """

    ends: Callable[[], Awaitable[Offsets]]
    keep: Callable[[Pairs], Awaitable[None]]
    standing: Callable[[str], Awaitable[Standing]]
    is_current: Callable[[str], Awaitable[bool]]
    publication: Callable[[str], Publication]
    closing: Callable[[str], Closing]
    telemetry: MetricsTelemetry
    publishing: asyncio.Lock
    fresh_seconds: float = 45.0
    beat_seconds: float = 1.0


@dataclass
class _Term:
    """One time of being the owner; the next one begins with nothing. `goal` are the ends of the
    log at its beginning, `ends` those at the last round; `beat_at` is when the last beat began.
    """

    acknowledged: dict[str, Pair] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing((), 0))
    goal: Offsets | None = None
    ends: Offsets | None = None
    has_caught_up: bool = False
    looked_at: float = -math.inf
    beat_at: float = field(default_factory=time.monotonic)
    silent_until: float = -math.inf
    publication: tuple[str, Publication] | None = None
    publish_at: float = 0.0


class Owner:
    """Keeps pairs once a second and tells messages beside it, however long that takes; does nothing
    while another process is the owner.
    """

    def __init__(self, reader: Reader, world: World, publish_seconds: float) -> None:
        self._reader = reader
        self._world = world
        self._publish_seconds = publish_seconds
        self._term = _Term()
        self._keeping = asyncio.Lock()

    def shown(self) -> Shown | None:
        """What /metrics may show; None for nothing."""
        term = self._term
        is_fresh = time.monotonic() - term.looked_at < self._world.fresh_seconds
        if not (self._reader.is_owner and is_fresh):
            return None
        return Shown(dict(term.acknowledged), term.standing.watermarks)

    async def run(self) -> None:
        """Both until cancelled; what fails is tried again at the next beat."""
        await asyncio.gather(self._again(self._beat), self._again(self._tell))

    async def _again(self, work: Callable[[RedisCounters, _Term], Awaitable[None]]) -> None:
        """The term is handed on: the other loop may begin a new one while this waits."""
        while True:
            counters, term = self._reader.counters, self._term
            try:
                if not self._reader.is_owner:
                    self._term = _Term()
                elif counters is not None:
                    await work(counters, term)
            except (KafkaError, RedisError) as error:
                self._world.telemetry.failed("owner", error)
            except Superseded:
                term.publication = None
            await asyncio.sleep(self._world.beat_seconds)

    async def _beat(self, counters: RedisCounters, term: _Term) -> None:
        async with self._keeping:
            if not self._is_silent(term):
                await self._look(counters, term)
                await self._keep_pairs(counters, term)

    def _is_silent(self, term: _Term) -> bool:
        """Who stood still for a session may be the owner no more and not know it yet: it keeps and
        shows nothing until the group must have told it.
        """
        now = time.monotonic()
        if now - term.beat_at > self._world.fresh_seconds:
            term.silent_until = now + self._world.fresh_seconds
        term.beat_at = now
        return now < term.silent_until

    async def _tell(self, counters: RedisCounters, term: _Term) -> None:
        """Pairs first: who has heard the progress finds on /metrics what it stands for."""
        if time.monotonic() >= term.publish_at:
            term.publish_at = time.monotonic() + self._publish_seconds
            await self._beat(counters, term)
            async with self._world.publishing:
                await self._publish(counters, term)

    async def _look(self, counters: RedisCounters, term: _Term) -> None:
        """Whether everything that was on the log when we became the owner is counted."""
        if not term.has_caught_up:
            term.goal = term.goal or await self._world.ends()
            reached = _reached(await counters.offsets(), term.goal)
            term.has_caught_up = reached == len(term.goal)

    async def _keep_pairs(self, counters: RedisCounters, term: _Term) -> None:
        """Nothing before all is caught up: a Redis that lost its last second counts it again, and
        must not be seen to fall meanwhile. Nothing that was read so long ago, either, that another
        process may have kept more since; and what is shown is as old as its reading.
        """
        if not term.has_caught_up:
            return
        began = time.monotonic()
        pairs = await counters.pairs()
        standing = await self._world.standing(counters.generation)
        if not await self._world.is_current(counters.generation):
            raise Superseded
        if time.monotonic() - began > self._world.fresh_seconds:
            return
        changed = grown(term.acknowledged, pairs)
        if changed:
            await self._world.keep(changed)
            term.acknowledged.update(changed)
        term.standing = standing
        term.looked_at = began

    async def _publish(self, counters: RedisCounters, term: _Term) -> None:
        generation = counters.generation
        if term.publication is None or term.publication[0] != generation:
            term.publication = generation, self._world.publication(generation)
        publication = term.publication[1]  # a beat that is superseded meanwhile takes it away
        ends = await self._world.ends()
        offsets = await counters.offsets()
        # While events pour in nobody is at the very end: the end of the last round will do.
        caught_up = max(_reached(offsets, goal) for goal in (ends, term.ends or ends))
        term.ends = ends
        if term.has_caught_up:
            await self._world.closing(generation).step()
        sent = await publication.round(datetime.now(UTC), caught_up)
        self._world.telemetry.published(sent)


def _reached(offsets: Offsets, goal: Offsets) -> int:
    return sum(offsets.get(partition, -1) >= end for partition, end in goal.items())
