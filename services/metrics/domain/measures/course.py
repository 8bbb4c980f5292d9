"""What a snapshot says of a journey's course that several families need."""

from datetime import datetime

from schemas.journey import ContactMade, JourneySnapshot, TouchpointVisit
from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    DIGITAL_CHANNELS,
    Channel,
    Initiator,
    Outcome,
    Stage,
)
from services.metrics.domain.measures.steps import NEVER_SCORED

# Looked through by identity: a set would call the hash of an enum, which is Python's own code and
# the largest part of what a snapshot costs here.
_COMPLETE = tuple(COMPLETE_OUTCOMES)
_DIGITAL = tuple(DIGITAL_CHANNELS)
# Named once: to take a member out of its enum takes five times as long as a name.
_OPEN, _CITIZEN, _TRANSACTION = Outcome.OPEN, Initiator.CITIZEN, Stage.TRANSACTION


def is_complete(journey: JourneySnapshot) -> bool:
    """Whether the service did what it should."""
    return journey.outcome in _COMPLETE


def is_digital(channel: Channel | None) -> bool:
    """Whether a channel is one of the digital ones."""
    return channel in _DIGITAL


def end_of(journey: JourneySnapshot) -> datetime | None:
    """When the journey ended; None while it is open."""
    return None if journey.outcome is _OPEN else journey.ended


def calls(journey: JourneySnapshot) -> list[ContactMade]:
    """The citizen's own contacts that may enter a score, in the order of time."""
    return [
        contact
        for contact in journey.contacts
        if contact.initiator is _CITIZEN and contact.provenance not in NEVER_SCORED
    ]


def citizens_channels(journey: JourneySnapshot) -> list[Channel]:
    """The channels the citizen chose, one after the other; what the agency did between two of the
    same makes them no two choices.
    """
    chosen: list[Channel] = []
    for choice in journey.channels:
        if choice.initiator is _CITIZEN and (not chosen or choice.channel is not chosen[-1]):
            chosen.append(choice.channel)
    return chosen


def last_channel(journey: JourneySnapshot, ended: datetime) -> Channel | None:
    """The channel the citizen was on last by the time the journey had ended."""
    for choice in reversed(journey.channels):
        if choice.initiator is _CITIZEN and choice.time <= ended:
            return choice.channel
    return journey.first_channel


def last_step(journey: JourneySnapshot, ended: datetime) -> TouchpointVisit | None:
    """Where the citizen was last seen in the transaction, by the time the journey had ended.

    A snapshot has of each touchpoint the first and the last visit only. Of one that the citizen
    came back to after the end, the first counts; what lay between is not known.
    """
    for visit in journey.touchpoints:
        if visit.touchpoint == journey.last_touchpoint and visit.last <= ended:
            return visit
    before = [
        (visit.last if visit.last <= ended else visit.first, visit)
        for visit in journey.touchpoints
        if visit.stage is _TRANSACTION and visit.initiator is _CITIZEN and visit.first <= ended
    ]
    return max(before, key=lambda at: at[0])[1] if before else None
