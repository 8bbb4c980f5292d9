"""Does one bad thing after another to a running stack, and restarts what ends by itself."""

import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from deploy.local.stack import Stack
from tests.chaos.line.endings import Ending, Outages, ending
from tests.chaos.line.stand_ins import armed_by

SESSION_SECONDS = 6
_FROZEN_SECONDS = SESSION_SECONDS + 3
_OVERTAKEN_SECONDS = SESSION_SECONDS + 6  # its successor has gone on meanwhile
_PATIENCE_SECONDS, _LAST_WORDS_SECONDS = 18, 2
_MOMENT_SECONDS = 10.0  # a rebalance, within which no step is made, is waited for
_MOST = {"journey": 3, "metrics": 2}
_RESTART_SECONDS = 1.0
OF_ONE = ("kill", "kill", "stop", "freeze", "freeze within", "freeze within", "join", "leave")
OF_ALL = ("broker stops", "broker dies", "redis dies", "ingest dies", "everything dies")


@dataclass
class Monkey:
    """`done` is what was done, `ended` how processes ended that were not killed, `stopped_within`
    how often one stood still within a step until others had gone on.

    Each action has chances of its own, so that the same seed does the same things in the same order
    however long the machine takes; only how many there is time for differs.
    """

    stack: Stack
    seed: str
    done: list[str] = field(default_factory=list)
    ended: list[Ending] = field(default_factory=list)
    stopped_within: int = 0
    names: dict[str, str] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)
    outages: Outages = field(default_factory=Outages)
    _born: int = 0
    _due: dict[str, float] = field(default_factory=dict)

    def join(self, service: str) -> None:
        """One process more."""
        self._born += 1
        name = f"{service}-{self._born}"
        self.names[name] = service
        self._start(name)

    def wait(self, seconds: float) -> None:
        """Meanwhile what has ended by itself is started again, as a supervisor would."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._tend()
            time.sleep(0.1)

    def act(self) -> None:
        """A pause, then whatever chance says."""
        self.chance = random.Random(f"{self.seed}/{len(self.done)}")
        self.wait(self.chance.uniform(1, 4))
        what = self.chance.choice((*OF_ONE, *OF_ONE, *OF_ONE, *OF_ALL))
        if what in OF_ALL:
            self._to_all(what)[what]()
            return
        service = self.chance.choice(("journey", "journey", "metrics"))
        there = sorted(name for name, of in self.names.items() if of == service)
        what = "join" if len(there) == 1 and what == "leave" else what
        what = "leave" if len(there) == _MOST[service] and what == "join" else what
        if what == "freeze within" and len(there) == 1:
            self.to_one("join", there[0])  # whose turn it then is
        self.to_one(what, self.chance.choice(there))

    def to_one(self, what: str, name: str) -> None:
        """Something to one process, or one more beside it."""
        while name in self._due:
            self.wait(0.1)
        service = self.names[name]
        self.done.append(f"{what} {service if what == 'join' else name}")
        actions: Mapping[str, Callable[[], object]] = {
            "kill": lambda: self._again(name, self.stack.kill_service),
            "stop": lambda: self._again(name, self.stop),
            "freeze": lambda: self._freeze(name),
            "freeze within": lambda: self._freeze_within(name),
            "join": lambda: self.join(service),
            "leave": lambda: self._leave(name),
        }
        actions[what]()

    def stop(self, name: str) -> int:
        """Ask one of the stand-ins to end; who does not says where it hangs, and is killed."""
        child = self.stack.instances[name].child
        child.process.terminate()
        try:
            child.process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.process.send_signal(signal.SIGUSR1)
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(_LAST_WORDS_SECONDS)
        return self.stack.kill_service(name)

    def revive(self) -> None:
        """Nothing is left stopped."""
        while self._due:
            self.wait(0.1)

    def _to_all(self, what: str) -> Mapping[str, Callable[[], object]]:
        kafka, redis = self.stack.servers.kafka, self.stack.servers.redis
        assert kafka is not None
        assert redis is not None
        return {
            "broker stops": lambda: self._outage(what, kafka.stop, kafka.resume),
            "broker dies": lambda: self._outage(what, kafka.kill, kafka.resume),
            "redis dies": lambda: self._outage(what, redis.kill, redis.resume),
            "ingest dies": lambda: self.to_one("kill", "ingest"),
            "everything dies": self._everything,
        }

    def _everything(self) -> None:
        self.done.append("everything dies")
        kafka, redis = self.stack.servers.kafka, self.stack.servers.redis
        assert kafka is not None
        assert redis is not None
        for name in self.names.keys() - self._due.keys():
            self.stack.kill_service(name)
        with self.outages.one():
            redis.kill()
            kafka.kill()
            kafka.resume()
            redis.resume()
        self._due = dict.fromkeys(self.names, 0.0)

    def _outage(self, what: str, end: Callable[[], object], resume: Callable[[], object]) -> None:
        self.done.append(what)
        with self.outages.one():
            end()
            self.wait(self.chance.uniform(0, 5))
            resume()

    def _freeze(self, name: str) -> None:
        frozen = self.stack.instances[name].child
        frozen.process.send_signal(signal.SIGSTOP)
        self.wait(_FROZEN_SECONDS)
        frozen.process.send_signal(signal.SIGCONT)

    def _freeze_within(self, name: str) -> None:
        """Within a step, as its stand-in does; one that makes no step goes on unharmed."""
        if self.is_stopped_within(name):
            self.stopped_within += 1
            frozen = self.stack.instances[name].child
            self.wait(_OVERTAKEN_SECONDS)
            frozen.process.send_signal(signal.SIGCONT)

    def is_stopped_within(self, name: str, within_seconds: float = _MOMENT_SECONDS) -> bool:
        """Have an instance stop itself within its next step; False when it makes none in time."""
        armed = armed_by(self.stack.folder, self.stack.instances[name].child.process.pid)
        armed.touch()
        until = time.monotonic() + within_seconds
        while armed.exists() and time.monotonic() < until:
            self.wait(0.1)
        # Whoever removes the file has it: looked for and removed later, both could believe so.
        try:
            armed.unlink()
        except FileNotFoundError:
            return True
        return False

    def _leave(self, name: str) -> None:
        self.stop(name)
        self._note(name, is_told=True)
        del self.names[name]

    def _again(self, name: str, end: Callable[[str], int]) -> None:
        is_told = end == self.stop
        if end(name) != -signal.SIGKILL or is_told:
            self._note(name, is_told=is_told)
        self._due[name] = time.monotonic() + self.chance.uniform(0, 3)

    def _start(self, name: str) -> None:
        service = self.names[name]
        settings = {"JOURNEY_INSTANCE_ID": name} if service == "journey" else {}
        self.stack.start_service(service, name, settings)

    def _note(self, name: str, *, is_told: bool) -> None:
        child = self.stack.instances[name].child
        self.ended.append(ending(self.names[name], child, is_told=is_told, outages=self.outages))

    def _tend(self) -> None:
        for name in self.names.keys() - self._due.keys():
            if self.stack.instances[name].child.exit_code is not None:
                self._note(name, is_told=False)
                self.stack.kill_service(name)
                self._due[name] = time.monotonic() + _RESTART_SECONDS
        for name, due in list(self._due.items()):
            if time.monotonic() >= due:
                del self._due[name]
                self._start(name)
