"""All journeys of one person with one service on one clock: one entry more.

In private state, so mutable: nothing but the fold of one step sees these objects, and they are
made anew from bytes for each step. An entry that sorts last is one `step`; any other re-folds.
"""

from collections.abc import Collection
from enum import Enum, auto

import msgspec

from schemas.vocabulary import RevisionReason
from services.journey.domain import entries as entry_set
from services.journey.domain.belonging import step
from services.journey.domain.dealt import Dealt
from services.journey.domain.entries import Entry, holds, pack_id, pack_one
from services.journey.domain.looking import Cause, Changes, Citizen, entries_of, keep, look
from services.journey.domain.naming import Shown, Touch, keep_ids, supersede


class Verdict(Enum):
    """What became of an entry."""

    APPLIED = auto()
    DUPLICATE = auto()
    LATE = auto()
    TOO_MANY = auto()


def insert(citizen: Citizen, entry: Entry, cause: Cause, changes: Changes) -> Verdict:
    """Take an entry in. Late is told by time alone, before anything else."""
    if entry.time < cause.watermark - cause.rules.grace:
        return Verdict.LATE
    packed = pack_id(entry.id)
    if holds(citizen.ids, packed):
        return _insert_twin(citizen, entry, cause, changes)
    if citizen.count >= cause.most_entries:
        return Verdict.TOO_MANY
    order = entry.order
    if citizen.last is not None and order < citizen.last:
        _dealt(citizen, changes).insert(entry)
        refold(citizen, Touch((), is_newest=False, action=entry.action), cause, changes)
        return Verdict.APPLIED
    journey = step(citizen.journeys, citizen.past, entry, cause.rules)
    citizen.last = order
    citizen.count += 1
    citizen.ids += packed
    citizen.entries += pack_one(entry)
    if changes.dealt is not None:
        changes.dealt.append(entry, journey)
    look(citizen, cause, Touch((journey.id,), is_newest=True, action=entry.action), changes)
    return Verdict.APPLIED


def _dealt(citizen: Citizen, changes: Changes) -> Dealt:
    """The entries as they were dealt out, from an earlier re-fold of the same step if there was
    one with the same memory.
    """
    if changes.dealt is None or changes.dealt.past != citizen.past:
        changes.dealt = Dealt(entries_of(citizen), citizen.past)
    return changes.dealt


def _insert_twin(citizen: Citizen, entry: Entry, cause: Cause, changes: Changes) -> Verdict:
    held = _dealt(citizen, changes).entries
    united = entry_set.insert(held, entry)
    if united == held:
        return Verdict.DUPLICATE
    is_more = len(united) > len(held)
    changes.dealt = Dealt(united, citizen.past)
    refold(citizen, Touch((), is_newest=False, action=entry.action), cause, changes)
    return Verdict.APPLIED if is_more else Verdict.DUPLICATE


def refold(citizen: Citizen, touch: Touch, cause: Cause, changes: Changes) -> Collection[Shown]:
    """Deal all entries out anew, and keep the ids that can be kept: what `touch` says of the cause
    is told of whatever has moved. Returns what was told of journeys of which no entry is left.
    """
    dealt = _dealt(citizen, changes)
    before = {journey.id: journey for journey in citizen.journeys}
    citizen.journeys = dealt.fold(cause.rules)
    homes = dealt.homes([one.id for one in citizen.shown])
    left_over = keep_ids(citizen.shown, citizen.journeys, homes)
    keep(citizen, dealt.entries, dealt.packed)
    for one in citizen.shown:
        if one.id in left_over:
            changes.held.pop(one.id.int, None)
            supersede(one, cause.offset, touch.reason or RevisionReason.LATE_ENTRY)
            changes.superseded.append((one, left_over[one.id]))
    gone = [one for one in citizen.shown if one.id not in homes]
    citizen.shown = [o for o in citizen.shown if o.id in homes and o.id not in left_over]
    moved = frozenset(j.id for j in citizen.journeys if before.get(j.id) != j)
    look(citizen, cause, msgspec.structs.replace(touch, moved=moved), changes)
    return gone
