"""Continuous load on two clocks, by senders that never give up: what was answered is kept.

Runs in a thread of its own, so that whoever stops and starts processes may block meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import aiohttp

from deploy.demo.citizens import History, history
from deploy.demo.desks import Desk, desks, source_of
from deploy.demo.languages import cloudevents
from deploy.demo.live import steps
from deploy.demo.play import CLOCK, Endpoints, by_day, shuffled
from deploy.demo.story import Sending
from schemas.catalogue import Catalogue
from schemas.control import LIVE
from tests.chaos.line.wire import Wire

# So long ago that every silence of the named clock has ended before the live one's month began.
END = timedelta(days=900)
_CITIZENS_A_MINUTE = 480
_LIVE_EACH_SECONDS = 0.25
_REPEATED = 0.05
_HELD_BACK = 0.3


class Refused(Exception):
    """A sender got an answer that no outage explains; the message is the answer."""


@dataclass(frozen=True)
class Plan:
    """What is sent: a seed, over how many seconds, days of how many citizens, to which desks."""

    seed: str
    seconds: float
    days: int
    desks: tuple[Desk, ...]
    history: History


def make_plan(seed: str, seconds: float, days: int, catalogue: Catalogue) -> Plan:
    """So many citizens that the pace is the same whatever the length."""
    places = desks(catalogue)
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - END
    citizens = round(_CITIZENS_A_MINUTE * seconds / 60)
    told = history(int(seed), citizens, (end - timedelta(days=days), end), places)
    return Plan(seed, seconds, days, places, told)


@dataclass
class Load:
    """Sends a plan. `accepted` are the ids of the events that were answered as accepted.

    Whoever sets `has_given_up` (from any thread) ends it at its next request.
    """

    plan: Plan
    endpoints: Endpoints
    wire: Wire
    accepted: set[str] = field(default_factory=set)
    answers: int = 0
    refusals: int = 0
    repeated: int = 0
    has_given_up: bool = False

    async def run(self) -> None:
        """Until the named clock had its last tick and everything held back is sent."""
        timeout = aiohttp.ClientTimeout(total=15)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as tasks:
            is_over = asyncio.Event()
            tasks.create_task(self._live(session, is_over))
            tasks.create_task(self.wire.run(Random(f"{self.plan.seed}/wire"), is_over))
            midnight = await self._replay(session)
            is_over.set()
        # After its last tick a clock is closed: not even a copy of what was in time may follow.
        async with aiohttp.ClientSession(timeout=timeout) as session:
            await self._tick(session, midnight, last=True)

    async def _replay(self, session: aiohttp.ClientSession) -> datetime:
        told, rng = self.plan.history, Random(f"{self.plan.seed}/replay")
        days, sent = by_day(told.sendings), deque[list[Sending]](maxlen=60)
        start, midnight = asyncio.get_running_loop().time(), told.begin
        for number in range(1, self.plan.days + 1):
            batches = list(shuffled(days.get(midnight.date(), []), rng))
            again = [rng.choice(sent) for _ in range(3) if sent and rng.random() < _REPEATED * 5]
            self.repeated += sum(map(len, again))
            both = [*batches, *(rng.sample(one, len(one)) for one in again)]
            await asyncio.gather(*(self._send(session, batch) for batch in both))
            sent.extend(batches)
            midnight += timedelta(days=1)
            due = start + self.plan.seconds * number / self.plan.days
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            await self._tick(session, midnight)
        return midnight

    async def _live(self, session: aiohttp.ClientSession, is_over: asyncio.Event) -> None:
        rng = Random(f"{self.plan.seed}/live")
        waiting: list[Sending] = []
        number = 0
        while not is_over.is_set():
            number += 1
            waiting += _steps_now(rng.choice(self.plan.desks), f"{self.plan.seed}-l{number}", rng)
            rng.shuffle(waiting)
            now = round(len(waiting) * (1 - _HELD_BACK))
            going, waiting = waiting[:now], waiting[now:]
            await self._send_each(session, going, rng)
            await asyncio.sleep(_LIVE_EACH_SECONDS)
        await self._send_each(session, waiting, rng)

    async def _send_each(
        self, session: aiohttp.ClientSession, going: Sequence[Sending], rng: Random
    ) -> None:
        again = [one for one in going if rng.random() < _REPEATED]
        self.repeated += len(again)
        await asyncio.gather(*(self._send(session, [one]) for one in (*going, *again)))

    async def _send(self, session: aiohttp.ClientSession, batch: Sequence[Sending]) -> None:
        asked = cloudevents(batch)
        url = f"{self.endpoints.public}{asked.path}"
        answer = await self._insist(session, url, {"data": asked.body, "headers": asked.headers})
        refused = {item["index"] for item in answer["rejected"]}
        self.refusals += len(refused)
        self.answers += len(batch)
        self.accepted.update(one.id for index, one in enumerate(batch) if index not in refused)

    async def _tick(
        self, session: aiohttp.ClientSession, at: datetime, *, last: bool = False
    ) -> None:
        url = f"{self.endpoints.inside}/v1/clocks/{CLOCK}/ticks"
        await self._insist(session, url, {"json": {"time": at.isoformat(), "last": last}})

    async def _insist(
        self, session: aiohttp.ClientSession, url: str, content: dict[str, Any]
    ) -> dict[str, Any]:
        """As any sensible client: again after 503, and after no answer at all."""
        while not self.has_given_up:
            try:
                async with session.post(url, **content) as response:
                    if response.status == 200:
                        return dict(await response.json(content_type=None))
                    if response.status != 503:
                        raise Refused(f"{url}: {response.status} {await response.text()}")
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.5)
        raise Refused(f"{url}: nobody waits for it any more")


def _steps_now(desk: Desk, name: str, rng: Random) -> list[Sending]:
    """A live citizen in a hurry: every step a few milliseconds after the one before."""
    now = datetime.now(UTC) - timedelta(seconds=5)
    told = []
    for number, (place, channel, more) in enumerate(steps(desk, name, rng)):
        data = {"service": desk.service.id, "touchpoint": place, "channel": channel}
        at = now + timedelta(milliseconds=137 * number)
        source = source_of(desk, channel, place, LIVE)
        told.append(Sending(source, f"{name}-{number}", at, at, {**data, "citizen": name, **more}))
    return told
