"""Workers killed, stopped, frozen and added at random while events arrive; the counts are right.

`SEED=7 MINUTES=30 make chaos` runs another and longer one. The seed is told, and decides what is
done to whom and when; how the machine answers it cannot decide.
"""

import asyncio
import logging
import os
import random
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local.process import Child
from tests.journey_worker.crew import Crew
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture

SEED = int(os.environ.get("SEED", "3"))
MINUTES = float(os.environ.get("MINUTES", "0.5"))
log = logging.getLogger(__name__)
_MOST_WORKERS = 3
_EVENTS_A_SECOND = 400
_FROZEN_SECONDS = 9  # beyond the session of 6
_SETTLE_SECONDS = 120 + 30 * MINUTES


@dataclass
class Monkey:
    """Does one thing at a time to a crew, and remembers what."""

    crew: Crew
    chance: random.Random
    folder: Path
    armed: dict[str, Path] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    _names: int = 0

    def add(self) -> None:
        """One worker more."""
        self._names += 1
        name = f"w{self._names}"
        child = self.crew.start(name, "--slow", "0.1", "--freezing", str(self.folder / name))
        self.armed[child.name] = self.folder / name

    async def act(self) -> None:
        """Whatever chance says; there is always a worker afterwards."""
        running = self.crew.running()
        choices = ["add", "add", "kill", "kill and add", "stop", "freeze", "freeze within"]
        what = self.chance.choice(choices if len(running) < _MOST_WORKERS else choices[2:])
        if not running:
            what = "add"
        self.done.append(what)
        if what == "add":
            self.add()
        else:
            await self._mistreat(what, self.chance.choice(running))
        if what == "kill and add" or not self.crew.running():
            self.add()

    async def tend(self) -> None:
        """There is a worker for as long as anybody waits, as whoever runs them would see to.

        One look at the end is too few: a frozen worker that wakes ends itself and, by what it
        wrote last, its successor, both a moment after they were seen running.
        """
        while True:
            if not self.crew.running():
                self.add()
            await asyncio.sleep(0.5)

    async def _mistreat(self, what: str, worker: Child) -> None:
        if what.startswith("freeze"):
            if what == "freeze within":
                self.armed[worker.name].touch()  # it stops itself within its next step
                await asyncio.sleep(1)
                self.armed[worker.name].unlink(missing_ok=True)
            worker.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(_FROZEN_SECONDS)
            worker.process.send_signal(signal.SIGCONT)
        else:
            self.crew.end(worker, kill=what.startswith("kill"))


async def _load(crew: Crew, is_over: asyncio.Event) -> int:
    sent = 0
    while not is_over.is_set():
        await crew.load(_EVENTS_A_SECOND // 2)
        sent += _EVENTS_A_SECOND // 2
        await asyncio.sleep(0.5)
    return sent


@pytest.mark.timeout(MINUTES * 60 + _SETTLE_SECONDS + 120)
async def test_after_any_mistreatment_every_event_has_counted_once(
    crew: Crew, tmp_path: Path
) -> None:
    monkey = Monkey(crew, random.Random(SEED), tmp_path)
    end = time.monotonic() + MINUTES * 60
    is_over = asyncio.Event()
    loading = asyncio.ensure_future(_load(crew, is_over))
    monkey.add()
    while time.monotonic() < end:
        await asyncio.sleep(monkey.chance.uniform(2, 7))
        await monkey.act()
    is_over.set()
    sent = await loading
    tending = asyncio.ensure_future(monkey.tend())
    found = await crew.findings(_SETTLE_SECONDS)
    tending.cancel()
    verdict = "ok" if found.is_right and found.events == sent else "wrong"
    log.info("SEED=%d: %d actions: %s", SEED, len(monkey.done), ", ".join(monkey.done))
    log.info(
        "SEED=%d VERDICT %s: %d events of %d, %d keys counted: wrong %d, published: wrong %d, "
        "applied = end of log; %d records of the state log were foreign",
        *(SEED, verdict, found.events, sent, len(found.counted)),
        *(len(found.wrong), len(found.published_wrong), found.foreign),
    )
    assert (found.events, found.first_difference) == (sent, "none"), f"SEED={SEED} {monkey.done}"
