"""Unlinked events: counts per touchpoint, channel and hour of the service's time zone.

A little long because counting, keeping and telling a bucket are three views of one value.
"""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

import msgspec

from schemas.codec import encode
from schemas.journey import Bucket as BucketContract
from schemas.journey import BucketAnswer, BucketContact, SurveyChain
from schemas.touchpoint_event import Feedback, TouchpointEvent, TouchpointRecord
from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Provenance,
    Quality,
    Scale,
    Stage,
)
from services.journey.domain.rules import ServiceRules

PREFIX: Final = b"\0bucket/"
_SURVEY: Final = frozenset({Action.OFFERED, Action.ANSWERED, Action.DISMISSED})

# About, construct, scale, wording, instrument, answer.
_Answer = tuple[str, str, str, str | None, str, int]
# Reason, avoidable.
_Contact = tuple[str | None, bool | None]


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
    answers: dict[_Answer, int] = {}
    contacts: dict[_Contact, int] = {}


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


def add(bucket: Bucket, event: TouchpointEvent, offset: int) -> None:
    """Count an event, as many times as it stands for."""
    bucket.offset = offset
    action = str(event.action)
    bucket.actions[action] = bucket.actions.get(action, 0) + event.count
    if event.action in _SURVEY and event.feedback is not None:
        _add_opinion(bucket, event.feedback, action, event.count)
    if event.action is Action.CONTACTED:
        noted = event.contact
        reason = str(noted.reason) if noted is not None and noted.reason is not None else None
        contact = (reason, None if noted is None else noted.avoidable)
        bucket.contacts[contact] = bucket.contacts.get(contact, 0) + event.count


def render(bucket: Bucket, first_version: int, *, is_final: bool) -> bytes:
    """The bucket's snapshot, of the version that its last event or its closing tick gave it."""
    labels = bucket.labels
    return encode(
        BucketContract(
            version=first_version + bucket.offset,
            clock=labels.clock,
            agency=labels.agency,
            service=labels.service,
            touchpoint=labels.touchpoint,
            stage=Stage(bucket.stage),
            channel=Channel(labels.channel),
            quality=Quality(labels.quality),
            provenance=Provenance(labels.provenance),
            hour=labels.hour,
            actions={Action(action): n for action, n in sorted(bucket.actions.items())},
            chain=tuple(
                SurveyChain(instrument=instrument, **steps)
                for instrument, steps in sorted(bucket.chain.items())
            ),
            answers=tuple(_answer(key, n) for key, n in sorted(bucket.answers.items(), key=repr)),
            contacts=tuple(
                _contact(key, n) for key, n in sorted(bucket.contacts.items(), key=repr)
            ),
            final=is_final,
        )
    )


def _name(labels: Labels) -> bytes:
    return blake2b(_pack(labels), digest_size=12).hexdigest().encode()


def _add_opinion(bucket: Bucket, said: Feedback, action: str, count: int) -> None:
    chain = bucket.chain.setdefault(said.instrument, {})
    chain[action] = chain.get(action, 0) + count
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


def _answer(key: _Answer, count: int) -> BucketAnswer:
    about, construct, scale, wording, instrument, answer = key
    return BucketAnswer(
        about=About(about),
        construct=Construct(construct),
        scale=Scale(scale),
        wording=wording,
        instrument=instrument,
        answer=answer,
        count=count,
    )


def _contact(key: _Contact, count: int) -> BucketContact:
    reason, avoidable = key
    return BucketContact(
        reason=None if reason is None else ContactReason(reason),
        avoidable=avoidable,
        count=count,
    )
