"""Erasure: what is held of a person is let go, what was told of them is overwritten, and older
events of theirs are dropped from then on; what is newer begins afresh.

It goes to every partition, so that none that ever held a journey of theirs is missed, and each
gives a receipt.
"""

from schemas.codec import SchemaViolation, decode, encode
from schemas.control import Erasure
from schemas.erasure import ErasureReceipt
from schemas.topics import ERASURES
from schemas.vocabulary import Reason, RecordKind
from services.journey.domain import marks
from services.journey.domain.arrival import Arrival
from services.journey.domain.draft import Draft
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
    known = draft.memory.marks.since(key)
    since = asked.time if known is None else max(known, asked.time)
    memory = max(marks.LEAST, draft.rules.longest_grace)
    mark, row = marks.row_of(key, since, record.appended_at + memory)
    draft.state[mark] = row
    _give_receipt(draft, asked, record, journeys)


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
