"""Journey ids through re-folds, and what makes a change a revision.

A journey is named by the entry that opened it. Once published it keeps the earliest published id
whose entry it holds; an id left over is superseded by the journey that holds its entry now.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schemas.vocabulary import RevisionReason
from services.journey.domain import words
from services.journey.domain.ending import View
from services.journey.domain.journey import Journey
from services.journey.domain.rules import BEGINNING


class Shown(msgspec.Struct, array_like=True, gc=False):
    """What the world was last told of a journey: by which record (`offset`), and how it stood.
    Status is empty before the first word. `due` is the last instant at which it still looks so.
    """

    id: UUID
    offset: int
    opened: datetime
    ended: datetime | None = None
    outcome: str = words.OPEN
    status: str = ""
    closed: datetime | None = None
    revision: int = 0
    reason: str | None = None
    due: datetime = BEGINNING


class Touch(msgspec.Struct, frozen=True, gc=False):
    """What one entry did: the journeys whose content changed, and whether it sorts last. `reason`
    where it was no entry, but a link that brought several.
    """

    moved: Collection[UUID]
    is_newest: bool
    action: str = ""
    reason: RevisionReason | None = None


def keep_ids(
    shown: Sequence[Shown], journeys: Sequence[Journey], homes: Mapping[UUID, int]
) -> dict[UUID, UUID]:
    """Name re-folded journeys in place; returns the ids left over and the journey each is in.
    `homes` tells for a published id which journey (by its `first`) holds its entry now.
    """
    published = [one.id for one in shown if one.id in homes]
    names: dict[int, UUID] = {}
    for name in published:
        names.setdefault(homes[name], name)
    renamed = {j.id: names[j.first] for j in journeys if j.first in names}
    for journey in journeys:
        _rename(journey, renamed)
    return {name: names[homes[name]] for name in published if names[homes[name]] != name}


def _rename(journey: Journey, renamed: dict[UUID, UUID]) -> None:
    journey.id = renamed.get(journey.id, journey.id)
    previous = journey.previous
    if previous is not None and previous.id in renamed:
        journey.previous = msgspec.structs.replace(previous, id=renamed[previous.id])


def supersede(shown: Shown, offset: int, reason: RevisionReason) -> None:
    """The id is left over: what is told of it last is that it is no more."""
    shown.offset = offset
    shown.revision += 1
    shown.reason = str(reason)
    shown.status = shown.outcome = words.OPEN
    shown.ended = shown.closed = None


def erased(name: UUID, offset: int, instant: datetime, revision: int) -> Shown:
    """What is told of a journey of which nothing may be kept."""
    reason = str(RevisionReason.ERASED)
    return Shown(name, offset, instant, status=words.OPEN, revision=revision, reason=reason)


def show(shown: Shown, seen: View) -> None:
    """The journey is told as it is seen."""
    shown.status, shown.ended, shown.outcome = seen.status, seen.ended, seen.outcome
    shown.closed, shown.due = seen.closed, seen.due


def revision_reason(shown: Shown, seen: View, touch: Touch) -> RevisionReason | None:
    """Why an entry's change to a journey is a revision; None while it had not ended, and for what
    may happen after an end anyway (an answer, a follow-up call).
    """
    if shown.ended is None:
        return None
    if touch.reason is not None:
        return touch.reason
    if seen.ended is None:
        return RevisionReason.REOPENED
    if seen.ended != shown.ended:
        return RevisionReason.REOPENED if touch.is_newest else RevisionReason.LATE_ENTRY
    if seen.outcome != shown.outcome and touch.action == words.DECIDED:
        return RevisionReason.DECIDED
    return None if touch.is_newest else RevisionReason.LATE_ENTRY
