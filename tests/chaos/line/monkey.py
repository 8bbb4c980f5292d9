"""Does one bad thing after another to a running stack, and restarts what ends by itself."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploy.local.stack import Stack

SESSION_SECONDS = 6
_FROZEN_SECONDS = SESSION_SECONDS + 3
_MOST = {"journey": 3, "metrics": 2}
_RESTART_SECONDS = 1.0
OF_ONE = ("kill", "kill", "stop", "freeze", "freeze", "join", "leave")
OF_ALL = ("broker stops", "broker dies", "redis dies", "ingest dies", "everything dies")


@dataclass
class Monkey:
    """`done` is what was done; `ended` how often which service ended by itself, with which code.

    Each action has chances of its own, so that the same seed does the same things in the same order
    however long the machine takes; only how many there is time for differs.
    """

    stack: Stack
    seed: str
    done: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)
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
        self.to_one(what, self.chance.choice(there))

    def to_one(self, what: str, name: str) -> None:
        """Something to one process, or one more beside it."""
        while name in self._due:
            self.wait(0.1)
        service = self.names[name]
        self.done.append(f"{what} {service if what == 'join' else name}")
        actions: Mapping[str, Callable[[], object]] = {
            "kill": lambda: self._again(name, self.stack.kill_service),
            "stop": lambda: self._again(name, self.stack.stop_service),
            "freeze": lambda: self._freeze(name),
            "join": lambda: self.join(service),
            "leave": lambda: self._leave(name),
        }
        actions[what]()

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
        redis.kill()
        kafka.kill()
        kafka.resume()
        redis.resume()
        self._due = dict.fromkeys(self.names, 0.0)

    def _outage(self, what: str, end: Callable[[], object], resume: Callable[[], object]) -> None:
        self.done.append(what)
        end()
        self.wait(self.chance.uniform(0, 5))
        resume()

    def _freeze(self, name: str) -> None:
        frozen = self.stack.instances[name].child
        frozen.process.send_signal(signal.SIGSTOP)
        self.wait(_FROZEN_SECONDS)
        frozen.process.send_signal(signal.SIGCONT)

    def _leave(self, name: str) -> None:
        self._note(name, self.stack.stop_service(name))
        del self.names[name]

    def _again(self, name: str, end: Callable[[str], int]) -> None:
        self._note(name, end(name))
        self._due[name] = time.monotonic() + self.chance.uniform(0, 3)

    def _start(self, name: str) -> None:
        service = self.names[name]
        settings = {"JOURNEY_INSTANCE_ID": name} if service == "journey" else {}
        self.stack.start_service(service, name, settings)

    def _note(self, name: str, code: int) -> None:
        # Told before it has come so far as to listen, a process ends as the signal says.
        if code not in (0, -signal.SIGKILL, -signal.SIGTERM):
            self.ended[f"{self.names.get(name, name)} told to end: {code}"] += 1

    def _tend(self) -> None:
        for name in self.names.keys() - self._due.keys():
            code = self.stack.instances[name].child.exit_code
            if code is not None:
                self.ended[f"{self.names[name]} by itself: {code}"] += 1
                self.stack.kill_service(name)
                self._due[name] = time.monotonic() + _RESTART_SECONDS
        for name, due in list(self._due.items()):
            if time.monotonic() >= due:
                del self._due[name]
                self._start(name)
