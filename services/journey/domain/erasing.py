"""Erasure: what is held of a person is let go, what was told of them is overwritten, and older
events of theirs are dropped from then on; what is newer begins afresh.

It goes to every partition, so that none that ever held a journey of theirs is missed, and each
gives a receipt.
"""

from datetime import datetime, timedelta

from schemas.codec import SchemaViolation, decode, encode
from schemas.control import Erasure, Handover
from schemas.erasure import ErasureReceipt
from schemas.topics import ERASURES
from schemas.vocabulary import Reason, RecordKind
from services.journey.domain import marks, moves
from services.journey.domain.arrival import Arrival
from services.journey.domain.draft import Draft
from services.journey.domain.marks import Mark
from services.journey.domain.people import Person
from services.journey.domain.reading import unreadable
from services.journey.domain.step import Alarm, Output, SourceRecord


def fold(draft: Draft, record: SourceRecord) -> None:
    """Draft what an erasure changes. One asked for again finds nothing, and marks anew."""
    try:
        asked = decode(Erasure, record.value)
    except SchemaViolation as violation:
        draft.alarms.append(Alarm(record.offset, "erasure.unreadable", violation))
        draft.refuse(record, unreadable(record, str(violation)))
        return
    key = asked.subject.encode()
    journeys = Person(draft, key).erase(record.offset, asked.time)
    _send_after(draft, asked)
    moves.forget(draft, key)
    mark(draft, key, asked.time, record, stands=asked.objects)
    _give_receipt(draft, asked, record, journeys)


def _send_after(draft: Draft, asked: Erasure) -> None:
    """Whoever has moved is erased under the name of now too, before none knows of it any more."""
    move = moves.of(draft, asked.subject.encode())
    if move is None:
        return
    told = Handover(
        upper=move.upper,
        origin=asked.subject,
        entries="",
        erased=asked.time,
        objects=asked.objects,
        way=(moves.hop(move, asked.subject),),
    )
    moves.send(draft, told)


def mark(draft: Draft, key: bytes, time: datetime, record: SourceRecord, *, stands: bool) -> None:
    """Draft that from now on nothing from before `time` is taken in; the latest time holds, and an
    objection stays one.
    """
    known = draft.memory.marks.since(key)
    since = time if known is None else max(known, time)
    kept_until = record.appended_at + memory(draft)
    stands = stands or draft.memory.marks.stands(key)
    at, row = marks.row_of(key, Mark(since, kept_until, stands))
    draft.state[at] = row


def memory(draft: Draft) -> timedelta:
    """For how long, by append time, an older event may still come."""
    return max(marks.LEAST, draft.rules.longest_grace)


def _give_receipt(draft: Draft, asked: Erasure, record: SourceRecord, journeys: int) -> None:
    partition = draft.memory.partition
    receipt = ErasureReceipt(
        id=asked.id,
        number=asked.number,
        partition=partition,
        journeys=journeys,
        time=record.appended_at,
    )
    key = f"{asked.id}.{asked.number}/{partition}".encode()
    draft.outputs.append(Output(ERASURES, key, encode(receipt), str(RecordKind.ERASURE_RECEIPT)))


def is_erased(draft: Draft, key: bytes, time: datetime) -> bool:
    """Whether what happened then is from before somebody's erasure."""
    since = draft.memory.marks.since(key)
    return since is not None and time < since


def without_erased(draft: Draft, key: bytes, arrivals: list[Arrival]) -> list[Arrival]:
    """The arrivals that may be folded. Those of somebody erased, from before that, are counted;
    a record of each would only keep what is to be forgotten.
    """
    since = draft.memory.marks.since(key)
    if since is None:
        return arrivals
    for arrival in arrivals:
        if arrival.entry.time < since:
            draft.count(arrival.clock, Reason.ERASED)
    return [arrival for arrival in arrivals if arrival.entry.time >= since]
