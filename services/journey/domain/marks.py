"""Marks of those who were erased, kept while an older event of theirs could still come; and for
good where they object to being recognised.

That is as long, by append time, as the clock of any service waits for late ones (`grace`, which no
source's `max_delay` exceeds), and 60 days at least.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

PREFIX: Final = b"\0erased/"
LEAST: Final = timedelta(days=60)


class Mark(msgspec.Struct, array_like=True, frozen=True):
    """Events of a person from before `since` are dropped, until append time reaches `until`. Where
    it `stands` those from after it are joined to nobody, and it is never outdated.
    """

    since: datetime
    until: datetime
    stands: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Mark)


class Marks:
    """The marks of a partition. Looking changes nothing."""

    def __init__(self) -> None:
        self._marks: dict[bytes, Mark] = {}

    def since(self, person: bytes) -> datetime | None:
        """When a person was erased; None when nobody asked for it, or long ago."""
        mark = self._marks.get(PREFIX + person)
        return None if mark is None else mark.since

    def stands(self, person: bytes) -> bool:
        """Whether a person objects."""
        mark = self._marks.get(PREFIX + person)
        return mark is not None and mark.stands

    def outdated(self, now: datetime) -> list[bytes]:
        """The keys of marks that nothing older can reach any more."""
        return [key for key, mark in self._marks.items() if mark.until < now and not mark.stands]

    def take(self, key: bytes, row: bytes) -> None:
        """Know the mark of a row."""
        self._marks[key] = _decoder.decode(row)

    def drop(self, key: bytes, _: bytes) -> None:
        """Forget a mark."""
        self._marks.pop(key, None)


def row_of(person: bytes, mark: Mark) -> tuple[bytes, bytes]:
    """The row that marks a person, and its key."""
    return PREFIX + person, _encode(mark)
