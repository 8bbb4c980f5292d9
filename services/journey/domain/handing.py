"""A handover: what was held of somebody under another name is united with what is held here.

It is exempt from lateness, and twice equals once. Whoever was erased under the other name was so
under this one: nothing from before may be kept, also of what had come here first.
"""

from datetime import datetime

from schemas.codec import SchemaViolation, decode
from schemas.control import Handover
from services.journey.domain import moves
from services.journey.domain.draft import Draft
from services.journey.domain.erasing import mark
from services.journey.domain.parcel import Parcel, packed, under_way, unpacked
from services.journey.domain.people import Person
from services.journey.domain.reading import unreadable
from services.journey.domain.rules import BEGINNING, FOREVER
from services.journey.domain.step import Alarm, SourceRecord
from services.journey.domain.uniting import Brought, unite


def fold(draft: Draft, record: SourceRecord) -> None:
    """Draft what a handover changes; of somebody who has moved on since, it is sent on."""
    try:
        handover = decode(Handover, record.value)
        parcel = unpacked(handover.entries) if handover.entries else None
    except (SchemaViolation, ValueError) as violation:
        draft.alarms.append(Alarm(record.offset, "handover.unreadable", violation))
        draft.refuse(record, unreadable(record, "entries: cannot be read"))
        return
    upper = handover.upper.encode()
    if handover.erased is not None:
        mark(draft, upper, handover.erased, record, stands=handover.objects)
    move = moves.of(draft, upper)
    if move is not None and moves.leads_on(move, handover):
        _send_on(draft, handover, parcel, move)
        return
    # Where a key of before writes again the newer links lead here: the move away is over.
    moves.forget(draft, upper)
    _take_in(draft, handover, parcel, record)


def _send_on(draft: Draft, handover: Handover, parcel: Parcel | None, move: moves.Move) -> None:
    case = move.cases.get(handover.case or "", handover.case)
    entries = handover.entries
    if parcel is not None:
        entries = packed(under_way(parcel, _since(draft, handover), move.cases))
    way = (*handover.way, moves.hop(move, handover.upper))
    changes = {"upper": move.upper, "origin": handover.upper, "entries": entries, "case": case}
    moves.send(draft, handover.model_copy(update=changes | {"way": way}))


def _take_in(draft: Draft, handover: Handover, parcel: Parcel | None, record: SourceRecord) -> None:
    since = _since(draft, handover)
    cases = {}
    if handover.former_case is not None and handover.case is not None:
        cases[handover.former_case] = handover.case
    person = Person(draft, handover.upper.encode())
    if parcel is not None:
        person.dealing_with(parcel)
    for citizen, changes in person.dealings:
        is_meant = parcel is not None and (citizen.service, citizen.clock) == (
            parcel.service,
            parcel.clock,
        )
        brought = Brought(parcel if is_meant else None, cases, since)
        unite(citizen, brought, draft.cause(record, citizen), changes)
    person.finish()


def _since(draft: Draft, handover: Handover) -> datetime:
    """From when on something may be kept: of whoever objects, nothing is."""
    if handover.objects or draft.memory.marks.stands(handover.upper.encode()):
        return FOREVER
    known = draft.memory.marks.since(handover.upper.encode())
    return max(known or BEGINNING, handover.erased or BEGINNING)
