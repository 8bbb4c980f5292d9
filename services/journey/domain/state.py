"""The private encoding of what the state log holds: a person, and how far the partition is.

Keys: a pseudonym; or byte 0 and a name for what belongs to nobody (`applied`, buckets, hashes).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from schemas.journey import Account
from schemas.vocabulary import Reason
from services.journey.domain.looking import Citizen
from services.journey.domain.shelf import Shelf

APPLIED: Final = b"\0applied"
RESERVED: Final = b"\0"


Dues = dict[str, datetime | None]
"""The next deadline of a person on each clock; None where nothing is due."""


class PersonDues(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The first field of a PersonRow: all that is read of it when a partition is restored."""

    dues: Dues


class PersonRow(PersonDues, array_like=True, frozen=True, gc=False):
    """The row of a person. The dealings are packed by themselves, so that whoever only wants the
    deadlines passes over them at once: element by element that took most of a restore.
    """

    dealings: bytes


class Tally(msgspec.Struct, array_like=True, gc=False):
    """Where the accepted events of one clock went."""

    applied: int = 0
    duplicate: int = 0
    late: int = 0
    rejected: dict[str, int] = {}

    def copy(self) -> "Tally":
        """One that can be counted on."""
        return Tally(self.applied, self.duplicate, self.late, dict(self.rejected))

    def account(self) -> Account:
        """As the contract has it."""
        return Account(
            applied=self.applied,
            duplicate=self.duplicate,
            late=self.late,
            rejected={Reason(word): count for word, count in self.rejected.items()},
        )


class Position(msgspec.Struct, array_like=True, frozen=True):
    """How far a partition is: the reserved record `applied`. `ended` are the clocks that had their
    last tick; `epoch` is 0 before the first step. `sweeping` is the offset of a tick of which only
    slices are swept yet, or -1.
    """

    offset: int = -1
    epoch: int = 0
    next_output: int = 0
    watermarks: dict[str, datetime] = {}
    ended: tuple[str, ...] = ()
    accounts: dict[str, Tally] = {}
    sweeping: int = -1

    @property
    def upto(self) -> int:
        """Offset of the last record that has changed anything, a tick half swept included."""
        return max(self.offset, self.sweeping)


encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_row = msgspec.msgpack.Decoder(PersonRow)
_dues = msgspec.msgpack.Decoder(PersonDues)
_dealings = msgspec.msgpack.Decoder(list[Citizen])
_position = msgspec.msgpack.Decoder(Position)


def decode_person(row: bytes | None) -> list[Citizen]:
    """A person's dealings, one Citizen per service and clock, made anew; none without a row."""
    person = [] if row is None else _dealings.decode(_row.decode(row).dealings)
    for citizen in person:
        citizen.journeys = Shelf(citizen.journeys)
    return person


def encode_person(person: Sequence[Citizen]) -> bytes | None:
    """The row of a person; None when nothing is left to remember."""
    kept = [citizen for citizen in person if citizen.journeys or citizen.past]
    return encode(PersonRow(soonest(kept), encode(kept))) if kept else None


def decode_dues(row: bytes) -> Dues:
    """The deadlines in a person's row, without reading the rest."""
    return _dues.decode(row).dues


def soonest(person: Iterable[Citizen]) -> Dues:
    """The next deadline of a person on each clock; None where nothing is due."""
    dues: Dues = {}
    for one in person:
        known = dues.setdefault(one.clock, one.due)
        if one.due is not None and (known is None or one.due < known):
            dues[one.clock] = one.due
    return dues


def decode_position(row: bytes | None) -> Position:
    """How far the partition is; nowhere without a row."""
    return Position() if row is None else _position.decode(row)
