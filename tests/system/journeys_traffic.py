"""A steady flow of journeys onto journeys.v1, and the pairs that its records must make."""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock
from types import TracebackType
from typing import Any, Self

from schemas.codec import decode
from schemas.journey import JourneySnapshot
from schemas.topics import JOURNEYS
from services.metrics.domain.contribution import Contribution, contribution, minus
from services.metrics.domain.pairs import Pair
from tests.integration.metrics_under_test import send, sending
from tests.system.topic import kind_of, read_all
from tests.unit.metrics.snapshots import contact, ended, journey, rules, step

_AT_ONCE = 10
_PAUSE_SECONDS = 0.5
_VERSIONS = 4


def version(n: int, number: int) -> JourneySnapshot:
    """A version (1 to 4) of a life: it starts, is asked, ends; and then every third is found to
    have ended otherwise, every fifth is erased.
    """
    ident = f"life-{n}"
    asked: dict[str, Any] = {
        "survey": (step("offered"), step(answer=n % 5 + 1)),
        "contacts": (contact(),) if n % 2 else (),
    }
    end = {"hours": n % 900, "version": number, **asked}
    if number == 1:
        return journey(ident)
    if number == 2:
        return journey(ident, version=2, **asked)
    if number == 3 or n % 15 not in (0, 3, 5, 6, 9, 10, 12):
        return ended(ident, **end, outcome="abandoned")
    return ended(ident, version=number, erased=True) if n % 5 == 0 else ended(ident, **end)


def wave(n: int) -> Iterator[JourneySnapshot]:
    """What is sent at once: new lives, and the next version of those before."""
    for number in range(1, _VERSIONS + 1):
        first = (n - number + 1) * _AT_ONCE
        if first >= 0:
            yield from (version(life, number) for life in range(first, first + _AT_ONCE))


class Traffic:
    """`with Traffic(bootstrap) as traffic`: waves are sent inside, from a thread of its own."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._ended = Event()
        self._turn = Lock()
        self._pool = ThreadPoolExecutor(1)
        self._work: Future[None]

    def __enter__(self) -> Self:
        self._work = self._pool.submit(lambda: asyncio.run(self._flow()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._pool.shutdown()
        if error is None:
            self._work.result()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is sent inside."""
        with self._turn:
            yield

    async def _flow(self) -> None:
        async with sending(self._bootstrap) as producer:
            n = 0
            while not self._ended.is_set():
                with self._turn:
                    await send(producer, wave(n))
                n += 1
                await asyncio.sleep(_PAUSE_SECONDS)


def snapshots(bootstrap: str) -> list[JourneySnapshot]:
    """Every snapshot that lies on journeys.v1, those of one partition in their order."""
    records = asyncio.run(read_all(bootstrap, JOURNEYS))
    return [decode(JourneySnapshot, r.value) for r in records if kind_of(r) == "journey"]


def pairs(bodies: Iterable[JourneySnapshot]) -> dict[str, Pair]:
    """What was ever added and taken back by these, if each was counted once in this order."""
    made: dict[object, Contribution] = {}
    found: dict[str, Pair] = {}
    for body in bodies:
        now = contribution(body, rules())
        before = made.get(body.id, Contribution())
        for name, n in minus(now.counters, before.counters).items():
            pair = found.get(name, Pair())
            found[name] = Pair(pair.added + max(n, 0), pair.retracted - min(n, 0))
        made[body.id] = now
    return found
