"""The journeys as they are, of a few citizens; truth is one straight fold of the source log."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from schemas.codec import decode, encode
from schemas.control import Tick
from schemas.journey import JourneySnapshot
from schemas.rejection import Rejection
from schemas.topics import JOURNEYS, TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.vocabulary import Action, IdentityKind, Initiator
from services.journey.domain import marks, moves, state
from services.journey.domain.partition import Output, PartitionState, SourceRecord
from services.journey.domain.rules import Rules
from services.journey.domain.state import APPLIED, RESERVED
from tests.builders import pseudonym, record
from tests.simulation.logs import Record, Row
from tests.simulation.setting import Seen
from tests.unit.journey.builders import HOUR, SHORT, ZERO

Refused = tuple[int, int, str]
_CLOCK = "demo"
_SERVICE = "building-permit"
_EVENTS = 60
_ACTS = (
    Action.VISITED,
    Action.STARTED,
    Action.SAVED,
    Action.SUBMITTED,
    Action.CONTACTED,
    Action.DECIDED,
    Action.COMPLETED,
)
_HOURS_A_TICK = 5
_KEPT = (b"\0bucket/", moves.PREFIX, marks.PREFIX)
_NOT_READABLE = 17  # one event in so many breaks the contract


@lru_cache(maxsize=_EVENTS)
def _event(number: int) -> Row:
    citizen = pseudonym(f"citizen-{number % 4}")
    is_unlinked = number % 4 == 3
    action = Action.VISITED if is_unlinked else _ACTS[number % len(_ACTS)]
    told = record(
        f"e{number}",
        subject=citizen,
        time=ZERO + (number * 7 % 50) * HOUR,
        clock=_CLOCK,
        action=action,
        initiator=Initiator.AGENCY if action is Action.DECIDED else Initiator.CITIZEN,
        identity_kind=IdentityKind.ONCE if is_unlinked else IdentityKind.CITIZEN,
        case=pseudonym(f"case-{number % 3}") if number % 3 else None,
    )
    value = b"{" if number % _NOT_READABLE == 0 else encode(told)
    return citizen.encode(), value, ()


@lru_cache
def _tick(number: int) -> Row:
    told = Tick(clock=_CLOCK, time=ZERO + number * _HOURS_A_TICK * HOUR)
    return None, encode(told), [("kind", b"tick")]


class CitizensSubject:
    """Few of them, so that they meet often; windows of hours, so that ticks make journeys final."""

    rules = Rules({_SERVICE: SHORT}, most_swept=1)
    states = PartitionState
    batch_bytes = 6_000

    def event(self, number: int) -> Row:
        return _event(number % _EVENTS)

    def tick(self, number: int) -> Row:
        return _tick(number)

    def wrong(self, seen: Seen) -> Iterator[str]:
        """Where memory, journeys or rejections differ from truth."""
        truth, newest, rejected, handed = self._truth(seen.partition, seen.source)
        yield from _differences("state", _rows(truth.rows()), _rows(seen.memory.rows()))
        if truth.position.accounts != seen.memory.position.accounts:
            yield f"the account is {seen.memory.position.accounts}"
        published = {key: comparable(value) for key, value in seen.newest.items()}
        yield from _differences("journeys", newest, published)
        if lost := handed - seen.sent:
            yield f"never handed over: {sorted(lost)}"
        refused = {told for told in map(_refused, seen.rejected) if told[0] == seen.partition}
        if refused != rejected:
            yield f"rejected is {sorted(refused)}, truth is {sorted(rejected)}"

    def comparable(self, value: bytes) -> bytes:
        return comparable(value)

    def _truth(
        self, partition: int, source: Sequence[Record]
    ) -> tuple[PartitionState, dict[bytes, bytes], set[Refused], set[bytes]]:
        memory = PartitionState.empty(partition)
        newest: dict[bytes, bytes] = {}
        rejected: set[Refused] = set()
        handed: set[bytes] = set()
        waiting = [_source_record(one) for one in source]
        while waiting:
            step = memory.fold(waiting[:1], self.rules)
            memory.take(step)
            waiting = waiting[step.used :]
            newest |= {o.key: comparable(o.value) for o in step.outputs if o.topic == JOURNEYS}
            rejected |= {_refused(o.value) for o in _on(TOUCHPOINTS_REJECTED, step.outputs)}
            handed |= {o.value for o in _on(TOUCHPOINTS, step.outputs)}
        return memory, newest, rejected, handed


def _on(topic: str, outputs: Sequence[Output]) -> Iterator[Output]:
    return (one for one in outputs if one.topic == topic)


def _source_record(one: Record) -> SourceRecord:
    appended = datetime.fromtimestamp(one.timestamp / 1000, UTC)
    kind = next((value.decode() for name, value in one.headers if name == "kind"), None)
    return SourceRecord(one.offset, appended, one.key, one.value or b"", kind)


@lru_cache(maxsize=2**16)
def comparable(value: bytes) -> bytes:
    """Without the reason of a revision: one step gives a journey one reason, however many records
    it has, so that it depends on where steps end.
    """
    if b'"revision_reason"' not in value:
        return value
    journey = decode(JourneySnapshot, value)
    return encode(journey.model_copy(update={"revision_reason": None}))


@lru_cache(maxsize=2**12)
def _refused(value: bytes) -> Refused:
    told = decode(Rejection, value)
    assert told.origin is not None
    return told.origin.partition, told.origin.offset, str(told.reason)


def _rows(rows: Mapping[bytes, bytes]) -> dict[bytes, Any]:
    """Rows without what depends on where steps end: reasons, and the names of rows of hashes."""
    people = {key: _person(row) for key, row in rows.items() if not key.startswith(RESERVED)}
    others = {key: row for key, row in rows.items() if key.startswith(_KEPT)}
    return {**people, **others, APPLIED: state.decode_position(rows.get(APPLIED)).offset}


def _person(row: bytes) -> bytes:
    person = state.decode_person(row)
    for citizen in person:
        for shown in citizen.shown:
            shown.reason = None
    return state.encode(person)


def _differences(
    where: str, truth: Mapping[bytes, Any], found: Mapping[bytes, Any]
) -> Iterator[str]:
    for key in truth.keys() | found.keys():
        if truth.get(key) != found.get(key):
            yield f"{where}: {key!r} is {found.get(key)!r}, truth is {truth.get(key)!r}"
