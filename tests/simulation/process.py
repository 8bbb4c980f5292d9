"""A worker: the engine as it is, each of its waits in the hands of the world."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from schemas.topics import ERASURES, TOUCHPOINTS, TOUCHPOINTS_REJECTED
from services.journey.adapters.delivery import Delivery, Ports, Rule
from services.journey.adapters.faust_app import follow
from services.journey.adapters.offset_rule import fitting
from services.journey.adapters.output_repair import OutputRepair
from services.journey.adapters.owned_log import OwnedLog
from services.journey.adapters.producer import PublishFailed
from services.journey.adapters.publisher import KafkaPublisher
from services.journey.adapters.recovery import Recovery, States
from services.journey.adapters.state_log import StateLog
from services.journey.adapters.watchdog import Frozen
from services.journey.domain.rules import Rules
from services.journey.sessionise import Partition, Sessioniser
from tests.journey_worker.memory_kafka import MemoryBatch
from tests.simulation.logs import (
    JOURNEYS,
    RECEIPTS,
    REJECTED,
    SOURCE,
    STATE,
    Log,
    Logs,
    Record,
    Request,
)
from tests.simulation.loop import QuietLoop

_FETCHED = 4
_OTHERS = {TOUCHPOINTS_REJECTED: REJECTED, TOUCHPOINTS: SOURCE, ERASURES: RECEIPTS}
_WAITING_CHUNKS = 3


class Ended(Exception):
    """Stands for the end of the process."""


@dataclass(frozen=True)
class Make:
    """How a worker is made; the controls change one thing each."""

    rule: Rule = fitting
    log: type[OwnedLog] = OwnedLog
    sessioniser: type[Sessioniser] = Sessioniser


@dataclass(frozen=True)
class Place:
    """Where a worker works."""

    loop: QuietLoop
    logs: Logs
    rules: Rules
    states: States
    batch_bytes: int
    clock: Callable[[], float]


@dataclass(eq=False)
class Wait:
    """Something the worker awaits. `answer` makes what it gets, `request` is what it has sent."""

    future: asyncio.Future[Any]
    answer: Callable[[], Any]
    request: Request | None = None


class Process:
    """One incarnation of a worker; when it is dead nothing of it runs any more.

    `at` is where delivery of each assigned partition goes on, `chunks` what waits for the agent.
    """

    def __init__(self, number: int, place: Place, make: Make) -> None:
        self.number = number
        self.is_dead = self.is_frozen = self.is_stale = False
        self.is_revoked = True
        self.at: dict[int, int] = {}
        self.chunks: deque[Sequence[Record]] = deque()
        self.waits: list[Wait] = []
        self.last_words = ""
        self._place = place
        self._news: asyncio.Queue[dict[int, int] | None] = asyncio.Queue()
        self._more = asyncio.Event()
        self.delivery = self._engine(make)
        place.loop.create_task(follow(self, self.delivery))
        place.loop.create_task(self._follow_group())

    def _engine(self, make: Make) -> Delivery:
        place = self._place
        state_log = StateLog(make.log(STATE, self, self.open))
        outputs = KafkaPublisher(make.log(JOURNEYS, self, self.open), _OTHERS, self)
        recovery = Recovery(
            source=SOURCE,
            epoch=place.rules.epoch,
            states=place.states,
            state_log=state_log,
            outputs=OutputRepair(JOURNEYS, outputs),
            telemetry=self,
            clock=place.clock,
        )
        ports = Ports(
            seek=self.seek,
            reader=self.open,
            end=self.end,
            is_stopping=lambda: self.is_dead,
            telemetry=self,
            clock=place.clock,
        )
        sessioniser = make.sessioniser(place.rules, outputs, state_log, self, place.clock)
        return Delivery(sessioniser, recovery, ports, make.rule)

    @property
    def is_running(self) -> bool:
        return not self.is_dead and not self.is_frozen

    # -- what the world does to it --

    def answer(self, wait: Wait, result: Any = None) -> None:
        """The worker gets what it waits for; or `result`, an exception included."""
        self.waits.remove(wait)
        if isinstance(result, Exception):
            wait.future.set_exception(result)
        else:
            wait.future.set_result(wait.answer() if result is None else result)
        self._place.loop.settle()

    def revoke(self) -> None:
        """The group rebalances."""
        self._news.put_nowait(None)
        self._place.loop.settle()

    def assign(self, at: dict[int, int]) -> None:
        """The group has decided; delivery goes on at these offsets."""
        self.is_revoked = False
        self._news.put_nowait(at)
        self._place.loop.settle()

    def deliver(self, partition: int, most: int) -> int:
        """Up to so many records follow in a chunk; returns how many."""
        log = self._place.logs.of(SOURCE, partition)
        chunk = log.records[self.at[partition] : self.at[partition] + most]
        if chunk and len(self.chunks) < _WAITING_CHUNKS:
            self.chunks.append(chunk)
            self.at[partition] += len(chunk)
            self._more.set()
            self._place.loop.settle()
            return len(chunk)
        return 0

    def kill(self) -> None:
        """Nothing of it runs from here on; what it sent is still on its way."""
        self.is_dead = True
        self.waits.clear()

    # -- what Faust is to it --

    async def _follow_group(self) -> None:
        while True:
            news = await self._news.get()
            if news is None:
                await self.delivery.revoked()
                self.is_revoked = True
            else:
                self.at = news
                self.delivery.assigned(set(news))

    def noack(self) -> "Process":
        return self

    async def events(self) -> AsyncIterator[Any]:
        while True:
            while not self.chunks:
                self._more.clear()
                await self._more.wait()
            chunk = self.chunks.popleft()
            yield _Event(chunk[0], chunk)

    async def ack(self, _event: object) -> None:
        await self._wait(lambda: None)

    async def seek(self, partition: int, offset: int) -> None:
        await self._wait(lambda: None)
        if partition in self.at:
            self.at[partition] = offset

    # -- what Kafka is to it --

    async def _wait(self, answer: Callable[[], Any], request: Request | None = None) -> Any:
        wait = Wait(self._place.loop.create_future(), answer, request)
        if not self.is_dead:
            self.waits.append(wait)
        return await wait.future

    def batch(self) -> Any:
        return MemoryBatch(self._place.batch_bytes)

    async def append(self, topic: str, partition: int, batch: Any) -> int:
        logs = self._place.logs
        request = await self._sent(Request(self.number, logs.of(topic, partition), batch.rows))
        return int(await self._wait(lambda: logs.land(request), request))

    async def send(
        self, topic: str, key: bytes | None, value: bytes, partition: int | None, kind: str | None
    ) -> None:
        logs = self._place.logs
        headers = [("kind", kind.encode())] if kind else []
        log = logs.by_key(topic, key) if partition is None else logs.of(topic, partition)
        request = await self._sent(Request(self.number, log, [(key, value, headers)]))
        await self._wait(lambda: logs.land(request), request)

    async def _sent(self, request: Request) -> Request:
        if self.is_dead:
            await self._wait(lambda: None)
        if self.is_stale:
            raise Frozen("this process did not run for a while")
        return self._place.logs.send(request)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Process"]:
        yield self

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        log = self._place.logs.of(topic, partition)
        end: int = await self._wait(lambda: log.end)
        return 0, end

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[list[Record]]:
        log = self._place.logs.of(topic, partition)
        while records := await self._wait(partial(_fetch, log, start, end)):
            yield records
            start = records[-1].offset + 1

    # -- what it tells --

    def end(self, event: str, why: object) -> None:
        if not self.is_dead:
            self.last_words = f"{event}: {why!r}"
            self.kill()
            raise Ended(event)

    def chunk(self, records: int) -> None: ...
    def dropped(self, partition: int, wanted: int, first: int, *, sought: bool) -> None: ...
    def assigned(self, partitions: Collection[int]) -> None: ...
    def reading(self) -> None: ...
    def recovered(self, partition: Partition, seconds: float, records: int) -> None: ...
    def repaired(self, partition: int, topic: str, records: int) -> None: ...
    def stepped(self, partition: Partition, step: Any, seconds: float) -> None: ...
    def oversize(self) -> None: ...


@dataclass(frozen=True)
class _Event:
    """What the agent is handed: Faust's event, as far as it is used."""

    message: Record
    value: Sequence[Record]


def _fetch(log: Log, start: int, end: int) -> list[Record]:
    return [record for record in log.records if start <= record.offset < end][:_FETCHED]


GIVEN_UP = PublishFailed("no acknowledgement in time")
