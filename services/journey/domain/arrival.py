"""Arrival: an event of a person on its way into the fold, reduced to what that needs.

The event as read is let go at once: a thousand of them are a hundred times as large as their
entries, and would lie between the fold and what it works on.
"""

import msgspec

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import IDENTITY_OF_KIND
from services.journey.domain.entries import Entry, entry_of
from services.journey.domain.step import SourceRecord


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """The entry, whose it is, and the record it came in."""

    record: SourceRecord
    key: bytes
    entry: Entry
    service: str
    clock: str
    agency: str
    identity: str


def arrival_of(record: SourceRecord, told: TouchpointRecord) -> Arrival:
    """The arrival of the event that was read from this record."""
    event = told.data
    return Arrival(
        record,
        told.subject.encode(),
        entry_of(told),
        event.service,
        event.clock,
        event.agency,
        str(IDENTITY_OF_KIND[event.identity_kind]),
    )
