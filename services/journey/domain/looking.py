"""A citizen's journeys as the watermark shows them: what changed, what is final, what is due next.

Entries decide; looking only sees. So looking again, or later, is always safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from schemas.vocabulary import Status
from services.journey.domain.belonging import fold
from services.journey.domain.ending import View, view
from services.journey.domain.entries import Entry, Order, pack, pack_id, unpack
from services.journey.domain.journey import Journey
from services.journey.domain.memory import Past, forgotten_after, remember, still_needed
from services.journey.domain.naming import Shown, Touch, revision_reason, show
from services.journey.domain.rules import ServiceRules


class Citizen(msgspec.Struct, array_like=True, gc=False):
    """State. `due` is the next instant after which something changes; `shown` is in the order of
    publication; `ids` and `entries` are packed rows of `count` entries.
    """

    service: str
    clock: str
    due: datetime | None
    agency: str
    identity: str
    journeys: list[Journey] = []
    shown: list[Shown] = []
    past: list[Past] = []
    last: Order | None = None
    count: int = 0
    ids: bytes = b""
    entries: bytes = b""


class Cause(NamedTuple):
    """The record that makes us look, the first record of its step, and the clock's watermark."""

    offset: int
    step: int
    watermark: datetime
    rules: ServiceRules
    most_entries: int


class Telling(NamedTuple):
    """A journey as it is to be told."""

    journey: Journey
    seen: View
    shown: Shown


@dataclass
class Changes:
    """What a step has to tell of one citizen: journeys still held (by id, in order), journeys that
    became final, and ids left over with the journey each is in now.
    """

    held: dict[UUID, None] = field(default_factory=dict)
    final: list[Telling] = field(default_factory=list)
    superseded: list[tuple[Shown, UUID]] = field(default_factory=list)

    def let_go(self, final: Sequence[Telling]) -> None:
        """Tell these for the last time."""
        self.final += final
        for told in final:
            self.held.pop(told.journey.id, None)


def look(citizen: Citizen, cause: Cause, touch: Touch | None, changes: Changes) -> None:
    """See every journey as the watermark shows it: note what changed, let go of what is final and
    find the next deadline. `touch` is None where only time has passed.
    """
    final = []
    due = None
    for told in _seen(citizen, cause):
        if _note(told, cause, touch):
            changes.held[told.journey.id] = None
        if told.seen.status == Status.FINAL:
            final.append(told)
        elif due is None or told.seen.due < due:
            due = told.seen.due
    citizen.due = due
    if final:
        _let_go(citizen, final, cause.rules)
        changes.let_go(final)
    if citizen.past:
        _forget(citizen, cause)


def entries_of(citizen: Citizen) -> list[Entry]:
    """The entries, sorted."""
    return unpack(citizen.entries, citizen.count)


def keep(citizen: Citizen, entries: Sequence[Entry]) -> None:
    """Hold exactly these sorted entries; the journeys are left as they are."""
    citizen.last = entries[-1].order if entries else None
    citizen.count = len(entries)
    citizen.ids = b"".join(pack_id(entry.id) for entry in entries)
    citizen.entries = pack(entries)


def _seen(citizen: Citizen, cause: Cause) -> list[Telling]:
    """Every journey held; one that was never told of takes its place behind those that were. Where
    the watermark lags, the citizen's own entries show how time goes on.
    """
    watermark = cause.watermark
    now = watermark if citizen.last is None else max(watermark, citizen.last[0])
    known = {one.id: one for one in citizen.shown}
    told = []
    for journey in citizen.journeys:
        shown = known.get(journey.id)
        if shown is None:
            shown = Shown(journey.id, -1, journey.opened)
            citizen.shown.append(shown)
        told.append(Telling(journey, view(journey, now, watermark, cause.rules), shown))
    return told


def _note(told: Telling, cause: Cause, touch: Touch | None) -> bool:
    """Note what is told of a journey; False when there is nothing new."""
    journey, seen, shown = told
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


def _let_go(citizen: Citizen, final: Sequence[Telling], rules: ServiceRules) -> None:
    """Final journeys leave with their entries. The others stay as they are: a journey depends on
    no entry but its own.
    """
    gone = {told.journey.first for told in final}
    if len(final) == len(citizen.journeys):
        keep(citizen, ())
    else:
        _, members = fold(entries_of(citizen), citizen.past, rules)
        leaving = {e.id for group in members if group[0].id in gone for e in group}
        keep(citizen, [e for e in entries_of(citizen) if e.id not in leaving])
    citizen.journeys = [j for j in citizen.journeys if j.first not in gone]
    names = {told.journey.id for told in final}
    citizen.shown = [one for one in citizen.shown if one.id not in names]
    for journey, seen, _ in final:
        if seen.ended is not None:
            citizen.past.append(remember(journey, seen.ended))


def _forget(citizen: Citizen, cause: Cause) -> None:
    rules, watermark = cause.rules, cause.watermark
    citizen.past = still_needed(citizen.past, citizen.journeys, watermark, rules)
    for one in citizen.past:
        until = forgotten_after(one, rules)
        if until >= watermark and (citizen.due is None or until < citizen.due):
            citizen.due = until
