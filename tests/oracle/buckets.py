"""The unlinked events of a whole list, counted by place, channel and hour.

Every event of identity `once` is in exactly one bucket; repeats of a (source, id) count once. The
hour is that of the service's time zone. An event of `count` n is n people. A survey counts as
answered where the question its instrument asks first is, with the drivers that come along. Drivers
without an answer are the themes of a group: they are counted, and no survey with them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.catalogue import Catalogue, Service
from schemas.touchpoint_event import Feedback, TouchpointRecord
from schemas.vocabulary import (
    Action,
    Channel,
    ContactReason,
    IdentityKind,
    Polarity,
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
    """What happened there: actions, chain steps by instrument, answers, contacts, drivers."""

    actions: Counter[Action] = field(default_factory=Counter)
    chain: Counter[tuple[str, Action]] = field(default_factory=Counter)
    answers: Counter[tuple[object, ...]] = field(default_factory=Counter)
    contacts: Counter[tuple[ContactReason | None, bool | None]] = field(default_factory=Counter)
    drivers: Counter[tuple[object, ...]] = field(default_factory=Counter)


def buckets(records: Iterable[TouchpointRecord], catalogue: Catalogue) -> dict[Place, Counts]:
    """Every bucket of the unlinked events in `records`."""
    unlinked = [r for r in records if r.data.identity_kind is IdentityKind.ONCE]
    found: dict[Place, Counts] = defaultdict(Counts)
    for record in without_twins(unlinked):
        service = catalogue.services[record.data.service]
        _count(found[place_of(record, catalogue)], record, service)
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


def _count(counts: Counts, record: TouchpointRecord, service: Service) -> None:
    data = record.data
    counts.actions[data.action] += data.count
    if data.feedback is not None and data.action in SURVEY:
        is_answer = data.action is Action.ANSWERED
        is_theme = is_answer and data.feedback.answer is None
        is_survey = not is_theme and (not is_answer or _is_asked_first(data.feedback, service))
        if is_survey:
            counts.chain[data.feedback.instrument, data.action] += data.count
        if is_answer and data.feedback.answer is not None:
            counts.answers[_answer(data.feedback)] += data.count
        if is_theme or (is_answer and is_survey):
            for chosen in _chosen(data.feedback):
                counts.drivers[chosen] += data.count
    if data.action is Action.CONTACTED:
        contact = data.contact
        reason = (contact.reason, contact.avoidable) if contact else (None, None)
        counts.contacts[reason] += data.count


def _answer(told: Feedback) -> tuple[object, ...]:
    return (told.about, told.construct, told.scale, told.wording, told.instrument, told.answer)


def _is_asked_first(told: Feedback, service: Service) -> bool:
    for instrument in service.instruments:
        if instrument.id == told.instrument:
            return told.construct is instrument.constructs[0].construct
    return True


def _chosen(told: Feedback) -> set[tuple[object, ...]]:
    good = {m.driver for m in told.drivers if m.chosen and m.polarity is Polarity.POSITIVE}
    bad = {m.driver for m in told.drivers if m.chosen and m.polarity is Polarity.NEGATIVE}
    sides = dict.fromkeys(good - bad, Polarity.POSITIVE)
    sides |= dict.fromkeys(bad - good, Polarity.NEGATIVE)
    offered = {m.driver for m in told.drivers}
    return {(told.about, told.instrument, driver, sides.get(driver)) for driver in offered}
