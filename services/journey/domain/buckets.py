"""Unlinked events: counts per touchpoint, channel and hour of the service's time zone.

Nobody knows which answers came from one person, and they lie in different partitions. So a survey
is counted by its first question, with the drivers that came with it: a person who left that one
out is missed, and nobody counts twice.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

import msgspec

from schemas.touchpoint_event import DriverMention, Feedback, TouchpointEvent, TouchpointRecord
from schemas.vocabulary import Action
from services.journey.domain.rules import ServiceRules

PREFIX: Final = b"\0bucket/"
_SURVEY: Final = frozenset({Action.OFFERED, Action.ANSWERED, Action.DISMISSED})

Answer = tuple[str, str, str, str | None, str, int]
"""About, construct, scale, wording, instrument, answer."""
Contact = tuple[str | None, bool | None]
"""Reason, avoidable."""
Chosen = tuple[str, str, str, str | None]
"""About, instrument, driver, and the polarity it was chosen with: None for none or both."""


class Labels(msgspec.Struct, array_like=True, frozen=True):
    """What all events of a bucket have in common."""

    clock: str
    agency: str
    service: str
    touchpoint: str
    channel: str
    quality: str
    provenance: str
    hour: datetime


class Bucket(msgspec.Struct, array_like=True):
    """State. `due` is the last watermark at which an on-time event may still come."""

    clock: str
    due: datetime
    offset: int
    labels: Labels
    stage: str
    actions: dict[str, int] = {}
    chain: dict[str, dict[str, int]] = {}
    answers: dict[Answer, int] = {}
    contacts: dict[Contact, int] = {}
    drivers: dict[Chosen, int] = {}


class BucketDue(msgspec.Struct, array_like=True, frozen=True):
    """The first fields of a Bucket: all that is read of it when a partition is restored."""

    clock: str
    due: datetime


_bucket = msgspec.msgpack.Decoder(Bucket)
_due = msgspec.msgpack.Decoder(BucketDue)
_pack = msgspec.msgpack.Encoder().encode


def labels_of(record: TouchpointRecord, rules: ServiceRules) -> Labels:
    """The labels of an unlinked event."""
    event = record.data
    return Labels(
        event.clock,
        event.agency,
        event.service,
        event.touchpoint,
        str(event.channel),
        str(event.quality),
        str(event.provenance),
        hour_of(record.time, rules),
    )


def hour_of(time: datetime, rules: ServiceRules) -> datetime:
    """The start of the hour of the service's time zone; some zones are half an hour off."""
    local = time.astimezone(rules.zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return time - past


def state_key(labels: Labels) -> bytes:
    """The bucket's key in the state log."""
    return b"%b%b/%b" % (PREFIX, labels.clock.encode(), _name(labels))


def output_key(labels: Labels, partition: int) -> bytes:
    """The bucket's key on `journeys.v1`."""
    return b"bucket/%d/%b/%b" % (partition, labels.clock.encode(), _name(labels))


def empty(record: TouchpointRecord, rules: ServiceRules) -> Bucket:
    """The bucket of an unlinked event, with nothing in it."""
    labels = labels_of(record, rules)
    due = labels.hour + timedelta(hours=1) + rules.grace
    return Bucket(labels.clock, due, -1, labels, str(record.data.stage))


def decode(row: bytes) -> Bucket:
    """The bucket in a row of state."""
    return _bucket.decode(row)


def decode_due(row: bytes) -> BucketDue:
    """The deadline in a row of state."""
    return _due.decode(row)


def pack(bucket: Bucket) -> bytes:
    """A bucket as a row of state."""
    return _pack(bucket)


def add(bucket: Bucket, event: TouchpointEvent, offset: int, rules: ServiceRules) -> None:
    """Count an event, as many times as it stands for."""
    bucket.offset = offset
    action = str(event.action)
    bucket.actions[action] = bucket.actions.get(action, 0) + event.count
    if event.action in _SURVEY and event.feedback is not None:
        _add_opinion(bucket, event.feedback, event, rules)
    if event.action is Action.CONTACTED:
        noted = event.contact
        reason = str(noted.reason) if noted is not None and noted.reason is not None else None
        contact = (reason, None if noted is None else noted.avoidable)
        bucket.contacts[contact] = bucket.contacts.get(contact, 0) + event.count


def _name(labels: Labels) -> bytes:
    return blake2b(_pack(labels), digest_size=12).hexdigest().encode()


def _add_opinion(
    bucket: Bucket, said: Feedback, event: TouchpointEvent, rules: ServiceRules
) -> None:
    action, count = str(event.action), event.count
    is_answer = event.action is Action.ANSWERED
    is_theme = is_answer and said.answer is None  # a group said what moved it, on no scale
    is_survey = not is_theme and (not is_answer or _is_first_question(said, rules))
    if is_survey:
        chain = bucket.chain.setdefault(said.instrument, {})
        chain[action] = chain.get(action, 0) + count
    for chosen in _chosen(said) if is_theme or (is_answer and is_survey) else ():
        bucket.drivers[chosen] = bucket.drivers.get(chosen, 0) + count
    if said.answer is None or said.construct is None or said.scale is None:
        return
    key = (
        str(said.about),
        str(said.construct),
        str(said.scale),
        said.wording,
        said.instrument,
        said.answer,
    )
    bucket.answers[key] = bucket.answers.get(key, 0) + count


def _is_first_question(said: Feedback, rules: ServiceRules) -> bool:
    """Of an instrument that is not listed, every question counts as the first."""
    return rules.first_questions.get(said.instrument, said.construct) == said.construct


def _chosen(said: Feedback) -> Iterator[Chosen]:
    """Each driver that the form offered, once."""
    for driver in sorted({mention.driver for mention in said.drivers}):
        mentions = [mention for mention in said.drivers if mention.driver == driver]
        yield str(said.about), said.instrument, str(driver), _side(mentions)


def _side(mentions: Sequence[DriverMention]) -> str | None:
    sides = {str(mention.polarity) for mention in mentions if mention.chosen}
    return sides.pop() if len(sides) == 1 else None
