"""Entry: a touchpoint event as a journey remembers it; entries as a sorted set.

Words of the vocabulary are held as plain strings here and in all private state: to encode an enum
member costs six times as much.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Final
from uuid import UUID

import msgspec

from schemas.touchpoint_event import Contact, Feedback, TouchpointRecord
from schemas.vocabulary import Action

Order = tuple[datetime, int, int, int, str]
"""Time, sequence, rank of the action, id hash, origin: no two entries share one."""

RANK: Final[dict[str, int]] = {str(action): rank for rank, action in enumerate(Action)}
ID_BYTES: Final = 8


class Opinion(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What a survey event said."""

    about: str
    instrument: str
    construct: str | None = None
    scale: str | None = None
    answer: int | None = None
    wording: str | None = None
    offer_id: str | None = None
    drivers: tuple[tuple[str, str, int], ...] = ()


class Help(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What was noted about a contact."""

    reason: str | None = None
    avoidable: bool | None = None
    reached: bool | None = None


class Entry(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One touchpoint event. `id` is a hash of its idempotency key; `origin` is the lower identity
    it was handed over from, None where it is the citizen's own.
    """

    time: datetime
    sequence: int
    action: str
    id: int
    uid: UUID
    touchpoint: str
    stage: str
    channel: str
    initiator: str
    provenance: str
    case: str | None = None
    outcome: str | None = None
    transferred_to: str | None = None
    assisted: bool = False
    opinion: Opinion | None = None
    help: Help | None = None
    origin: str | None = None

    @property
    def order(self) -> Order:
        """Where this entry stands among all others."""
        return (self.time, self.sequence, RANK[self.action], self.id, self.origin or "")


_by_order = attrgetter("order")
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_decoder = msgspec.msgpack.Decoder(list[Entry])


def entry_of(record: TouchpointRecord) -> Entry:
    """The entry of a touchpoint event."""
    event = record.data
    return Entry(
        record.time,
        event.sequence,
        str(event.action),
        hash_of(record.source, record.id),
        event.uid,
        event.touchpoint,
        str(event.stage),
        str(event.channel),
        str(event.initiator),
        str(event.provenance),
        event.case,
        _word(event.outcome),
        event.transferred_to,
        event.assisted,
        _opinion(event.feedback) if event.feedback else None,
        _help(event.contact) if event.contact else None,
    )


def hash_of(source: str, name: str) -> int:
    """64 bits of the idempotency key `source` + `name`."""
    digest = _begun_with(source).copy()
    digest.update(name.encode())
    return int.from_bytes(digest.digest(), "little")


@lru_cache(maxsize=4096)  # sources are few
def _begun_with(source: str) -> blake2b:
    start = source.encode()
    return blake2b(b"%d:%b" % (len(start), start), digest_size=ID_BYTES)


def insert(entries: Sequence[Entry], entry: Entry) -> list[Entry]:
    """`entries` with one more. Of two copies the one that sorts first stays, whichever came first;
    it keeps the uid of the copy that was here, so that no published id loses its entry.
    """
    kept = list(entries)
    twin = next((e for e in kept if e.id == entry.id and e.origin == entry.origin), None)
    if twin is not None:
        if twin.order <= entry.order:
            return kept
        kept.remove(twin)
        entry = msgspec.structs.replace(entry, uid=twin.uid)
    insort(kept, entry, key=_by_order)
    return kept


def union(entries: Sequence[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Both sets as one; what is in both is there once."""
    united = list(entries)
    known = {(one.id, one.origin) for one in united}
    for entry in others:
        if (entry.id, entry.origin) in known:
            united = insert(united, entry)
        else:
            known.add((entry.id, entry.origin))
            insort(united, entry, key=_by_order)
    return united


def without(entries: Iterable[Entry], origin: str) -> list[Entry]:
    """`entries` but those handed over from `origin`: what `union` with them had added."""
    return [entry for entry in entries if entry.origin != origin]


pack_one = _encoder.encode
"""One entry, packed."""


def pack(entries: Iterable[Entry]) -> bytes:
    """Entries one after the other, so that one more is an append."""
    return b"".join(map(pack_one, entries))


def unpack(packed: bytes, count: int) -> list[Entry]:
    """The `count` entries in what `pack` made."""
    return _decoder.decode(b"\xdd" + count.to_bytes(4, "big") + packed)


def pack_id(number: int) -> bytes:
    """An id hash as it stands in a row of ids."""
    return number.to_bytes(ID_BYTES, "little")


def holds(ids: bytes, packed_id: bytes) -> bool:
    """Whether a row of ids holds this one. A match across two ids is none."""
    at = ids.find(packed_id)
    while at % ID_BYTES and at > 0:
        at = ids.find(packed_id, at + 1)
    return at >= 0


def _word(word: str | None) -> str | None:
    return None if word is None else str(word)


def _opinion(feedback: Feedback) -> Opinion:
    return Opinion(
        str(feedback.about),
        feedback.instrument,
        _word(feedback.construct),
        _word(feedback.scale),
        feedback.answer,
        feedback.wording,
        feedback.offer_id,
        tuple((str(d.driver), str(d.polarity), d.chosen) for d in feedback.drivers),
    )


def _help(contact: Contact) -> Help:
    return Help(_word(contact.reason), contact.avoidable, contact.reached)
