"""A step while it is being made: everything it would change, beside a memory it only reads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import msgspec

from schemas import topics
from schemas.codec import encode
from schemas.journey import Progress
from schemas.rejection import Origin, Rejection
from schemas.vocabulary import Reason, RecordKind
from services.journey.domain import repeats
from services.journey.domain.citizen import Verdict
from services.journey.domain.looking import Cause, Citizen
from services.journey.domain.marks import Marks
from services.journey.domain.repeats import Arrivals, Repeats
from services.journey.domain.rules import BEGINNING, FOREVER, Rules
from services.journey.domain.state import Position, Tally
from services.journey.domain.step import Alarm, Arm, Output, SourceRecord, Step


class Memory(Protocol):
    """What a partition holds, to be read."""

    @property
    def partition(self) -> int:
        """Its number."""

    @property
    def position(self) -> Position:
        """How far it is."""

    @property
    def repeats(self) -> Repeats:
        """The hashes of unlinked events."""

    @property
    def marks(self) -> Marks:
        """Those who were erased."""

    def row(self, key: bytes) -> bytes | None:
        """A row of state."""

    def passed(self, clock: str, instant: datetime) -> Iterable[bytes]:
        """The keys with a deadline before `instant`, about the soonest first."""


class Draft:
    """Collects what a step changes. Rows in `state` hide those of the memory."""

    def __init__(self, memory: Memory, rules: Rules, first: SourceRecord) -> None:
        self.memory = memory
        self.rules = rules
        self.first = first.offset
        self.state: dict[bytes, bytes | None] = {}
        self.outputs: list[Output] = []
        self.arrivals: Arrivals = {}
        self.arms: list[Arm] = []
        self.alarms: list[Alarm] = []
        self.late: dict[str, int] = {}
        self.watermarks = dict(memory.position.watermarks)
        self.ended = memory.position.ended
        self._accounts: dict[str, Tally] = {}
        self._told: set[str] = set()

    @property
    def first_version(self) -> int:
        """The version of offset 0."""
        return self.rules.version(0)

    def watermark(self, clock: str) -> datetime:
        """How far time has come on a clock; after its last tick, for ever."""
        return FOREVER if clock in self.ended else self.watermarks.get(clock, BEGINNING)

    def row(self, key: bytes) -> bytes | None:
        """A row as this step leaves it."""
        return self.state[key] if key in self.state else self.memory.row(key)

    def cause(self, record: SourceRecord, citizen: Citizen) -> Cause:
        """A control record that makes us look at somebody."""
        rules = self.rules
        watermark, service = self.watermark(citizen.clock), rules.of(citizen.service)
        return Cause(record.offset, record.offset, watermark, service, rules.most_entries)

    def count(self, clock: str, verdict: Verdict | Reason) -> None:
        """Enter one event into the account of its clock."""
        tally = self.tally(clock)
        if verdict is Verdict.APPLIED:
            tally.applied += 1
        elif verdict is Verdict.DUPLICATE:
            tally.duplicate += 1
        elif verdict is Verdict.LATE:
            tally.late += 1
            self.late[clock] = self.late.get(clock, 0) + 1
        elif isinstance(verdict, Reason):
            tally.rejected[verdict] = tally.rejected.get(verdict, 0) + 1

    def tally(self, clock: str) -> Tally:
        """The account of a clock, to be counted on."""
        if clock not in self._accounts:
            before = self.memory.position.accounts.get(clock)
            self._accounts[clock] = before.copy() if before is not None else Tally()
        return self._accounts[clock]

    def tell(self, kind: RecordKind, key: bytes, value: bytes) -> None:
        """Something for `journeys.v1`."""
        self.outputs.append(Output(topics.JOURNEYS, key, value, str(kind)))

    def refuse(self, record: SourceRecord, rejection: Rejection) -> None:
        """Something for the rejected topic, known by where the record lay."""
        origin = Origin(
            topic=topics.TOUCHPOINTS, partition=self.memory.partition, offset=record.offset
        )
        told = encode(rejection.model_copy(update={"origin": origin}))
        self.outputs.append(Output(topics.TOUCHPOINTS_REJECTED, rejection.source.encode(), told))

    def progress(self, clock: str, upto: int) -> None:
        """Say how far this partition is on a clock that has ticked."""
        partition = self.memory.partition
        self._told.add(clock)
        told = Progress(
            partition=partition,
            clock=clock,
            watermark=self.watermarks[clock],
            last=clock in self.ended,
            applied=upto,
            account=self.tally(clock).account(),
        )
        key = f"progress/{partition}/{clock}".encode()
        self.tell(RecordKind.PROGRESS, key, encode(told))

    def step(self, upto: int, used: int) -> Step:
        """The finished step; with `used` 0 the tick at `upto` has to be looked at again."""
        self.state.update(repeats.rows_of(self.arrivals, upto))
        # No tick of an ended clock will come to tell of what arrives after it.
        for clock in sorted((self._accounts.keys() & set(self.ended)) - self._told):
            self.progress(clock, upto)
        return Step(
            upto=upto,
            state=tuple(self.state.items()),
            position=self._position(upto) if used else self._half_swept(upto),
            outputs=tuple(self.outputs),
            used=used,
            arms=tuple(self.arms),
            alarms=tuple(self.alarms),
            late=self.late,
        )

    def _half_swept(self, tick: int) -> Position:
        return msgspec.structs.replace(self.memory.position, sweeping=tick)

    def _position(self, upto: int) -> Position:
        before = self.memory.position
        return Position(
            upto,
            self.rules.epoch,
            before.next_output,
            self.watermarks,
            self.ended,
            before.accounts | self._accounts,
        )
