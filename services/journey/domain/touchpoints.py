"""A run of touchpoint events: to the citizens they belong to, or into the buckets.

Grouped, so that a row is decoded and encoded once a step. A record that makes the fold fail is
refused, and what else came for its citizen is folded again without it.
"""

from collections.abc import Sequence
from typing import Final

from schemas.codec import decode
from schemas.control import LIVE
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import IdentityKind, Reason
from services.journey.domain import buckets, moves, unlinked
from services.journey.domain.arrival import Arrival, arrival_of
from services.journey.domain.citizen import Verdict, insert
from services.journey.domain.draft import Draft
from services.journey.domain.erasing import is_erased, without_erased
from services.journey.domain.linking import forward
from services.journey.domain.looking import Cause
from services.journey.domain.moves import Move
from services.journey.domain.people import Person
from services.journey.domain.plain import plain
from services.journey.domain.reading import late, read, rejection
from services.journey.domain.step import Alarm, SourceRecord
from services.journey.domain.unlinked import Event

_ONCE: Final = str(IdentityKind.ONCE)


class _Failed(Exception):
    """The fold failed; the place among the arrivals of the one that made it fail."""

    def __init__(self, place: int, error: Exception) -> None:
        super().__init__(place)
        self.place = place
        self.error = error


def fold(draft: Draft, records: Sequence[SourceRecord]) -> None:
    """Draft what these records change."""
    people: dict[bytes, list[Arrival]] = {}
    of_nobody: dict[bytes, list[Event]] = {}
    objects = draft.memory.marks.stands
    for record in records:
        arrival = plain(record)
        if arrival is not None and not objects(arrival.key):
            people.setdefault(arrival.key, []).append(arrival)
            continue
        told = read(record)
        if isinstance(told, Rejection):
            draft.count(LIVE, told.reason)
            draft.refuse(record, told)
        else:
            _sort(draft, people, of_nobody, (record, told))
    for key, arrivals in people.items():
        _fold_person(draft, key, arrivals)
    for key, unknown in of_nobody.items():
        unlinked.fold(draft, key, unknown)


def _sort(
    draft: Draft,
    people: dict[bytes, list[Arrival]],
    of_nobody: dict[bytes, list[Event]],
    event: Event,
) -> None:
    record, told = event
    try:
        if told.data.identity_kind == _ONCE or _objects(draft, told):
            labels = buckets.empty(told, draft.rules.of(told.data.service)).labels
            of_nobody.setdefault(buckets.state_key(labels), []).append(event)
        else:
            arrival = arrival_of(record, told)
            people.setdefault(arrival.key, []).append(arrival)
    except Exception as error:  # noqa: BLE001 - whatever it is, only this record suffers
        _refuse(draft, record, told, error)


def _objects(draft: Draft, told: TouchpointRecord) -> bool:
    """Whether somebody is not to be recognised; what is older than their word is dropped."""
    key = told.subject.encode()
    return draft.memory.marks.stands(key) and not is_erased(draft, key, told.time)


def _fold_person(draft: Draft, key: bytes, arrivals: list[Arrival]) -> None:
    arrivals = without_erased(draft, key, arrivals)
    if (move := moves.of(draft, key)) is not None:
        _send_on(draft, move, arrivals)
        return
    while arrivals:
        try:
            verdicts = _insert_all(draft, key, arrivals)
        except _Failed as failed:
            failing = arrivals.pop(failed.place).record
            _refuse(draft, failing, _again(failing), failed.error)
            continue
        for arrival, verdict in zip(arrivals, verdicts, strict=True):
            _account(draft, arrival, verdict)
        return


def _send_on(draft: Draft, move: Move, arrivals: Sequence[Arrival]) -> None:
    """Whose key was changed is known elsewhere; what comes too late is told here."""
    in_time = []
    for arrival in arrivals:
        earliest = draft.watermark(arrival.clock) - draft.rules.of(arrival.service).grace
        is_late = arrival.entry.time < earliest
        _account(draft, arrival, Verdict.LATE if is_late else Verdict.APPLIED)
        in_time += [] if is_late else [arrival]
    forward(draft, move, in_time)


def _insert_all(draft: Draft, key: bytes, arrivals: Sequence[Arrival]) -> list[Verdict]:
    """Nothing is drafted unless all of it is: on failure the person's objects, half changed, are
    thrown away.
    """
    place = 0
    try:
        person = Person(draft, key)
        verdicts = []
        for place, arrival in enumerate(arrivals):  # noqa: B007 - told when it fails
            verdicts.append(_insert(draft, person, arrival))
        person.finish()
    except Exception as error:
        raise _Failed(place, error) from error
    return verdicts


def _insert(draft: Draft, person: Person, arrival: Arrival) -> Verdict:
    rules = draft.rules
    citizen, changes = person.dealing_with(arrival)
    cause = Cause(
        arrival.record.offset,
        draft.first,
        draft.watermark(arrival.clock),
        rules.of(arrival.service),
        rules.most_entries,
    )
    return insert(citizen, arrival.entry, cause, changes)


def _account(draft: Draft, arrival: Arrival, verdict: Verdict) -> None:
    record, clock = arrival.record, arrival.clock
    if verdict is Verdict.TOO_MANY:
        detail = f"more than {draft.rules.most_entries} entries of one citizen and service"
        draft.count(clock, Reason.TOO_MANY)
        draft.refuse(record, rejection(record, _again(record), Reason.TOO_MANY, detail))
    else:
        draft.count(clock, verdict)
        if verdict is Verdict.LATE:
            draft.refuse(record, late(record, _again(record)))


def _again(record: SourceRecord) -> TouchpointRecord:
    """The event in a record that could be read before: only a refusal needs all of it."""
    return decode(TouchpointRecord, record.value)


def _refuse(draft: Draft, record: SourceRecord, told: TouchpointRecord, error: Exception) -> None:
    draft.count(told.data.clock, Reason.INTERNAL)
    draft.refuse(record, rejection(record, told, Reason.INTERNAL, type(error).__name__))
    draft.alarms.append(Alarm(record.offset, "fold.failed", error))
