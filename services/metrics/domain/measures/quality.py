"""How good the data is: whose events can be joined, and what came in that counts nowhere."""

from collections.abc import Iterator, Mapping
from functools import partial

from schemas.journey import Account, Bucket, JourneySnapshot
from schemas.vocabulary import Identity, Quality
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    exactly,
    held,
)
from services.metrics.domain.measures.steps import NEVER_SCORED

KNOWN = "known"  # accepted events by channel; bins: the identity of valid ones, else the quality

_VALID = tuple(identity.value for identity in Identity)


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey: the events at a touchpoint lie where the first of them lies."""
    for visit in journey.touchpoints:
        yield visit.first, cell(KNOWN, visit.channel, journey.identity), visit.count


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Amounts of unlinked people, of suspected bots, and of tests; a tally is no event."""
    if bucket.provenance in NEVER_SCORED:
        return
    is_valid = bucket.quality is Quality.VALID
    bin_ = Identity.UNLINKED if is_valid else bucket.quality
    yield bucket.hour, cell(KNOWN, bucket.channel, bin_), sum(bucket.actions.values())


def _linked(reading: Reading) -> Score:
    events = held(reading.bins(KNOWN))
    valid = sum(events.get(identity, 0) for identity in _VALID)
    return exactly(events.get(Identity.LINKED, 0), valid, events)


def _among_all(bin_: str, reading: Reading) -> Score:
    events = held(reading.bins(KNOWN))
    return exactly(events.get(bin_, 0), sum(events.values()), events)


def shares_of(account: Account) -> Mapping[str, float | None]:
    """Of all touchpoint events that arrived on a clock, the shares that were too late, had come
    before, or were refused; None when nothing has arrived.
    """
    refused = sum(account.rejected.values())
    arrived = account.applied + account.duplicate + account.late + refused
    parts = (
        ("late_share", account.late),
        ("duplicate_share", account.duplicate),
        ("rejected_share", refused),
    )
    return {name: n / arrived if arrived else None for name, n in parts}


_formula = partial(
    Formula, reads=(KNOWN,), when=When.EVENT, periods=FROM_DAYS, interval=Method.NONE
)
FORMULAS = (
    _formula(
        "identity_linked_share",
        score=_linked,
        means="Of the valid events, the share on journeys of people who can be recognised.",
    ),
    _formula(
        "identity_linked_share.by_channel",
        score=_linked,
        labels=("channel",),
        means="The same of the events on one channel.",
    ),
    _formula(
        "bot_share",
        score=partial(_among_all, Quality.BOT_SUSPECTED),
        means="Of all accepted events, the share that is suspected to come from bots.",
    ),
    _formula(
        "unlinked_share",
        score=partial(_among_all, Identity.UNLINKED),
        means="Of all accepted events, the share of people of whom nothing else can be known.",
    ),
)
QUALITY = Family("quality", of_journey, of_bucket, FORMULAS)
