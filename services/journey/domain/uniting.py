"""What is brought of a person is united with what is held: sets of entries, folded again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.vocabulary import RevisionReason
from services.journey.domain.citizen import refold
from services.journey.domain.dealt import Dealt
from services.journey.domain.entries import Entry, union
from services.journey.domain.looking import Cause, Changes, Citizen, entries_of
from services.journey.domain.naming import Shown, Touch, erased
from services.journey.domain.parcel import Parcel, renamed


@dataclass(frozen=True, slots=True)
class Brought:
    """What comes for one service, if anything does; what cases are called now; and from when on
    something may be kept.
    """

    parcel: Parcel | None
    cases: Mapping[str, str]
    since: datetime


def unite(citizen: Citizen, brought: Brought, cause: Cause, changes: Changes) -> None:
    """Take it in. What is there already changes nothing, so twice equals once."""
    parcel, since = brought.parcel, brought.since
    held, past = entries_of(citizen), list(citizen.past)
    more = () if parcel is None else parcel.entries
    kept = [e for e in union(renamed(held, brought.cases), more) if e.time >= since]
    known = {one.id for one in past}
    more_past = [] if parcel is None else [one for one in parcel.past if one.id not in known]
    remembered = [o for o in renamed([*past, *more_past], brought.cases) if o.opened >= since]
    if kept == held and remembered == past:
        return
    changes.erased += [
        erased(one.id, cause.offset, since, 1)
        for one in past
        if one.opened < since and not one.is_elsewhere
    ]
    if parcel is not None:
        citizen.shown += _introduced(citizen, parcel, kept, cause.offset)
    citizen.past = remembered
    _deal_anew(citizen, kept, brought, cause, changes)


def _introduced(
    citizen: Citizen, parcel: Parcel, kept: Sequence[Entry], offset: int
) -> list[Shown]:
    """The journeys that were told of elsewhere: told of here, each is a revision of one there."""
    known: set[UUID] = {one.id for one in citizen.shown}
    wanted = set(parcel.openers) - known
    reason = str(RevisionReason.RELINKED)
    return [
        Shown(one.uid, offset, one.time, revision=1, reason=reason)
        for one in kept
        if one.uid in wanted
    ]


def _deal_anew(
    citizen: Citizen, kept: list[Entry], brought: Brought, cause: Cause, changes: Changes
) -> None:
    changes.dealt = Dealt(kept, citizen.past)
    touch = Touch((), is_newest=False, reason=RevisionReason.RELINKED)
    for gone in refold(citizen, touch, cause, changes):
        if gone.status:
            changes.erased.append(erased(gone.id, cause.offset, brought.since, gone.revision + 1))
