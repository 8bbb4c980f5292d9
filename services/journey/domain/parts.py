"""What a journey is made of: the small values its fold collects."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.journey.domain.entries import Help, Opinion, Order


class Place(msgspec.Struct, array_like=True, gc=False):
    """What happened at one touchpoint; stage, channel and initiator are the first one's."""

    stage: str
    first: datetime
    last: datetime
    channel: str
    initiator: str
    count: int = 1


class Choice(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A run of one channel and initiator, from its first entry on."""

    time: datetime
    channel: str
    initiator: str


class Asked(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One step of the survey chain."""

    time: datetime
    action: str
    touchpoint: str
    channel: str
    provenance: str
    opinion: Opinion


class Helped(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One contact. The repeat flags say that it and one within that time before it were the
    citizen's own.
    """

    time: datetime
    touchpoint: str
    channel: str
    initiator: str
    provenance: str
    help: Help
    repeat_7d: bool = False
    repeat_28d: bool = False


class Spell(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Silence had ended the journey at `ended`, until the entry at `until` reopened it."""

    ended: datetime
    until: Order


class Previous(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The predecessor as it stood when this journey opened."""

    id: UUID
    ended: datetime
    channel: str | None
