"""A history: plain actions that happen to workers and logs, and what is wrong at its end.

An action is a word and two numbers, read modulo what there is to choose from; one that cannot
happen does nothing. So every list of actions is a history, and what is left of one when some are
taken away is a history too: that is what shrinking needs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from services.journey.adapters.producer import UNKNOWN_OFFSET
from services.journey.adapters.recovery import States
from services.journey.domain.rules import Rules
from tests.simulation.logs import (
    COMPACTION_LAG,
    HOUR,
    JOURNEYS,
    REJECTED,
    SOURCE,
    STATE,
    Logs,
    Record,
    Row,
)
from tests.simulation.loop import new_loop
from tests.simulation.process import GIVEN_UP, Make, Place, Process

_VERSION = re.compile(rb'"version":(\d+)')
_MOST_RUNNING = 3
_ROUNDS = 60
_LONGEST = 40
Choice = TypeVar("Choice")


class Action(NamedTuple):
    """One thing that happens."""

    name: str
    a: int
    b: int


@dataclass(frozen=True)
class Seen:
    """A partition at the end: its owner's memory, and what a new reader of the topics gets.
    `rejected` is that of all partitions.
    """

    partition: int
    source: Sequence[Record]
    memory: Any
    newest: Mapping[bytes, bytes]
    rejected: Sequence[bytes]


class Subject(Protocol):
    """What is folded, and how its truth is known."""

    @property
    def rules(self) -> Rules: ...
    @property
    def states(self) -> States: ...
    @property
    def batch_bytes(self) -> int: ...
    def event(self, number: int) -> Row:
        """One of the events that may happen."""

    def tick(self, number: int) -> Row:
        """Time."""

    def wrong(self, seen: Seen) -> Iterator[str]:
        """Where that differs from truth."""

    def comparable(self, value: bytes) -> bytes:
        """What two records of one journey and version must agree on."""


@dataclass(frozen=True)
class Setting:
    """What a history plays in. `make` and `lag` are what the controls spoil: with no lag the
    cleaner is always there.
    """

    subject: Subject
    make: Make = field(default_factory=Make)
    lag: float = COMPACTION_LAG
    partitions: int = 2


class World:
    """The workers of one group and their logs."""

    def __init__(self, setting: Setting) -> None:
        self.now = 0.0
        self.tape: list[str] = []
        self._setting = setting
        self._subject = setting.subject
        self._loop = new_loop()
        self._logs = Logs(setting.partitions, lambda: self.now)
        self._place = Place(
            self._loop,
            self._logs,
            self._subject.rules,
            self._subject.states,
            self._subject.batch_bytes,
            lambda: self.now,
        )
        self._processes: list[Process] = []
        self._ticks = 0
        self._wrong: list[str] = []

    # -- actions --

    def do(self, action: Action) -> None:
        """Make it happen, if it can."""
        happened = self._ACTIONS[action.name](self, action.a, action.b)
        if happened:
            self.tape.append(f"{action.name}: {happened}")
        if not self._setting.lag:
            self._logs.clean(0)

    def produce(self, a: int, b: int) -> str:
        """Events arrive in the source."""
        partition = a % self._setting.partitions
        events = [self._subject.event(a // 2 + n * b) for n in range(b % 3 + 1)]
        base = self._logs.of(SOURCE, partition).append(events, self.now)
        return f"{len(events)} events at {partition}/{base}"

    def tick(self, a: int, b: int) -> str:
        """A tick arrives in the source."""
        self._ticks += b % 4
        partition = a % self._setting.partitions
        base = self._logs.of(SOURCE, partition).append([self._subject.tick(self._ticks)], self.now)
        return f"at {partition}/{base}"

    def deliver(self, a: int, b: int) -> str:
        """Faust hands on a chunk."""
        chosen = _pick(self._delivered, a)
        if chosen is None:
            return ""
        process, partition = chosen
        start = process.at[partition]
        count = process.deliver(partition, b % 5 + 1)
        return f"{count} records from {partition}/{start} to w{process.number}" if count else ""

    def work(self, a: int, b: int) -> str:
        """Faust goes on where it should, and the worker gets what it waits for, so many times."""
        chosen = _pick(self._delivered, a)
        if chosen is None:
            return ""
        process, partition = chosen
        owned = process.delivery.owned.get(partition)
        process.at[partition] = 0 if owned is None else max(0, owned.wanted)
        count = process.deliver(partition, b % 4 + 1)
        answers = self._answer(process, b // 4 % 12)
        words = self._last_words(process)
        return f"{count} records of {partition} to w{process.number}, {answers} answers{words}"

    def lose_chunk(self, a: int, b: int) -> str:
        """Faust skips records for ever, as far as it is concerned."""
        chosen = _pick(self._delivered, a)
        if chosen is None:
            return ""
        process, partition = chosen
        end = self._logs.of(SOURCE, partition).end
        process.at[partition] = min(end, process.at[partition] + b % 4 + 1)
        return f"w{process.number} goes on at {partition}/{process.at[partition]}"

    def jump(self, a: int, b: int) -> str:
        """Faust goes on anywhere."""
        chosen = _pick(self._delivered, a)
        if chosen is None:
            return ""
        process, partition = chosen
        process.at[partition] = b % (self._logs.of(SOURCE, partition).end + 1)
        return f"w{process.number} goes on at {partition}/{process.at[partition]}"

    def run(self, a: int, b: int) -> str:
        """A worker gets what it waits for, a few times."""
        process = _pick([one for one in self._running if one.waits], a)
        if process is None:
            return ""
        count = self._answer(process, b % 7 + 1, b // 7)
        return f"w{process.number} {count} times{self._last_words(process)}"

    def _answer(self, process: Process, most: int, which: int = 0) -> int:
        for count in range(most):
            if not process.waits:
                return count
            process.answer(process.waits[which % len(process.waits)])
        return most

    def land(self, a: int, _: int) -> str:
        """A produce request is appended."""
        request = _pick(self._logs.on_their_way, a)
        if request is None:
            return ""
        base = self._logs.land(request)
        log = request.log
        return f"{len(request.rows)} of w{request.sender} at {log.topic}/{log.partition}/{base}"

    def answer_blind(self, a: int, _: int) -> str:
        """A produce request was appended, but only its retry is answered."""
        return self._answer_sent(a, "unknown offset", land=True, result=UNKNOWN_OFFSET)

    def give_up(self, a: int, _: int) -> str:
        """A produce request is not acknowledged in time; it may still land."""
        return self._answer_sent(a, "no answer", land=False, result=GIVEN_UP)

    def _answer_sent(self, a: int, what: str, *, land: bool, result: object) -> str:
        sent = [(one, wait) for one in self._running for wait in one.waits if wait.request]
        chosen = _pick(sent, a)
        if chosen is None:
            return ""
        process, wait = chosen
        if land and wait.request:
            self._logs.land(wait.request)
        process.answer(wait, result)
        return f"{what} for w{process.number}{self._last_words(process)}"

    def vanish(self, a: int, _: int) -> str:
        """A request of a worker that is dead never lands."""
        alive = {one.number for one in self._alive}
        lost = _pick([r for r in self._logs.on_their_way if r.sender not in alive], a)
        if lost is None:
            return ""
        self._logs.on_their_way.remove(lost)
        return f"{len(lost.rows)} of w{lost.sender} to {lost.log.topic}/{lost.log.partition}"

    def crash(self, a: int, b: int) -> str:
        """A worker dies where it stands, or when it has sent something."""
        process = _pick(self._running, a)
        if process is None:
            return ""
        where = self._until_sent(process, b)
        process.kill()
        return f"w{process.number}{where}"

    def freeze(self, a: int, b: int) -> str:
        """A worker is stopped where it stands, or when it has sent something."""
        process = _pick(self._running, a)
        if process is None:
            return ""
        where = self._until_sent(process, b)
        process.is_frozen = True
        return f"w{process.number}{where}"

    def _until_sent(self, process: Process, b: int) -> str:
        topic = (None, JOURNEYS, STATE, STATE)[b % 4]
        if topic is None or not process.at:
            return ""
        partition = list(process.at)[b // 4 % len(process.at)]
        self.produce(partition, b)
        self.work(self._delivered.index((process, partition)), b % 16)
        for _ in range(_LONGEST):
            sent = [wait.request for wait in process.waits if wait.request]
            if not process.waits or (sent and sent[0].log.topic == topic):
                break
            process.answer(process.waits[0])
        return f" after {len(sent[0].rows)} went to {topic}" if sent else ""

    def thaw(self, a: int, b: int) -> str:
        """A worker goes on; when it was long, it knows before it sends anything again."""
        process = _pick([one for one in self._alive if one.is_frozen], a)
        if process is None:
            return ""
        process.is_frozen = False
        process.is_stale = process.is_stale or b % 2 == 0
        return f"w{process.number}, {'too late' if process.is_stale else 'in time'}"

    def start(self, _a: int, _b: int) -> str:
        """A worker more."""
        if len(self._running) >= _MOST_RUNNING:
            return ""
        self._processes.append(Process(len(self._processes), self._place, self._setting.make))
        self._loop.settle()
        return f"w{len(self._processes) - 1}"

    def rebalance(self, _a: int, _b: int) -> str:
        """Every worker that hears it gives everything back, when its step is done."""
        for process in self._alive:
            process.revoke()
        return f"of {len(self._alive)}"

    def assign(self, a: int, b: int) -> str:
        """Partitions go to those who gave back; whoever did not still believes it owns them."""
        joined = [one for one in self._alive if one.is_revoked]
        if not joined:
            return ""
        owners: dict[Process, dict[int, int]] = {process: {} for process in joined}
        for partition in range(self._setting.partitions):
            at = b % (self._logs.of(SOURCE, partition).end + 1)
            owners[joined[(a >> partition) % len(joined)]][partition] = at
        for process, places in owners.items():
            process.assign(places)
        return ", ".join(f"w{one.number} has {sorted(places)}" for one, places in owners.items())

    def move(self, a: int, b: int) -> str:
        """A whole rebalance that one of the workers may miss."""
        self.rebalance(0, 0)
        missing = b % 6
        for process in self._running:
            if process.number % 6 != missing:
                self._answer(process, 30)
        return self.assign(a, b // 6)

    def wait(self, _a: int, b: int) -> str:
        """A moment passes."""
        self.now += (b % 4) * 0.4
        return f"{(b % 4) * 0.4} s"

    def rest(self, _a: int, b: int) -> str:
        """Hours or days without trouble: whatever is on its way arrives, all catch up, and the
        cleaner comes by. Without that trust in a few quiet minutes nothing could be promised.
        """
        self.catch_up()
        hours = (2, 30, 200)[b % 3]
        self.now += hours * HOUR
        self._logs.clean(self._setting.lag)
        return f"{hours} h"

    def clean(self, _a: int, _b: int) -> str:
        """The cleaner comes by."""
        self._logs.clean(self._setting.lag)
        return "whatever it may"

    _ACTIONS: Mapping[str, Callable[["World", int, int], str]] = {
        one.__name__: one
        for one in (
            produce,
            tick,
            deliver,
            work,
            lose_chunk,
            jump,
            run,
            land,
            answer_blind,
            give_up,
            vanish,
            crash,
            freeze,
            thaw,
            start,
            rebalance,
            assign,
            move,
            wait,
            rest,
            clean,
        )
    }

    # -- the end --

    def catch_up(self) -> None:
        """What is on its way lands, workers that end are replaced, and all is applied."""
        for process in self._alive:
            if process.is_frozen:
                process.kill()
        for request in list(self._logs.on_their_way):
            if request.sender not in {one.number for one in self._running}:
                self._logs.land(request)
        for _ in range(
            2
        ):  # a foreign write is noticed by the next step, and mended by the one after
            for partition in range(self._setting.partitions):
                self.tick(partition, 0)
            self._complete()

    def _complete(self) -> None:
        for _ in range(_ROUNDS):
            if self._is_complete():
                return
            self._one_round()
        behind = [one.last_words for one in self._processes if one.last_words][-3:]
        self._wrong.append(f"nobody comes to the end; last words: {behind}")

    def _one_round(self) -> None:
        self.now += 1.0
        self._run_all()
        if not self._has_owners():
            self._hand_out()
            self._run_all()
        for process in self._running:
            for partition in process.at:
                owned = process.delivery.owned.get(partition)
                if owned is not None:
                    process.at[partition] = max(0, owned.wanted)
                    process.deliver(partition, 5)
        self._run_all()

    def _has_owners(self) -> bool:
        owned = [number for one in self._running for number in one.delivery.owned]
        return sorted(owned) == list(range(self._setting.partitions)) and all(
            one.delivery.is_ready for one in self._running
        )

    def _hand_out(self) -> None:
        if not self._running:
            self.start(0, 0)
        self.rebalance(0, 0)
        self._run_all()
        self.assign(1, 0)

    def _run_all(self) -> None:
        for process in self._running:
            while process.waits:
                process.answer(process.waits[0])

    def _is_complete(self) -> bool:
        return self._has_owners() and all(
            partition.applied == self._logs.of(SOURCE, partition.number).end - 1
            for one in self._running
            for partition in one.delivery.partitions
        )

    def differences(self) -> list[str]:
        """Catch up, restart everything from what the cleaner leaves, and compare with truth."""
        self.rest(0, 2)
        self.rest(0, 2)
        for process in self._alive:
            process.kill()
        self.catch_up()
        found = [*self._wrong, *self._compare()] if not self._wrong else self._wrong
        for process in self._alive:
            process.kill()
        self._loop.end()
        return found

    def _compare(self) -> Iterator[str]:
        memories = {p.number: p.state for one in self._running for p in one.delivery.partitions}
        for partition in range(self._setting.partitions):
            journeys = self._logs.of(JOURNEYS, partition)
            seen = Seen(
                partition=partition,
                source=self._logs.of(SOURCE, partition).records,
                memory=memories[partition],
                newest={r.key: r.value for r in journeys.records},
                rejected=[r.value for r in self._logs.of(REJECTED, 0).records],
            )
            for one in (*self._subject.wrong(seen), *self._torn(journeys.ever)):
                yield f"partition {partition}: {one}"

    def _torn(self, ever: Sequence[Record]) -> Iterator[str]:
        """Records of one journey and version that are not the same."""
        told: dict[tuple[bytes, int], bytes] = {}
        for record in ever:
            version = version_in(record.value)
            if version is not None:
                content = self._subject.comparable(record.value)
                if told.setdefault((record.key, version), content) != content:
                    yield f"two of version {version}: {content!r}"

    # -- who is there --

    @property
    def _alive(self) -> list[Process]:
        return [one for one in self._processes if not one.is_dead]

    @property
    def _running(self) -> list[Process]:
        return [one for one in self._processes if one.is_running]

    @property
    def _delivered(self) -> list[tuple[Process, int]]:
        return [(one, partition) for one in self._running for partition in one.at]

    def _last_words(self, process: Process) -> str:
        return f" and it ended ({process.last_words})" if process.is_dead else ""


def version_in(value: bytes) -> int | None:
    """The version a record of `journeys.v1` tells; None for progress."""
    found = _VERSION.search(value)
    return int(found[1]) if found else None


def _pick(choices: Sequence[Choice], number: int) -> Choice | None:
    return choices[number % len(choices)] if choices else None
