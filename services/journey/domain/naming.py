"""Journey ids through re-folds, and what makes a change a revision.

A journey is named by the entry that opened it. Once published it keeps the earliest published id
whose entry it holds; an id left over is superseded by the journey that holds its entry now.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from schemas.vocabulary import Action, Outcome, RevisionReason, Status
from services.journey.domain.ending import View
from services.journey.domain.entries import Entry
from services.journey.domain.journey import Journey


class Shown(msgspec.Struct, array_like=True, gc=False):
    """What the world was last told of a journey: by which record (`offset`), and how it stood.
    Status is empty before the first word.
    """

    id: UUID
    offset: int
    opened: datetime
    ended: datetime | None = None
    outcome: str = str(Outcome.OPEN)
    status: str = ""
    closed: datetime | None = None
    revision: int = 0
    reason: str | None = None


class Touch(NamedTuple):
    """What one entry did: the journeys whose content changed, and whether it sorts last."""

    moved: frozenset[UUID]
    is_newest: bool
    action: str


def keep_ids(
    shown: Sequence[Shown], journeys: Sequence[Journey], members: Sequence[Sequence[Entry]]
) -> dict[UUID, UUID]:
    """Name re-folded journeys in place; returns the ids left over and the journey each is in."""
    published = {one.id for one in shown}
    home = {e.uid: n for n, group in enumerate(members) for e in group if e.uid in published}
    names: dict[int, UUID] = {}
    for one in shown:
        if one.id in home:
            names.setdefault(home[one.id], one.id)
    renamed = {journeys[n].id: name for n, name in names.items()}
    for journey in journeys:
        _rename(journey, renamed)
    places = {one.id: home[one.id] for one in shown if one.id in home}
    return {name: journeys[n].id for name, n in places.items() if names[n] != name}


def _rename(journey: Journey, renamed: dict[UUID, UUID]) -> None:
    journey.id = renamed.get(journey.id, journey.id)
    previous = journey.previous
    if previous is not None and previous.id in renamed:
        journey.previous = msgspec.structs.replace(previous, id=renamed[previous.id])


def supersede(shown: Shown, offset: int) -> None:
    """The id is left over: what is told of it last is that it is no more."""
    shown.offset = offset
    shown.revision += 1
    shown.reason = str(RevisionReason.LATE_ENTRY)
    shown.status, shown.outcome = str(Status.OPEN), str(Outcome.OPEN)
    shown.ended = shown.closed = None


def show(shown: Shown, seen: View) -> None:
    """The journey is told as it is seen."""
    shown.status, shown.ended, shown.outcome = seen.status, seen.ended, seen.outcome
    shown.closed = seen.closed


def revision_reason(shown: Shown, seen: View, touch: Touch) -> RevisionReason | None:
    """Why an entry's change to a journey is a revision; None while it had not ended, and for what
    may happen after an end anyway (an answer, a follow-up call).
    """
    if shown.ended is None:
        return None
    if seen.ended is None:
        return RevisionReason.REOPENED
    if seen.ended != shown.ended:
        return RevisionReason.REOPENED if touch.is_newest else RevisionReason.LATE_ENTRY
    if seen.outcome != shown.outcome and touch.action == Action.DECIDED:
        return RevisionReason.DECIDED
    return None if touch.is_newest else RevisionReason.LATE_ENTRY
