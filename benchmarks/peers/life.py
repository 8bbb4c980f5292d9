"""One life of a peer's state: started, perhaps killed and started again, ended, and read."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.meter import Meter
from benchmarks.peers.ground import Ground
from benchmarks.peers.peer import Peer
from benchmarks.peers.reading import pairs
from benchmarks.peers.truth import Sessions
from benchmarks.peers.visits import MARKER, Visits
from deploy.local.process import Child, Program

_MARKER = re.compile(rf"^{MARKER}-(\d+)-(\d+)$", re.MULTILINE)
_END_SECONDS = 90


class DidNotFinish(Exception):
    """A run took longer than its limit or ended too early; the message says which."""


@dataclass(frozen=True)
class Life:
    """Of one peer's state and output, named for the run and empty when it begins."""

    peer: Peer
    name: str
    program: Program
    visits: Visits
    ground: Ground

    def start(self) -> "Work":
        """Start the program, for the first time or once more."""
        begun = time.monotonic()
        child = self.ground.processes.start(self.program)
        return Work(self, child, Meter(child.process.pid), begun)

    def sessions(self) -> Sessions:
        """What its result says now. Only of a peer that has one."""
        if self.peer.read is None:
            return {}
        topic = self.peer.result.format(name=self.name)
        return self.peer.read(pairs(self.ground.bootstrap, topic))


@dataclass
class Work:
    """A life between a start and an end."""

    life: Life
    child: Child
    meter: Meter
    begun: float

    def markers(self) -> frozenset[str]:
        """Those it has seen."""
        return frozenset(match[0] for match in _MARKER.finditer(self.child.output()))

    def worked(self) -> int:
        """How many events it has been through, as the slowest partition tells."""
        seen: dict[str, int] = {}
        for number, partition in _MARKER.findall(self.child.output()):
            seen[partition] = max(seen.get(partition, 0), int(number))
        return min(seen.values()) if len(seen) == self.life.visits.partitions else 0

    def half(self) -> bool:
        """It has seen a marker of the second half."""
        numbers = (int(number) for number, _ in _MARKER.findall(self.child.output()))
        return any(2 * number >= self.life.visits.events for number in numbers)

    def all(self) -> bool:
        """It has seen the last markers."""
        return self.life.visits.last_markers() <= self.markers()

    def until(self, is_over: Callable[[], bool]) -> float:
        """Wait within the peer's limit; returns seconds since the start, or raises."""
        limit = self.life.peer.limit_seconds
        if not self.meter.watch(is_over, self.begun + limit - time.monotonic()):
            raise DidNotFinish(self._why(limit))
        return self.seconds()

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.begun

    def _why(self, limit: float) -> str:
        events = f"{self.worked():,} of {self.life.visits.events:,} events"
        if self.meter.has_ended:
            lines = self.child.output().strip().splitlines()
            last = next((one for one in reversed(lines) if not one.startswith(MARKER)), "silently")
            return f"ended after {events}: {last[:200]}"
        return f"stopped after {limit:.0f} s with {events}"

    def end(self) -> None:
        """Let it end as it does in service: by itself, or asked to; killed when it does not."""
        if not self.life.peer.ends:
            self.child.process.terminate()
        self.meter.watch(lambda: False, _END_SECONDS)
        self.child.kill()
        self.life.ground.processes.forget(self.child)

    def kill(self) -> frozenset[str]:
        """End it as a crash would; returns the markers it had seen."""
        self.child.kill()
        self.life.ground.processes.forget(self.child)
        return self.markers()


def begin(peer: Peer, command: Sequence[str], ground: Ground, visits: Visits, run: str) -> Life:
    """Give the peer an empty folder and an empty output topic; `run` tells its lives apart."""
    name = f"{re.sub(r'[^a-z]+', '-', peer.name.lower())}-{run}"
    folder = ground.folder / name
    folder.mkdir()
    output = f"{name}-output"
    ground.make(output, visits.partitions)
    environment: Mapping[str, str] = {
        "PEER_BOOTSTRAP": ground.bootstrap,
        "PEER_EVENTS": ground.topic(visits),
        "PEER_SESSIONS": output,
        "PEER_NAME": name,
        "PEER_FOLDER": str(folder),
        "PEER_PARTITIONS": str(visits.partitions),
        **peer.environment,
    }
    return Life(peer, name, Program(name, command, environment), visits, ground)
