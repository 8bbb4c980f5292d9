"""A citizen's journeys as a row holds them: each stays packed until somebody looks at it.

Nearly every event concerns the journey that opened last. With 15 events a citizen the others are
a tenth of what an event costs to decode, encode and let go of again; with 50, a quarter.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from services.journey.domain.journey import Journey

if TYPE_CHECKING:
    PackedJourney = Journey
else:
    PackedJourney = msgspec.Raw  # what msgspec makes of a journey in a row

_unpack = msgspec.msgpack.Decoder(Journey).decode


class Shelf(list[Journey]):
    """A list that unpacks an item when it is read, and keeps it so. What nobody has read is encoded
    as it lies.
    """

    def __getitem__(self, place: Any) -> Any:
        """One journey; slices are not for this."""
        item = super().__getitem__(place)
        if isinstance(item, msgspec.Raw):
            item = self[place] = _unpack(item)
        return item

    def __iter__(self) -> Iterator[Journey]:
        """All of them, in order."""
        return map(self.__getitem__, range(len(self)))

    def __reversed__(self) -> Iterator[Journey]:
        """All of them, the one that opened last first."""
        return map(self.__getitem__, range(len(self) - 1, -1, -1))

    def __eq__(self, other: object) -> bool:
        """Whether they are the same journeys, packed or not."""
        return list(self) == other

    __hash__ = None


def in_hand(journeys: Sequence[Journey]) -> list[Journey]:
    """Those that somebody has read since the row was: whatever changed is among them."""
    if not isinstance(journeys, Shelf):
        return list(journeys)
    return [one for one in list.__iter__(journeys) if type(one) is Journey]
