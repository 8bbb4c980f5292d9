"""A citizen's journeys as the watermark shows them: what changed, what is final, what is due next.

Entries decide; looking only sees. So looking again, or later, is always safe.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.journey.domain import words
from services.journey.domain.belonging import fold
from services.journey.domain.dealt import Dealt
from services.journey.domain.ending import View, view
from services.journey.domain.entries import Entry, Order, pack, pack_id, unpack
from services.journey.domain.journey import Journey
from services.journey.domain.memory import Past, forgotten_after, remember, still_needed
from services.journey.domain.naming import Shown, Touch, revision_reason, show
from services.journey.domain.rules import ServiceRules
from services.journey.domain.shelf import PackedJourney, in_hand


class Citizen(msgspec.Struct, array_like=True, gc=False):
    """State. `due` is the next instant after which something changes; `shown` is in the order of
    publication; `ids` and `entries` are packed rows of `count` entries.
    """

    service: str
    clock: str
    due: datetime | None
    agency: str
    identity: str
    journeys: list[PackedJourney] = []
    shown: list[Shown] = []
    past: list[Past] = []
    last: Order | None = None
    count: int = 0
    ids: bytes = b""
    entries: bytes = b""


class Cause(msgspec.Struct, frozen=True, gc=False):
    """The record that makes us look, the first record of its step, and the clock's watermark."""

    offset: int
    step: int
    watermark: datetime
    rules: ServiceRules
    most_entries: int


class Telling(msgspec.Struct, frozen=True, gc=False):
    """A journey as it is to be told."""

    journey: Journey
    seen: View
    shown: Shown


class Changes(msgspec.Struct):
    """What a step has to tell of one citizen: journeys still held (by the number of their id),
    journeys that became final, ids left over with the journey each is in now, and ids of which no
    entry may be kept. `dealt` is what a re-fold leaves behind for the next one.
    """

    held: dict[int, Shown] = {}
    final: list[Telling] = []
    superseded: list[tuple[Shown, UUID]] = []
    erased: list[Shown] = []
    dealt: Dealt | None = None


def look(citizen: Citizen, cause: Cause, touch: Touch | None, changes: Changes) -> None:
    """See every journey as the watermark shows it: note what changed, let go of what is final and
    find the next deadline. `touch` is None where only time has passed.

    Where the watermark lags, the citizen's own entries show how time goes on. A journey that did
    not move looks as it did until its deadline, so until then only what is in hand is seen.
    """
    watermark, rules = cause.watermark, cause.rules
    now = watermark if citizen.last is None else max(watermark, citizen.last[0])
    known = {one.id.int: one for one in citizen.shown}
    final = []
    is_due = citizen.due is not None and now > citizen.due
    for journey in citizen.journeys if is_due else in_hand(citizen.journeys):
        shown = known.get(journey.id.int) or _introduce(citizen, journey)
        if now > shown.due or (touch is not None and journey.id in touch.moved):
            told = Telling(journey, view(journey, now, watermark, rules), shown)
            if _note(told, cause, touch):
                changes.held[shown.id.int] = shown
            if told.seen.status == words.FINAL:
                final.append(told)
    if final:
        _let_go(citizen, final, rules, changes)
    citizen.due = min([one.due for one in citizen.shown], default=None)
    if citizen.past:
        _forget(citizen, cause)


def entries_of(citizen: Citizen) -> list[Entry]:
    """The entries, sorted."""
    return unpack(citizen.entries, citizen.count)


def keep(citizen: Citizen, entries: Sequence[Entry], packed: bytes) -> None:
    """Hold exactly these sorted entries; the journeys are left as they are."""
    citizen.last = entries[-1].order if entries else None
    citizen.count = len(entries)
    citizen.ids = b"".join(pack_id(entry.id) for entry in entries)
    citizen.entries = packed


def _introduce(citizen: Citizen, journey: Journey) -> Shown:
    """A journey that was never told of takes its place behind those that were."""
    shown = Shown(journey.id, -1, journey.opened)
    citizen.shown.append(shown)
    return shown


def _note(told: Telling, cause: Cause, touch: Touch | None) -> bool:
    """Note what is told of a journey; False when there is nothing new."""
    journey, seen, shown = told.journey, told.seen, told.shown
    shown.due = seen.due
    is_moved = touch is not None and journey.id in touch.moved
    if not is_moved and (seen.status, seen.ended, seen.outcome) == (
        shown.status,
        shown.ended,
        shown.outcome,
    ):
        return False
    if shown.offset < cause.step:
        shown.reason = None
    reason = revision_reason(shown, seen, touch) if touch is not None else None
    if reason is not None:
        shown.revision += 1
        shown.reason = str(reason)
    shown.offset, shown.opened = cause.offset, journey.opened
    show(shown, seen)
    return True


def _let_go(
    citizen: Citizen, final: Sequence[Telling], rules: ServiceRules, changes: Changes
) -> None:
    """Final journeys are told for the last time and leave with their entries. The others stay as
    they are: a journey depends on no entry but its own.
    """
    gone = {told.journey.first for told in final}
    _drop_entries(citizen, gone, rules)
    citizen.journeys = [j for j in citizen.journeys if j.first not in gone]
    for told in final:
        citizen.shown.remove(told.shown)
        changes.held.pop(told.shown.id.int, None)
        if told.seen.ended is not None:
            citizen.past.append(remember(told.journey, told.seen.ended))
    changes.final += final
    changes.dealt = None


def _drop_entries(citizen: Citizen, gone: Collection[int], rules: ServiceRules) -> None:
    if len(gone) == len(citizen.journeys):
        keep(citizen, (), b"")
        return
    entries = entries_of(citizen)
    _, members = fold(entries, citizen.past, rules)
    leaving = {e.id for group in members if group[0].id in gone for e in group}
    staying = [e for e in entries if e.id not in leaving]
    keep(citizen, staying, pack(staying))


def _forget(citizen: Citizen, cause: Cause) -> None:
    rules, watermark = cause.rules, cause.watermark
    citizen.past = still_needed(citizen.past, citizen.journeys, watermark, rules)
    for one in citizen.past:
        until = forgotten_after(one, rules)
        if until >= watermark and (citizen.due is None or until < citizen.due):
            citizen.due = until
