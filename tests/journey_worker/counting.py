"""A partition's memory that counts the records of each key, in the form the engine asks for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec.structs import replace

from schemas.codec import encode
from schemas.control import LIVE
from schemas.journey import JourneySnapshot
from schemas.topics import JOURNEYS
from schemas.vocabulary import Identity, Outcome, Status, Turn
from services.journey.domain import state
from services.journey.domain.partition import APPLIED, Output, SourceRecord, Step
from services.journey.domain.rules import Rules
from services.journey.domain.state import Position, Tally

_OPENED = datetime(2026, 1, 1, tzinfo=UTC)
RULES = Rules(services={}, epoch=1)


def key_of(citizen: int) -> bytes:
    """The key of a citizen: it looks like a pseudonym."""
    return f"citizen-{citizen:016d}".encode()


def id_of(key: bytes) -> UUID:
    """The journey of a key; it has one, for ever."""
    return uuid5(NAMESPACE_URL, key.decode())


def snapshot(key: bytes, count: int, offset: int) -> Output:
    """A journey with `count` entries, as the record at `offset` made it."""
    journey = JourneySnapshot(
        id=id_of(key),
        version=RULES.version(offset),
        clock=LIVE,
        pseudonym=key.decode(),
        identity=Identity.LINKED,
        agency="municipality",
        service="building-permit",
        status=Status.OPEN,
        turn=Turn.CITIZEN,
        outcome=Outcome.OPEN,
        opened=_OPENED,
        entries=count,
    )
    return Output(JOURNEYS, str(journey.id).encode(), encode(journey), "journey")


@dataclass
class CountingState:
    """A row is the count and the offset of the last record."""

    partition: int
    position: Position = field(default_factory=Position)
    counts: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def empty(cls, partition: int) -> Self:
        return cls(partition)

    @classmethod
    def restore(cls, partition: int, rows: Mapping[bytes, bytes]) -> Self:
        counts = {key: row for key, row in rows.items() if key != APPLIED}
        return cls(partition, state.decode_position(rows.get(APPLIED)), counts)

    @property
    def live_citizens(self) -> int:
        return len(self.counts)

    @property
    def deadlines(self) -> int:
        return 0

    @property
    def state_bytes(self) -> int:
        return sum(map(len, self.counts.values()))

    def fold(self, records: Sequence[SourceRecord], rules: Rules) -> Step:
        counts: dict[bytes, tuple[int, int]] = {}
        events = [record for record in records if record.key is not None]
        for record in events:
            known, _ = counts.get(record.key or b"") or self.count(record.key or b"")
            counts[record.key or b""] = (known + 1, record.offset)
        counted = self._counted + len(events)
        position = replace(
            self.position,
            offset=records[-1].offset,
            epoch=rules.epoch,
            accounts={LIVE: Tally(applied=counted)},
        )
        return Step(
            upto=records[-1].offset,
            state=tuple((key, b"%d %d" % both) for key, both in counts.items()),
            position=position,
            outputs=tuple(snapshot(key, *both) for key, both in counts.items()),
            used=len(records),
        )

    @property
    def _counted(self) -> int:
        return sum(tally.applied for tally in self.position.accounts.values())

    def take(self, step: Step, next_output: int | None = None) -> None:
        self.counts.update({key: row for key, row in step.state if row is not None})
        self.position = step.position_with(next_output)

    def rows(self) -> Mapping[bytes, bytes]:
        applied = {APPLIED: state.encode(self.position)} if self.position.offset >= 0 else {}
        return {**self.counts, **applied}

    def republish(self, ids: Collection[UUID]) -> Sequence[Output]:
        known = {id_of(key): key for key in self.counts}
        return [
            snapshot(known[one], *self.count(known[one])) for one in sorted(ids) if one in known
        ]

    def count(self, key: bytes) -> tuple[int, int]:
        """How often a key was seen, and where last."""
        count, _, offset = self.counts.get(key, b"0 -1").partition(b" ")
        return int(count), int(offset)
