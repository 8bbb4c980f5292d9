"""Workers of one group on topics of their own, and the load they are given."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from deploy.local.process import Child, Processes, Program
from deploy.provision.apply import Broker, apply
from schemas import topics
from tests.journey_worker.counting import key_of
from tests.journey_worker.findings import Findings, look
from tests.journey_worker.naming import topics_of

CITIZENS = 200
_EVERYBODY = tuple(key_of(citizen) for citizen in range(CITIZENS))
_TOPICS = (
    topics.TOUCHPOINTS,
    topics.JOURNEY_STATE,
    topics.JOURNEYS,
    topics.TOUCHPOINTS_REJECTED,
)


class Crew:
    """One group of counting workers. Its seed decides who the load comes from."""

    def __init__(self, bootstrap: str, processes: Processes, folder: Path, seed: int = 0) -> None:
        self.bootstrap = bootstrap
        self.group = f"crew-{uuid4().hex[:8]}"
        self.topics = topics_of(self.group)
        self.workers: list[Child] = []
        self._random = random.Random(seed)
        self._processes = processes
        self._folder = folder
        own = [replace(topics.topic(name), name=f"{name}.{self.group}") for name in _TOPICS]
        apply(Broker(bootstrap), own)

    def start(self, name: str = "worker", *options: str, is_static: bool = True) -> Child:
        """Start a worker; under the name of one that is gone it takes that one's place at once,
        unless it is no static member: then the group is told that it comes and goes.
        """
        environment = {
            "THROUGHLINE_KAFKA_BOOTSTRAP": self.bootstrap,
            "THROUGHLINE_JOURNEY_INSIDE": "127.0.0.1:0",
            "THROUGHLINE_JOURNEY_SESSION_TIMEOUT_SECONDS": "6",
            "THROUGHLINE_JOURNEY_TICK_SECONDS": "1",
            "TMPDIR": str(self._folder),
        }
        if is_static:
            environment["THROUGHLINE_JOURNEY_INSTANCE_ID"] = f"{self.group}-{name}"
        command = [sys.executable, "-m", "tests.journey_worker", self.group, *options]
        child = self._processes.start(Program(f"{self.group}-{name}", command, environment))
        self.workers.append(child)
        return child

    def running(self) -> list[Child]:
        """The workers that have not ended."""
        return [child for child in self.workers if child.exit_code is None]

    def end(self, child: Child, *, kill: bool = False) -> int:
        """End a worker, cleanly or not; returns its exit code."""
        code = child.kill() if kill else child.stop()
        self.workers.remove(child)
        self._processes.forget(child)
        return code

    def end_all(self) -> None:
        """End every worker, and let one that was frozen go first."""
        for child in list(self.workers):
            if child.exit_code is None:
                child.process.send_signal(signal.SIGCONT)
            self.end(child, kill=True)

    async def load(self, events: int, among: Sequence[bytes] = _EVERYBODY) -> None:
        """Put so many events of random citizens into the source, acknowledged."""
        async with AIOKafkaProducer(bootstrap_servers=self.bootstrap) as producer:
            sent = [
                await producer.send(self.topics.source, b"x" * 250, key=self._random.choice(among))
                for _ in range(events)
            ]
            await asyncio.gather(*sent)

    async def findings(
        self,
        within_seconds: float = 60,
        wanted: Callable[[Findings], bool] = lambda found: found.is_done,
    ) -> Findings:
        """What came of it all, once it is as wanted; too late shows what workers said."""
        deadline = time.monotonic() + within_seconds
        while True:
            found = await look(self.bootstrap, self.topics)
            if wanted(found):
                return found
            told = "\n".join(child.account() for child in self.workers)
            assert time.monotonic() < deadline, f"{found}\n{told}"
            await asyncio.sleep(0.3)


async def until(is_so: Callable[[], bool], child: Child, within_seconds: float = 40) -> None:
    """Wait until something is so; a failure shows what the worker said."""
    deadline = time.monotonic() + within_seconds
    while not is_so():
        assert time.monotonic() < deadline, child.account()
        await asyncio.sleep(0.05)


def said(child: Child, happening: str, times: int = 1) -> Callable[[], bool]:
    """Whether a worker has logged something so often."""
    return lambda: child.output().count(f'"{happening}"') >= times


def ended(child: Child) -> Callable[[], bool]:
    """Whether a worker is no more."""
    return lambda: child.exit_code is not None
