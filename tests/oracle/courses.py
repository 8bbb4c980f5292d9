"""How a journey went for its citizen: the calls made and the channels chosen."""

from itertools import groupby

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Channel, Initiator
from tests.oracle.journeys import Journey, is_choice
from tests.oracle.surveys import UNSCORED


def citizens_channels(journey: Journey) -> list[Channel]:
    """The channels the citizen chose, one after the other; staying on one is one choice."""
    return [c for c, _ in groupby(e.data.channel for e in journey.events if is_choice(e))]


def calls(journey: Journey) -> list[TouchpointRecord]:
    """The citizen's own contacts that may be scored, in order."""
    made = [contact.event for contact in journey.contacts]
    own = [event for event in made if event.data.initiator is Initiator.CITIZEN]
    return [event for event in own if event.data.provenance not in UNSCORED]
