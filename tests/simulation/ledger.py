"""The sharpest memory: the offsets of each key's records, so that a lost or doubled one shows.

Ticks make keys final that are long or quiet, in slices: their rows are tombstoned and their
journeys are known no more, as it is with real ones.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, Self
from uuid import NAMESPACE_URL, UUID, uuid5
from zlib import crc32

from msgspec.structs import replace

from schemas.codec import encode
from schemas.control import LIVE
from schemas.journey import Account, JourneySnapshot, Progress
from schemas.topics import JOURNEYS
from schemas.vocabulary import Identity, Outcome, RecordKind, Status, Turn
from services.journey.domain import state
from services.journey.domain.partition import APPLIED, Output, SourceRecord, Step
from services.journey.domain.rules import Rules
from services.journey.domain.state import Position, Tally
from tests.journey_worker.counting import key_of
from tests.simulation.logs import Record, Row
from tests.simulation.setting import Seen

_LONG = 4
_QUIET = 30
_OPENED = datetime(2026, 1, 1, tzinfo=UTC)
_TICK = RecordKind.TICK.value


class Held(NamedTuple):
    """A journey as truth has it: its version, the offsets in it, and whether it is final."""

    version: int
    offsets: tuple[int, ...]
    is_final: bool = False


def is_final(offsets: Sequence[int], tick: int) -> bool:
    """Whether a tick makes a key final."""
    return len(offsets) >= _LONG or offsets[-1] < tick - _QUIET


@lru_cache(maxsize=2**17)
def journey_id(partition: int, key: bytes, first: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"{partition} {key.decode()} {first}")


@lru_cache(maxsize=2**17)
def told(partition: int, key: bytes, journey: Held) -> Output:
    """A journey for `journeys.v1`; its service tells the offsets in it, for want of a place."""
    snapshot = JourneySnapshot(
        id=journey_id(partition, key, journey.offsets[0]),
        version=RULES.version(journey.version),
        clock=LIVE,
        pseudonym=key.decode(),
        identity=Identity.LINKED,
        agency="municipality",
        service=f"s{crc32(_row(journey.offsets))}",
        status=Status.FINAL if journey.is_final else Status.OPEN,
        turn=Turn.CITIZEN,
        outcome=Outcome.OPEN,
        opened=_OPENED,
        entries=len(journey.offsets),
    )
    return Output(JOURNEYS, str(snapshot.id).encode(), encode(snapshot), "journey")


RULES = Rules(services={}, epoch=1, most_swept=2)


def _row(offsets: Sequence[int]) -> bytes:
    return json.dumps(offsets).encode()


@dataclass
class Ledger:
    """A row is the list of offsets."""

    partition: int
    position: Position = field(default_factory=Position)
    offsets: dict[bytes, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def empty(cls, partition: int) -> Self:
        return cls(partition)

    @classmethod
    def restore(cls, partition: int, rows: Mapping[bytes, bytes]) -> Self:
        held = {key: tuple(json.loads(row)) for key, row in rows.items() if key != APPLIED}
        return cls(partition, state.decode_position(rows.get(APPLIED)), held)

    @property
    def live_citizens(self) -> int:
        return len(self.offsets)

    @property
    def deadlines(self) -> int:
        return 0

    @property
    def state_bytes(self) -> int:
        return 0

    def fold(self, records: Sequence[SourceRecord], rules: Rules) -> Step:
        first = records[0]
        if first.kind == _TICK:
            return self._sweep(first, rules)
        changed: dict[bytes, tuple[int, ...]] = {}
        used = 0
        for record in records:
            if record.key is None:
                break
            known = changed.get(record.key, self.offsets.get(record.key, ()))
            changed[record.key] = (*known, record.offset)
            used += 1
        outputs = [told(self.partition, key, Held(held[-1], held)) for key, held in changed.items()]
        return Step(
            upto=records[used - 1].offset,
            state=tuple((key, _row(held)) for key, held in changed.items()),
            position=self._at(records[used - 1].offset, used),
            outputs=tuple(outputs),
            used=used,
        )

    def _at(self, offset: int, events: int) -> Position:
        applied = self.counted + events
        return replace(
            self.position,
            offset=offset,
            epoch=RULES.epoch,
            accounts={LIVE: Tally(applied)},
            sweeping=-1,
        )

    def _sweep(self, tick: SourceRecord, rules: Rules) -> Step:
        due = [key for key, held in self.offsets.items() if is_final(held, tick.offset)]
        swept = due[: rules.most_swept]
        is_done = len(due) == len(swept)
        outputs = [
            told(self.partition, key, Held(tick.offset, self.offsets[key], is_final=True))
            for key in swept
        ]
        return Step(
            upto=tick.offset,
            state=tuple((key, None) for key in swept),
            position=self._at(tick.offset, 0)
            if is_done
            else replace(self.position, sweeping=tick.offset),
            outputs=(
                *outputs,
                *([progress(self.partition, tick.offset, self.counted)] if is_done else []),
            ),
            used=int(is_done),
        )

    @property
    def counted(self) -> int:
        """How many events there were."""
        return sum(tally.applied for tally in self.position.accounts.values())

    def take(self, step: Step, next_output: int | None = None) -> None:
        for key, row in step.state:
            self.offsets.pop(key, None)
            if row is not None:
                self.offsets[key] = tuple(json.loads(row))
        self.position = step.position_with(next_output)

    def rows(self) -> Mapping[bytes, bytes]:
        applied = {APPLIED: state.encode(self.position)} if self.position.offset >= 0 else {}
        return {**{key: _row(held) for key, held in self.offsets.items()}, **applied}

    def republish(self, ids: Collection[UUID]) -> Sequence[Output]:
        return [
            told(self.partition, key, Held(held[-1], held))
            for key, held in self.offsets.items()
            if journey_id(self.partition, key, held[0]) in ids
        ]


@lru_cache(maxsize=2**14)
def progress(partition: int, offset: int, events: int) -> Output:
    """How far a partition is, for `journeys.v1`."""
    reached = Progress(
        partition=partition,
        clock=LIVE,
        watermark=_OPENED,
        applied=offset,
        account=Account(applied=events),
    )
    return Output(JOURNEYS, b"progress/%d/live" % partition, encode(reached), "progress")


class LedgerSubject:
    """The ledger as something to be simulated, and its truth by a fold of its own."""

    rules = RULES
    states = Ledger
    batch_bytes = 1_200

    def event(self, number: int) -> Row:
        return key_of(number % 3), b"v", ()

    def tick(self, number: int) -> Row:
        return None, b"%d" % number, [("kind", _TICK.encode())]

    def wrong(self, seen: Seen) -> Iterator[str]:
        """Where memory and the newest record of each key of `journeys.v1` differ from truth."""
        held, journeys = _truth(seen.source)
        if seen.memory.offsets != held:
            yield f"state has {_plain(seen.memory.offsets)}, truth is {_plain(held)}"
        events = sum(record.key is not None for record in seen.source)
        if seen.memory.counted != events:
            yield f"the account has {seen.memory.counted} events, the source {events}"
        outputs = [told(seen.partition, key, one) for key, one in journeys]
        outputs.append(progress(seen.partition, len(seen.source) - 1, events))
        truth = {output.key: output.value for output in outputs}
        for key in truth.keys() | seen.newest.keys():
            if truth.get(key) != seen.newest.get(key):
                last = f"{key!r} was published last as {seen.newest.get(key)!r}"
                yield f"{last}, not {truth.get(key)!r}"

    def comparable(self, value: bytes) -> bytes:
        return value


def _truth(
    source: Sequence[Record],
) -> tuple[dict[bytes, tuple[int, ...]], list[tuple[bytes, Held]]]:
    """What is held at the end, and every journey there was."""
    held: dict[bytes, tuple[int, ...]] = {}
    journeys: list[tuple[bytes, Held]] = []
    for record in source:
        if record.key is not None:
            held[record.key] = (*held.get(record.key, ()), record.offset)
            continue
        due = [key for key, offsets in held.items() if is_final(offsets, record.offset)]
        journeys += [(key, Held(record.offset, held.pop(key), is_final=True)) for key in due]
    journeys += [(key, Held(offsets[-1], offsets)) for key, offsets in held.items()]
    return held, journeys


def _plain(held: Mapping[bytes, Sequence[int]]) -> dict[str, list[int]]:
    return {key.decode()[-2:]: list(offsets) for key, offsets in sorted(held.items())}
