"""The running pairs: kept in Kafka first, then shown on /metrics, by one process at a time."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from services.metrics.adapters.lease import Lease
from services.metrics.adapters.prometheus_collector import Shown
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.domain.pairs import Pair, Pairs, grown, missing
from services.metrics.domain.standing import Standing
from services.metrics.publish import Superseded

Offsets = Mapping[int, int]
_RENEWALS_WITHOUT_KAFKA = 1 / 3  # of a lease


@dataclass
class _Term:
    """One time of holding the lease. `floor` is what this process had told before, `goal` the ends
    of the log at the beginning; nothing is shown before there is a `standing`.
    """

    floor: Pairs = field(default_factory=dict)
    acknowledged: dict[str, Pair] = field(default_factory=dict)
    standing: Standing | None = None
    goal: Offsets | None = None
    has_caught_up: bool = False


@dataclass
class Keeper:
    """Who does not hold the lease keeps and shows nothing: the group may have given partition 0 to
    another long before it tells us.
    """

    ends: Callable[[], Awaitable[Offsets]]
    keep: Callable[[Pairs], Awaitable[None]]
    standing: Callable[[str], Awaitable[Standing]]
    is_current: Callable[[str], Awaitable[bool]]
    lease: Lease
    telemetry: MetricsTelemetry
    clock: Callable[[], float] = time.monotonic
    _term: _Term = field(default_factory=_Term)
    _reached_kafka_at: float = -math.inf
    _working: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def has_caught_up(self) -> bool:
        """Whether everything is counted that was on the log when the lease was taken."""
        return self._term.has_caught_up

    @property
    def is_showing(self) -> bool:
        """Whether there is anything to show."""
        return self._term.standing is not None and self.lease.is_held

    def shown(self) -> Shown | None:
        """What may be shown; None for nothing."""
        term = self._term
        if term.standing is None or not self.lease.is_held:
            return None
        return Shown(dict(term.acknowledged), term.standing.watermarks)

    async def beat(self, counters: RedisCounters) -> None:
        """Keep what has grown. Raises Superseded where these counters do not count any more."""
        async with self._working:
            if not self.lease.is_held:
                await self._begin()
            if self.lease.is_held:
                is_current = await self._keep(counters)
                await self._hold_on()
                if not is_current:
                    raise Superseded

    async def stand_by(self) -> None:
        """Nothing counts just now: go on showing what was kept, for as long as that is ours."""
        async with self._working:
            if self.lease.is_held:
                await self._hold_on()

    async def resign(self) -> None:
        """Let another begin; not while pairs are being kept, as it keeps newer ones."""
        async with self._working:
            if self.lease.is_held:
                self.telemetry.lease_over()
            self._term = self._next_term()
            await self.lease.give_back()

    def _next_term(self) -> _Term:
        return _Term(floor={**self._term.floor, **self._term.acknowledged})

    async def _begin(self) -> None:
        """Kafka is asked first: who cannot reach it leaves the lease to others."""
        await self._reach_kafka()
        if await self.lease.take():
            self.telemetry.lease_taken()
            self._term = self._next_term()
        else:
            self.telemetry.lease_awaited()

    async def _hold_on(self) -> None:
        """Only who has reached Kafka of late, for the same reason."""
        silent = self.clock() - self._reached_kafka_at
        if silent > _RENEWALS_WITHOUT_KAFKA * self.lease.seconds:
            await self._reach_kafka()
        if not await self.lease.renew():
            self.telemetry.lease_over()

    async def _reach_kafka(self) -> Offsets:
        ends = await self.ends()
        self._reached_kafka_at = self.clock()
        return ends

    async def _keep(self, counters: RedisCounters) -> bool:
        """Nothing before all is caught up: a Redis that lost its last second counts it again, and
        must not be seen to fall meanwhile. Counted again, a journey may have passed fewer stages
        than before, at once: then the counters are lifted to what was told. Nothing is kept that
        was read so long ago that another may have kept more since.

        Returns False where the counters do not count any more.
        """
        term = self._term
        if not await self._look(counters, term):
            return True
        pairs = await counters.pairs()
        standing = await self.standing(counters.generation)
        if not await self.is_current(counters.generation):
            return False
        if short := missing(term.floor, pairs):
            await counters.lift(short)
        elif self.lease.is_held:
            await self._keep_grown(grown(term.acknowledged, pairs), term)
            term.standing, term.floor = standing, {}
        return True

    async def _keep_grown(self, pairs: Pairs, term: _Term) -> None:
        if pairs:
            await self.keep(pairs)
            self._reached_kafka_at = self.clock()
            term.acknowledged.update(pairs)

    async def _look(self, counters: RedisCounters, term: _Term) -> bool:
        if not term.has_caught_up:
            term.goal = term.goal or await self._reach_kafka()
            term.has_caught_up = reached(await counters.offsets(), term.goal) == len(term.goal)
        return term.has_caught_up


def reached(offsets: Offsets, goal: Offsets) -> int:
    """How many partitions are counted as far as that."""
    return sum(offsets.get(partition, -1) >= end for partition, end in goal.items())
