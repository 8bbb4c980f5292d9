"""One partition: its rows, how far it is and what falls due; records in, a step out.

`fold` changes nothing; `take` does, once the step is in the log. So whatever happens in between,
memory and log agree. A little long because it is the one door between domain and engine.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from schemas import topics
from schemas.control import LIVE
from schemas.vocabulary import RecordKind
from services.journey.domain import (
    buckets,
    erasing,
    handing,
    linking,
    marks,
    moves,
    repeats,
    state,
    ticks,
    touchpoints,
)
from services.journey.domain.deadlines import Deadlines
from services.journey.domain.draft import Draft
from services.journey.domain.marks import Marks
from services.journey.domain.people import retold
from services.journey.domain.repeats import Repeats
from services.journey.domain.rules import Rules, first_version
from services.journey.domain.snapshot import Labels
from services.journey.domain.state import APPLIED, RESERVED, Dues, Position
from services.journey.domain.step import Alarm, Output, SourceRecord, Step, UnknownControl

__all__ = ["APPLIED", "Alarm", "Output", "PartitionState", "SourceRecord", "Step", "UnknownControl"]


class PartitionState:
    """Everything held of one partition. Only `take` changes it."""

    def __init__(self, partition: int, position: Position) -> None:
        self._partition = partition
        self._position = position
        self._rows: dict[bytes, bytes] = {}
        self._deadlines: dict[str, Deadlines] = {}
        self._repeats = Repeats()
        self._marks = Marks()
        self._people = 0
        self._bytes = 0

    @classmethod
    def empty(cls, partition: int) -> Self:
        """A partition of which nothing was read."""
        return cls(partition, Position())

    @classmethod
    def restore(cls, partition: int, rows: Mapping[bytes, bytes]) -> Self:
        """The partition whose log holds these rows, `applied` among them."""
        restored = cls(partition, state.decode_position(rows.get(APPLIED)))
        restored._rows = dict(rows)
        restored._rows.pop(APPLIED, None)
        restored._bytes = sum(map(len, restored._rows.values()))
        dues: defaultdict[str, dict[bytes, datetime]] = defaultdict(dict)
        people = 0
        for key, row in restored._rows.items():
            if key.startswith(RESERVED):
                restored._know(key, row, None)
                of_row = _reserved_dues(key, row)
            else:
                people += 1
                of_row = state.decode_dues(row)
            for clock, due in of_row.items():
                if due is not None:
                    dues[clock][key] = due
        restored._people = people
        restored._deadlines = {clock: Deadlines.of(of_clock) for clock, of_clock in dues.items()}
        return restored

    @property
    def partition(self) -> int:
        """Its number."""
        return self._partition

    @property
    def position(self) -> Position:
        """How far it is, with accounts and watermarks."""
        return self._position

    @property
    def applied(self) -> int:
        """Offset of the last record applied; -1 when there is none."""
        return self._position.offset

    @property
    def epoch(self) -> int:
        """Epoch of the log the offsets are of; 0 before the first step."""
        return self._position.epoch

    @property
    def next_output(self) -> int:
        """Where `journeys.v1` stood when this state was written."""
        return self._position.next_output

    @property
    def watermarks(self) -> Mapping[str, datetime]:
        """The newest tick of each clock."""
        return self._position.watermarks

    @property
    def live_citizens(self) -> int:
        """Pseudonyms with a row."""
        return self._people

    @property
    def state_bytes(self) -> int:
        """Size of all rows."""
        return self._bytes

    @property
    def deadlines(self) -> int:
        """How many keys have something due, all clocks together."""
        return sum(len(one) for one in self._deadlines.values())

    @property
    def repeats(self) -> Repeats:
        """The hashes of unlinked events."""
        return self._repeats

    @property
    def marks(self) -> Marks:
        """Those who were erased."""
        return self._marks

    def row(self, key: bytes) -> bytes | None:
        """A row of state, `applied` included; None when there is none."""
        if key == APPLIED:
            return state.encode(self._position) if self.applied >= 0 else None
        return self._rows.get(key)

    def rows(self) -> Mapping[bytes, bytes]:
        """Every row, `applied` included."""
        applied = self.row(APPLIED)
        return dict(self._rows) if applied is None else {**self._rows, APPLIED: applied}

    def passed(self, clock: str, instant: datetime) -> Iterable[bytes]:
        """The keys with a deadline before `instant`, about the soonest first."""
        deadlines = self._deadlines.get(clock)
        return () if deadlines is None else deadlines.passed(instant)

    def fold(self, records: Sequence[SourceRecord], rules: Rules) -> Step:
        """The next step: of the events up to the next control record, or of one tick or a slice of
        it. Pure; the same records give the same step. Raises UnknownControl when the first record
        is one we cannot follow, ValueError without records.
        """
        if not records:
            raise ValueError("a step needs at least one record")
        draft = Draft(self, rules, records[0])
        events = _next_events(records, self._rows, rules)
        if events:
            touchpoints.fold(draft, events)
            return draft.step(events[-1].offset, len(events))
        return _fold_control(draft, records[0])

    def take(self, step: Step, next_output: int | None = None) -> None:
        """Make a step that is in the log part of the memory."""
        self._position = step.position_with(next_output)
        for key, row in step.state:
            self._put(key, row)
        for arm in step.arms:
            self._deadlines.setdefault(arm.clock, Deadlines()).arm(arm.key, arm.due)
        for deadlines in self._deadlines.values():
            deadlines.settle()

    def republish(self, journeys: Mapping[UUID, bytes]) -> tuple[Output, ...]:
        """The snapshots of these journeys, each with the key of whose it is, as they were told
        last; those it does not know are left out.
        """
        start = first_version(self.epoch)
        return tuple(
            Output(topics.JOURNEYS, str(name).encode(), told, str(RecordKind.JOURNEY))
            for key in sorted(set(journeys.values()))
            for citizen in state.decode_person(self._rows.get(key))
            for name, told in retold(citizen, journeys.keys(), Labels(key.decode(), start))
        )

    def _put(self, key: bytes, row: bytes | None) -> None:
        before = self._rows.get(key)
        if row is not None:
            # In its place: a row taken out first has all rows re-hashed again and again.
            # And copied: an encoder cuts its answer out of a larger piece of memory, the rest of
            # which is too small for a row. Without that a citizen held 2.2 kB, not 1.8.
            self._rows[key] = bytes(memoryview(row))
        elif before is not None:
            del self._rows[key]
        self._bytes += len(row or b"") - len(before or b"")
        if not key.startswith(RESERVED):
            self._people += (row is not None) - (before is not None)
        else:
            self._know(key, row, before)

    def _know(self, key: bytes, row: bytes | None, before: bytes | None) -> None:
        """What is looked up all the time is known by more than its row."""
        for prefix, book in ((repeats.PREFIX, self._repeats), (marks.PREFIX, self._marks)):
            if not key.startswith(prefix):
                continue
            if row is not None:
                book.take(key, row)
            elif before is not None:
                book.drop(key, before)


def _fold_control(draft: Draft, record: SourceRecord) -> Step:
    match record.kind:
        case RecordKind.TICK:
            return draft.step(record.offset, int(ticks.fold(draft, record)))
        case RecordKind.ERASURE:
            erasing.fold(draft, record)
            return draft.step(record.offset, 1)
        case RecordKind.LINK:
            linking.fold(draft, record)
            return draft.step(record.offset, 1)
        case RecordKind.HANDOVER:
            handing.fold(draft, record)
            return draft.step(record.offset, 1)
    raise UnknownControl(f"kind {record.kind!r} at offset {record.offset}")


def _reserved_dues(key: bytes, row: bytes) -> Dues:
    """The next deadline of a row that belongs to nobody, on its clock."""
    if key.startswith(buckets.PREFIX):
        bucket = buckets.decode_due(row)
        return {bucket.clock: bucket.due}
    if key.startswith(moves.PREFIX):
        return {LIVE: moves.decode(row).until}
    return {}


def _next_events(
    records: Sequence[SourceRecord], rows: Mapping[bytes, bytes], rules: Rules
) -> list[SourceRecord]:
    """The events that the next step takes: none when a control record is next."""
    events: list[SourceRecord] = []
    taken: dict[bytes | None, int] = {}
    room = rules.most_bytes
    for record in records[: rules.most_records]:
        key = record.key
        of_one = taken.get(key, 0)
        if record.kind is not None or of_one == rules.most_of_one:
            break
        if not of_one and key is not None:
            room -= len(rows.get(key, b""))
            if room < 0 and events:
                break
        taken[key] = of_one + 1
        events.append(record)
    return events
