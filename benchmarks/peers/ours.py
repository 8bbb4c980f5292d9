"""Our own worker on as many touchpoint events: whole journeys, which is much more than sessions.

Its verdict compares each citizen's events over all journeys, with their first and last times.
"""

import contextlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from benchmarks.journey import Worker, load
from benchmarks.machine import machine
from benchmarks.meter import Meter, load_average
from benchmarks.peers.figures import Figures
from benchmarks.peers.ground import Ground
from benchmarks.peers.life import DidNotFinish
from benchmarks.peers.measure import Say
from benchmarks.peers.reading import Pair, pairs
from benchmarks.peers.truth import Sessions, judge
from benchmarks.peers.visits import Visits
from benchmarks.touchpoints import Load
from deploy.provision.apply import Broker, apply
from schemas.topics import JOURNEYS, TOPICS

NAME = "Throughline, journey worker"
_STATE = "in memory and state log, effectively once"
_LIMIT_SECONDS = 900
_EVENTS = "throughline_journey_events_total"
_LAG = "throughline_journey_lag"
# Each look costs the worker some milliseconds.
_LOOK_SECONDS = 1.0
_CLOSE_LOOK_SECONDS = 0.1
_MOST_STARTS = 3
Records = list[tuple[bytes, bytes]]
_MICROSECOND = timedelta(microseconds=1)


def lives(records: Iterable[tuple[bytes, bytes]]) -> Sessions:
    """The truth: each citizen's first and last event, and how many."""
    seen: dict[str, list[int]] = {}
    for key, value in records:
        seen.setdefault(key.decode(), []).append(_instant(json.loads(value)["time"]))
    return {(citizen, min(at), max(at)): len(at) for citizen, at in seen.items()}


def told(snapshots: Iterable[Pair]) -> Sessions:
    """The same, from the last snapshot of each journey that is still one."""
    last = {key: value for key, value in snapshots if value is not None}
    citizens: dict[str, list[tuple[int, int, int]]] = {}
    for journey in map(json.loads, last.values()):
        if "entries" in journey and not journey.get("superseded_by"):
            citizens.setdefault(journey["pseudonym"], []).append(_span(journey))
    return {
        (citizen, min(one[0] for one in spans), max(one[1] for one in spans)): sum(
            one[2] for one in spans
        )
        for citizen, spans in citizens.items()
    }


def _span(journey: dict[str, list[dict[str, str]]]) -> tuple[int, int, int]:
    visits = journey["touchpoints"]
    first = min(_instant(visit["first"]) for visit in visits)
    last = max(_instant(visit["last"]) for visit in visits)
    return first, last, int(str(journey["entries"]))


def _instant(text: str) -> int:
    """Microseconds since 1970."""
    return (datetime.fromisoformat(text) - datetime.fromtimestamp(0, UTC)) // _MICROSECOND


@dataclass
class Shift:
    """A worker from its start to its end."""

    worker: Worker
    meter: Meter
    begun: float
    limit_seconds: float

    @classmethod
    def begin(cls, ground: Ground, limit_seconds: float = _LIMIT_SECONDS) -> Self:
        """Start one on the state there is."""
        begun = time.monotonic()
        worker = Worker(ground.processes, ground.bootstrap, ground.folder, "")
        return cls(worker, Meter(worker.child.process.pid), begun, limit_seconds)

    def metric(self, name: str) -> float:
        """Of this start; 0 while the worker does not answer."""
        try:
            return self.worker.metric(name)
        except OSError:
            return 0

    def until(self, is_over: Callable[[], bool], every: float = _LOOK_SECONDS) -> float:
        """Wait; returns seconds since the start, or raises DidNotFinish."""
        limit = self.begun + self.limit_seconds - time.monotonic()
        if not self.meter.watch(is_over, limit, every):
            events = f"{self.metric(_EVENTS):,.0f} events"
            raise DidNotFinish(f"ended or stopped after {self.limit_seconds:.0f} s with {events}")
        return time.monotonic() - self.begun

    def until_worked(self, events: int) -> float:
        """Wait for so many new events."""
        return self.until(lambda: self.metric(_EVENTS) >= events)

    def until_first(self) -> float:
        """Wait for the first event that was not in the state."""
        return self.until(lambda: self.metric(_EVENTS) > 0, _CLOSE_LOOK_SECONDS)

    def until_settled(self) -> float:
        """Wait until nothing waits and nothing has come since the look before."""
        seen = [-1.0]

        def is_settled() -> bool:
            seen.append(self.metric(_EVENTS))
            return seen[-1] == seen[-2] > 0 and not self.metric(_LAG)

        return self.until(is_settled, 3 * _LOOK_SECONDS)

    def end(self) -> None:
        """Ask it to end, and wait."""
        self.meter.sample()
        self.worker.child.stop()


def measure(ground: Ground, visits: Visits, say: Say) -> Figures:
    """The calm run."""
    records = _records(visits)
    say("filling the topic")
    fill(ground, records)
    today = datetime.now(UTC).date()
    start = Figures(NAME, "", _STATE, today, machine(), load_average(), visits.events)
    say("at work")
    shift = Shift.begin(ground)
    try:
        shift.until_first()
        starting = shift.meter.cpu_seconds
        seconds = shift.until_worked(visits.events)
    except DidNotFinish as why:
        return replace(start, events=0, trouble=str(why))
    finally:
        shift.end()
    return replace(
        start,
        seconds=round(seconds, 1),
        cpu_seconds=round(shift.meter.cpu_seconds, 2),
        start_cpu_seconds=round(starting, 2),
        peak_megabytes=round(shift.meter.peak_megabytes),
        verdict=_verdict(ground, records),
    )


def measure_killed(ground: Ground, visits: Visits, calm: Figures, say: Say) -> Figures:
    """On a fresh broker: killed half way, started again."""
    records = _records(visits)
    fill(ground, records)
    say("to be killed")
    first = Shift.begin(ground)
    try:
        first.until_worked(visits.events // 2)
        first.worker.child.kill()
        recovery, starts = _recovered(ground)
    except DidNotFinish as why:
        return replace(calm, verdict_after_kill=str(why))
    finally:
        ground.processes.stop()
    verdict = _verdict(ground, records)
    if starts > 1:
        verdict += f"; ended by itself and was started {starts} times"
    return replace(calm, recovery_seconds=round(recovery, 2), verdict_after_kill=verdict)


def _recovered(ground: Ground) -> tuple[float, int]:
    """Start again, as an orchestrator does when a worker stops itself, until all is worked.

    Returns seconds from the first start to the first new event, and the number of starts.
    """
    begun = time.monotonic()
    recovery: float | None = None
    for starts in range(1, _MOST_STARTS + 1):
        shift = Shift.begin(ground)
        with contextlib.suppress(DidNotFinish):
            shift.until_first()
            recovery = recovery or time.monotonic() - begun
            shift.until_settled()
            return recovery, starts
    raise DidNotFinish(f"ended by itself after each of {_MOST_STARTS} starts")


def _records(visits: Visits) -> Records:
    return list(Load(visits.events, visits.citizens, datetime.now(UTC)).records())


def _verdict(ground: Ground, records: Records) -> str:
    return judge(lives(records), told(pairs(ground.bootstrap, JOURNEYS))).told()


def fill(ground: Ground, records: Records) -> None:
    """Make the contracts' topics and put the events in."""
    apply(Broker(ground.bootstrap), TOPICS)
    load(ground.bootstrap, records)
