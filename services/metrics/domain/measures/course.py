"""What a snapshot says of a journey's course that several families need."""

from collections.abc import Iterator
from datetime import datetime

from schemas.journey import ContactMade, JourneySnapshot, TouchpointVisit
from schemas.vocabulary import COMPLETE_OUTCOMES, Channel, Initiator, Outcome, Stage
from services.metrics.domain.measures.steps import NEVER_SCORED


def is_complete(journey: JourneySnapshot) -> bool:
    """Whether the service did what it should."""
    return journey.outcome in COMPLETE_OUTCOMES


def end_of(journey: JourneySnapshot) -> datetime | None:
    """When the journey ended; None while it is open."""
    return None if journey.outcome is Outcome.OPEN else journey.ended


def calls(journey: JourneySnapshot) -> list[ContactMade]:
    """The citizen's own contacts that may enter a score, in the order of time."""
    return [
        contact
        for contact in journey.contacts
        if contact.initiator is Initiator.CITIZEN and contact.provenance not in NEVER_SCORED
    ]


def citizens_channels(
    journey: JourneySnapshot, until: datetime | None = None
) -> Iterator[tuple[Channel, datetime]]:
    """The channels the citizen chose, one after the other, and when; what the agency did between
    two of the same makes them no two choices. With `until`, those made by then.
    """
    latest = None
    for choice in journey.channels:
        if choice.initiator is not Initiator.CITIZEN or choice.channel is latest:
            continue
        if until is None or choice.time <= until:
            latest = choice.channel
            yield latest, choice.time


def last_step(journey: JourneySnapshot, ended: datetime) -> TouchpointVisit | None:
    """Where the citizen was last seen in the transaction, by the time the journey had ended.

    A snapshot has of each touchpoint the first and the last visit only. Of one that the citizen
    came back to after the end, the first counts; what lay between is not known.
    """
    visits = [v for v in journey.touchpoints if v.touchpoint == journey.last_touchpoint]
    if visits and visits[-1].last <= ended:
        return visits[-1]
    before = [
        (visit.last if visit.last <= ended else visit.first, visit)
        for visit in journey.touchpoints
        if visit.stage is Stage.TRANSACTION
        and visit.initiator is Initiator.CITIZEN
        and visit.first <= ended
    ]
    return max(before, key=lambda at: at[0])[1] if before else None
