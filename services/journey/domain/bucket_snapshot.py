"""A bucket as `journeys.v1` has it."""

from schemas.codec import encode
from schemas.journey import Bucket as BucketContract
from schemas.journey import BucketAnswer, BucketContact, BucketDriver, SurveyChain
from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Driver,
    Polarity,
    Provenance,
    Quality,
    Scale,
    Stage,
)
from services.journey.domain.buckets import Answer, Bucket, Chosen, Contact


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
            drivers=tuple(_driver(key, n) for key, n in sorted(bucket.drivers.items(), key=repr)),
            final=is_final,
        )
    )


def _answer(key: Answer, count: int) -> BucketAnswer:
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


def _contact(key: Contact, count: int) -> BucketContact:
    reason, avoidable = key
    return BucketContact(
        reason=None if reason is None else ContactReason(reason),
        avoidable=avoidable,
        count=count,
    )


def _driver(key: Chosen, count: int) -> BucketDriver:
    about, instrument, driver, chosen = key
    return BucketDriver(
        about=About(about),
        instrument=instrument,
        driver=Driver(driver),
        chosen=None if chosen is None else Polarity(chosen),
        count=count,
    )
