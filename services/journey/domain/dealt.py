"""A citizen's entries as a re-fold dealt them out, kept while a step goes on.

An entry that comes out of order changes nothing before its place: so the next re-fold of the same
step begins at the last mark before it. Otherwise many entries out of order would each be a fold of
all. That it comes to the same as `belonging.fold` of all is a property that is tested.
"""

from bisect import bisect
from collections.abc import Collection, Sequence
from operator import attrgetter
from uuid import UUID

import msgspec

from services.journey.domain.belonging import deal
from services.journey.domain.entries import Entry, pack_one
from services.journey.domain.journey import Journey
from services.journey.domain.memory import Past
from services.journey.domain.rules import ServiceRules

STRIDE = 50
_by_order = attrgetter("order")
_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode = msgspec.msgpack.Decoder(list[Journey]).decode


class Dealt:
    """Sorted entries, the journey of each (by its `first`), and the journeys, not yet named, as
    they stood before every `stride`th.
    """

    def __init__(self, entries: list[Entry], past: Sequence[Past], stride: int = STRIDE) -> None:
        self.entries = entries
        self.past = list(past)
        self._stride = stride
        self._packed = [pack_one(entry) for entry in entries]
        self._homes: list[int | None] = []
        self._marks: list[bytes] = []

    @property
    def packed(self) -> bytes:
        """The entries, packed."""
        return b"".join(self._packed)

    def append(self, entry: Entry, journey: Journey) -> None:
        """An entry that sorts last went to this journey."""
        if len(self._homes) == len(self.entries):
            self._homes.append(journey.first)
        self.entries.append(entry)
        self._packed.append(pack_one(entry))

    def insert(self, entry: Entry) -> None:
        """Put an entry in its place; it is not dealt out yet, nor is what comes after it."""
        place = bisect(self.entries, entry.order, key=_by_order)
        self.entries.insert(place, entry)
        self._packed.insert(place, pack_one(entry))
        del self._homes[place:]

    def fold(self, rules: ServiceRules) -> list[Journey]:
        """The journeys of all entries."""
        mark = max(0, min(len(self._homes) // self._stride, len(self._marks) - 1))
        journeys = _decode(self._marks[mark]) if self._marks else []
        begin = mark * self._stride
        del self._homes[begin:], self._marks[mark:]
        seen = {entry.id for entry in self.entries[:begin]}
        for number, entry in enumerate(self.entries[begin:], begin):
            if number % self._stride == 0:
                self._marks.append(_encode(journeys))
            self._homes.append(deal(journeys, self.past, entry, rules, seen))
        return journeys

    def homes(self, names: Collection[UUID]) -> dict[UUID, int]:
        """In which journey (by its `first`) each of these ids' entries is."""
        wanted = {name.int for name in names}
        return {
            entry.uid: home
            for entry, home in zip(self.entries, self._homes, strict=True)
            if home is not None and entry.uid.int in wanted
        }
