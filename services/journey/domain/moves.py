"""Whither somebody has moved: under the key of now they are called otherwise, and what comes for
them under a former one is sent after them.

Kept for as long, by append time, as an erasure's mark: longer than any event may be on its way.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from services.journey.domain.draft import Draft

PREFIX: Final = b"\0moved/"
# A link that comes again puts the end off, but not for each event.
_OFTEN: Final = timedelta(days=1)


class Move(msgspec.Struct, array_like=True, frozen=True):
    """To which pseudonym, until append time reaches `until`; of cases, what each is called now."""

    upper: str
    until: datetime
    cases: Mapping[str, str] = {}

    def says_the_same(self, other: "Move | None") -> bool:
        """Whether nothing is to be written where `other` is known."""
        return (
            other is not None
            and (self.upper, self.cases) == (other.upper, other.cases)
            and self.until - other.until < _OFTEN
        )


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Move).decode


def key_of(person: bytes) -> bytes:
    """The key of the row that says it."""
    return PREFIX + person


def of(draft: Draft, person: bytes) -> Move | None:
    """Whither somebody has moved; None for nearly everybody."""
    row = draft.row(key_of(person))
    return None if row is None else decode(row)
