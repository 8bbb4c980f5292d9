"""What is handed over of a person: entries and memories of one service on one clock.

A journey lives and dies in its partition. So what opened it is given another `uid`, and with it the
journey another id: made of the one it had, which was random, and so the same each time it is sent.
"""

import base64
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from services.journey.domain.entries import Entry, pack_one
from services.journey.domain.looking import Citizen, entries_of
from services.journey.domain.memory import Past

# In text a third more: below what a broker takes in one message by default.
_MOST_BYTES: Final = 400_000
Named = TypeVar("Named", Entry, Past)


class Parcel(msgspec.Struct, array_like=True, frozen=True):
    """`openers` are the ids that the journeys begun by these entries have where they come from, as
    they are called where they go.
    """

    service: str
    clock: str
    agency: str
    identity: str
    entries: Sequence[Entry] = ()
    past: Sequence[Past] = ()
    openers: Sequence[UUID] = ()


_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(Parcel).decode


def packed(parcel: Parcel) -> str:
    """As text."""
    return base64.b64encode(_encode(parcel)).decode()


def unpacked(text: str) -> Parcel:
    """What `packed` made. Raises ValueError."""
    return _decode(base64.b64decode(text, validate=True))


def moved_uid(uid: UUID, upper: str) -> UUID:
    """What an entry's `uid` becomes on its way to `upper`."""
    return UUID(bytes=blake2b(uid.bytes + upper.encode(), digest_size=16).digest(), version=4)


def bound(entry: Entry, upper: str) -> Entry:
    """An entry on its way."""
    return msgspec.structs.replace(entry, uid=moved_uid(entry.uid, upper))


def openers(citizen: Citizen, upper: str) -> dict[UUID, UUID]:
    """By the id of each journey, what it is called where it goes."""
    uids = {entry.id: entry.uid for entry in entries_of(citizen)}
    return {one.id: moved_uid(uids[one.first], upper) for one in citizen.journeys}


def parcels(citizen: Citizen, upper: str, cases: Mapping[str, str]) -> Iterator[Parcel]:
    """All that is held and remembered of a person with one service; none where that is nothing."""
    entries = renamed([bound(one, upper) for one in entries_of(citizen)], cases)
    begun = frozenset(openers(citizen, upper).values())
    past = [msgspec.structs.replace(one, is_elsewhere=True) for one in citizen.past]
    remembered = renamed(past, cases)
    for part in _parts(entries):
        yield _parcel(citizen, part, remembered, begun)
        remembered = []
    if remembered:
        yield _parcel(citizen, (), remembered, begun)


def under_way(parcel: Parcel, since: datetime, cases: Mapping[str, str]) -> Parcel:
    """What may go on of a parcel whose receiver has moved: nothing from before `since`."""
    entries = [one for one in parcel.entries if one.time >= since]
    past = [one for one in parcel.past if one.opened >= since]
    return msgspec.structs.replace(
        parcel, entries=renamed(entries, cases), past=renamed(past, cases)
    )


def _parcel(
    citizen: Citizen, entries: Sequence[Entry], past: Sequence[Past], begun: Collection[UUID]
) -> Parcel:
    return Parcel(
        citizen.service,
        citizen.clock,
        citizen.agency,
        citizen.identity,
        entries,
        past,
        [one.uid for one in entries if one.uid in begun],
    )


def _parts(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    room = _MOST_BYTES
    for entry in entries:
        size = len(pack_one(entry))
        if part and size > room:
            yield part
            part, room = [], _MOST_BYTES
        part.append(entry)
        room -= size
    if part:
        yield part


def renamed(those: Sequence[Named], cases: Mapping[str, str]) -> list[Named]:
    """The same, with each case called as it is now."""
    return [
        msgspec.structs.replace(one, case=cases.get(one.case, one.case)) if one.case else one
        for one in those
    ]
