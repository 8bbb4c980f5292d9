"""The unlinked events of a whole list, counted by place, channel and hour.

Every event of identity `once` is in exactly one bucket; repeats of a (source, id) count once. The
hour is that of the service's time zone. An event of `count` n is n people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.catalogue import Catalogue
from schemas.touchpoint_event import Feedback, TouchpointRecord
from schemas.vocabulary import (
    Action,
    Channel,
    ContactReason,
    IdentityKind,
    Provenance,
    Quality,
)
from tests.oracle.belonging import without_twins

SURVEY = (Action.OFFERED, Action.ANSWERED, Action.DISMISSED)


@dataclass(frozen=True)
class Place:
    """What all events of one bucket have in common."""

    clock: str
    agency: str
    service: str
    touchpoint: str
    channel: Channel
    quality: Quality
    provenance: Provenance
    hour: datetime


@dataclass
class Counts:
    """What happened there: actions, steps of each instrument's chain, answers, contacts."""

    actions: Counter[Action] = field(default_factory=Counter)
    chain: Counter[tuple[str, Action]] = field(default_factory=Counter)
    answers: Counter[tuple[object, ...]] = field(default_factory=Counter)
    contacts: Counter[tuple[ContactReason | None, bool | None]] = field(default_factory=Counter)


def buckets(records: Iterable[TouchpointRecord], catalogue: Catalogue) -> dict[Place, Counts]:
    """Every bucket of the unlinked events in `records`."""
    unlinked = [r for r in records if r.data.identity_kind is IdentityKind.ONCE]
    found: dict[Place, Counts] = defaultdict(Counts)
    for record in without_twins(unlinked):
        _count(found[place_of(record, catalogue)], record)
    return dict(found)


def place_of(record: TouchpointRecord, catalogue: Catalogue) -> Place:
    """Which bucket an unlinked event belongs to."""
    data = record.data
    local = record.time.astimezone(catalogue.services[data.service].zone)
    hour = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    return Place(
        data.clock,
        data.agency,
        data.service,
        data.touchpoint,
        data.channel,
        data.quality,
        data.provenance,
        hour,
    )


def _count(counts: Counts, record: TouchpointRecord) -> None:
    data = record.data
    counts.actions[data.action] += data.count
    if data.feedback is not None and data.action in SURVEY:
        counts.chain[data.feedback.instrument, data.action] += data.count
        if data.action is Action.ANSWERED and data.feedback.answer is not None:
            counts.answers[_answer(data.feedback)] += data.count
    if data.action is Action.CONTACTED:
        contact = data.contact
        reason = (contact.reason, contact.avoidable) if contact else (None, None)
        counts.contacts[reason] += data.count


def _answer(told: Feedback) -> tuple[object, ...]:
    return (told.about, told.construct, told.scale, told.wording, told.instrument, told.answer)
