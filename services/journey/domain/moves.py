"""Whither somebody has moved: under the key of now they are called otherwise, and what comes for
them under a former one is sent after them.

Kept for as long, by append time, as an erasure's mark: longer than any event may be on its way.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from schemas import codec
from schemas.control import LIVE, Handover, Hop
from schemas.topics import TOUCHPOINTS
from schemas.vocabulary import RecordKind
from services.journey.domain.draft import Draft
from services.journey.domain.rules import BEGINNING
from services.journey.domain.step import Arm, Output

PREFIX: Final = b"\0moved/"
# A link that comes again puts the end off, but not for each event.
_OFTEN: Final = timedelta(days=1)


class Move(msgspec.Struct, array_like=True, frozen=True):
    """To which pseudonym, until append time reaches `until`; of cases, what each is called now;
    and when the link was made that says it.
    """

    upper: str
    until: datetime
    cases: Mapping[str, str] = {}
    linked: datetime = BEGINNING

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


def forget(draft: Draft, person: bytes) -> None:
    """Draft that nobody knows any more whither somebody has moved."""
    if draft.row(key := key_of(person)) is not None:
        draft.state[key] = None
        draft.arms.append(Arm(LIVE, key, None))


def hop(move: Move, person: str) -> Hop:
    """The step of somebody who has moved."""
    return Hop(lower=person, linked=move.linked)


def leads_on(move: Move, handover: Handover) -> bool:
    """Whether a handover goes where this move leads. Where links lead in a circle it ends, at the
    oldest of them, and whatever else goes round ends there as well.
    """
    if move.upper == handover.upper:
        return False
    names = [one.lower for one in handover.way]
    if move.upper not in names:
        return True
    since_it_was_there = handover.way[-1 - names[::-1].index(move.upper) :]
    oldest = min((one.linked, one.lower) for one in since_it_was_there)
    return (move.linked, handover.upper) > oldest


def send(draft: Draft, handover: Handover) -> None:
    """To whatever partition the upper one is in."""
    key, kind = handover.upper.encode(), str(RecordKind.HANDOVER)
    draft.outputs.append(Output(TOUCHPOINTS, key, codec.encode(handover), kind))
