"""What one process does for all: running pairs, messages and progress to Kafka, and /metrics."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from services.metrics.adapters.prometheus_collector import Shown
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.redis_lock import Lease
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.close import Closing
from services.metrics.domain.pairs import Pair, Pairs, grown
from services.metrics.domain.standing import Standing
from services.metrics.publish import Publication, Superseded

Offsets = Mapping[int, int]
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
    """What the owner needs of the outside. Those that take a generation ask the store of it. Who
    does not hold the lease keeps and shows nothing: the group may have given partition 0 to another
    long before it tells us.
    """

    ends: Callable[[], Awaitable[Offsets]]
    keep: Callable[[Pairs], Awaitable[None]]
    standing: Callable[[str], Awaitable[Standing]]
    is_current: Callable[[str], Awaitable[bool]]
    publication: Callable[[str], Publication]
    closing: Callable[[str], Closing]
    telemetry: MetricsTelemetry
    publishing: asyncio.Lock
    lease: Lease
    beat_seconds: float = 1.0


@dataclass
class _Term:
    """One time of being the owner or of holding the lease; the next one begins with nothing. `goal`
    are the ends of the log at its beginning, `ends` those at the last round; there is no `standing`
    before something may be shown.
    """

    acknowledged: dict[str, Pair] = field(default_factory=dict)
    standing: Standing | None = None
    goal: Offsets | None = None
    ends: Offsets | None = None
    has_caught_up: bool = False
    publication: tuple[str, Publication] | None = None


class Owner:
    """Keeps pairs once a second and tells messages beside it, however long that takes; does nothing
    while another process is the owner.
    """

    def __init__(self, reader: Reader, world: World, publish_seconds: float) -> None:
        self._reader = reader
        self._world = world
        self._publish_seconds = publish_seconds
        self._publish_at = 0.0
        self._term = _Term()
        self._keeping = asyncio.Lock()

    def shown(self) -> Shown | None:
        """What /metrics may show; None for nothing."""
        term = self._term
        if term.standing is None or not (self._reader.is_owner and self._world.lease.is_held):
            return None
        return Shown(dict(term.acknowledged), term.standing.watermarks)

    async def run(self) -> None:
        """Both until cancelled; what fails is tried again at the next beat."""
        try:
            await asyncio.gather(self._again(self._beat), self._again(self._tell))
        finally:
            with contextlib.suppress(RedisError, TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._world.lease.give_back()

    async def _again(self, work: Callable[[RedisCounters], Awaitable[object]]) -> None:
        while True:
            counters = self._reader.counters
            try:
                if not self._reader.is_owner:
                    await self._resign()
                elif counters is not None:
                    await work(counters)
            except (KafkaError, RedisError) as error:
                self._world.telemetry.failed("owner", error)
            except Superseded:
                self._term.publication = None
            await asyncio.sleep(self._world.beat_seconds)

    async def _resign(self) -> None:
        """Not while pairs are being kept: who takes the lease then keeps newer ones."""
        async with self._keeping:
            self._term = _Term()
            await self._world.lease.give_back()

    async def _beat(self, counters: RedisCounters) -> _Term:
        """Returns its term, as a new one may begin while the caller waits. Only a beat that went
        well renews the lease: who reaches Redis but not Kafka loses it.
        """
        async with self._keeping:
            lease = self._world.lease
            if not lease.is_held and await self._take():
                self._term = _Term()
            term = self._term
            if lease.is_held:
                await self._look(counters, term)
                await self._keep_pairs(counters, term)
                await lease.renew()
            return term

    async def _take(self) -> bool:
        await self._world.ends()  # who cannot reach Kafka leaves it to others
        is_ours = await self._world.lease.take()
        if is_ours:
            self._world.telemetry.lease_taken()
        else:
            self._world.telemetry.lease_awaited()
        return is_ours

    async def _tell(self, counters: RedisCounters) -> None:
        """Pairs first: who has heard the progress finds on /metrics what it stands for."""
        if time.monotonic() >= self._publish_at:
            self._publish_at = time.monotonic() + self._publish_seconds
            term = await self._beat(counters)
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
        process may have kept more since.
        """
        if not term.has_caught_up:
            return
        pairs = await counters.pairs()
        standing = await self._world.standing(counters.generation)
        if not await self._world.is_current(counters.generation):
            raise Superseded
        if not self._world.lease.is_held:
            return
        changed = grown(term.acknowledged, pairs)
        if changed:
            await self._world.keep(changed)
            term.acknowledged.update(changed)
        term.standing = standing

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
