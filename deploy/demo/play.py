"""Plays a history through the real endpoints: day by day, source by source, then the day's tick."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import aiohttp

from deploy.demo.citizens import History
from deploy.demo.languages import Asked, requests
from deploy.demo.story import Sending
from deploy.demo.tally import Tally

CLOCK = "demo"
_LARGEST_BATCH = 200
_CONNECTIONS = 8
_RETRIES = 20


class PlayFailed(Exception):
    """An endpoint did not answer as documented; the message says which and how."""


@dataclass(frozen=True)
class Endpoints:
    """Base addresses of ingest's two listeners."""

    public: str
    inside: str


class Player:
    """Sends what it is given. `on_sent` is told how many events each answer was for."""

    def __init__(self, endpoints: Endpoints, on_sent: Callable[[int], None]) -> None:
        self.tally = Tally()
        self._endpoints = endpoints
        self._on_sent = on_sent
        self._free = asyncio.Semaphore(_CONNECTIONS)

    async def play(self, history: History, seed: int) -> Tally:
        """All days of the history in order; every event of a day is answered before its tick."""
        days = by_day(history.sendings)
        async with aiohttp.ClientSession() as session:
            midnight = history.begin
            while midnight < history.end:
                today = shuffled(days.get(midnight.date(), []), Random(f"{seed}/{midnight}"))
                await asyncio.gather(*(self.send(session, batch) for batch in today))
                midnight += timedelta(days=1)
                await self._tick(session, midnight, last=midnight >= history.end)
        return self.tally

    async def send(self, session: aiohttp.ClientSession, batch: Sequence[Sending]) -> None:
        """Events of one source, in the languages it speaks; again when told to (503)."""
        for asked in requests(batch):
            async with self._free:
                self.tally.take(asked.sendings, await self._answer(session, asked))
                self._on_sent(len(asked.sendings))

    async def _answer(self, session: aiohttp.ClientSession, asked: Asked) -> Mapping[str, Any]:
        for _ in range(_RETRIES):
            url = f"{self._endpoints.public}{asked.path}"
            async with session.post(url, data=asked.body, headers=asked.headers) as response:
                if response.status == 200 and asked.says_each:
                    return dict(await response.json(content_type=None))
                if response.status == 200:
                    return {"accepted": len(asked.sendings), "ignored": 0, "rejected": []}
                await _wait_or_fail(asked.path, response)
        raise PlayFailed(f"POST {asked.path}: still overloaded")

    async def _tick(self, session: aiohttp.ClientSession, at: datetime, *, last: bool) -> None:
        url = f"{self._endpoints.inside}/v1/clocks/{CLOCK}/ticks"
        body = {"time": at.isoformat(), "last": last}
        async with session.post(url, json=body) as response:
            if response.status != 200:
                said = (await response.text())[:300]
                raise PlayFailed(f"tick of {at:%Y-%m-%d} answered {response.status}: {said}")


async def _wait_or_fail(path: str, response: aiohttp.ClientResponse) -> None:
    if response.status != 503:
        said = (await response.text())[:300]
        raise PlayFailed(f"POST {path} answered {response.status}: {said}")
    await asyncio.sleep(float(response.headers.get("Retry-After", "1")))


def by_day(sendings: Sequence[Sending]) -> dict[date, list[Sending]]:
    """The sendings by the day (UTC) on which they are handed over."""
    days: dict[date, list[Sending]] = defaultdict(list)
    for sending in sendings:
        days[sending.delivered.date()].append(sending)
    return days


def shuffled(today: Sequence[Sending], rng: Random) -> Iterator[list[Sending]]:
    """A day's requests: each source's events out of order, most in batches, a few alone."""
    by_source: dict[str, list[Sending]] = defaultdict(list)
    for sending in rng.sample(today, len(today)):
        by_source[sending.source].append(sending)
    for events in by_source.values():
        while events:
            size = 1 if rng.random() < 0.15 else rng.randint(20, _LARGEST_BATCH)
            yield events[:size]
            del events[:size]


def last_midnight(now: datetime) -> datetime:
    """The midnight (UTC) at which a history told now ends."""
    return datetime.combine(now.date(), time.min, tzinfo=now.tzinfo)
