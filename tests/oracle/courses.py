"""How a journey stood at an instant, and how it went for its citizen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    IDENTITY_OF_KIND,
    Channel,
    Identity,
    Initiator,
    Outcome,
    Stage,
)
from tests.oracle.journeys import Journey, is_choice
from tests.oracle.surveys import UNSCORED


@dataclass(frozen=True)
class Course:
    """A journey as it stood at `now`; None is after unlimited time."""

    journey: Journey
    now: datetime | None = None

    @property
    def ended(self) -> datetime | None:
        """When it ended, if it had by then."""
        ended = self.journey.ended
        return ended if self.now is None or ended <= self.now else None

    @property
    def outcome(self) -> Outcome:
        """How it ended, if it had."""
        return self.journey.outcome if self.ended is not None else Outcome.OPEN

    @property
    def is_complete(self) -> bool:
        """Whether the service did what it should."""
        return self.outcome in COMPLETE_OUTCOMES

    @property
    def identity(self) -> Identity:
        """What is known of whose it is."""
        return IDENTITY_OF_KIND[self.journey.events[0].data.identity_kind]

    @property
    def first_channel(self) -> str:
        """The channel the citizen began on, or `none`."""
        return self.journey.first_channel or "none"


def citizens_channels(journey: Journey) -> list[Channel]:
    """The channels the citizen chose, one after the other; staying on one is one choice."""
    return [channel for channel, _ in groupby(e.data.channel for e in _choices(journey))]


def last_channel(journey: Journey, ended: datetime) -> Channel | None:
    """The channel the citizen was on last by the end; the first one when that was after it."""
    seen = [e.data.channel for e in _choices(journey) if e.time <= ended]
    return seen[-1] if seen else journey.first_channel


def calls(journey: Journey) -> list[TouchpointRecord]:
    """The citizen's own contacts that may be scored, in order."""
    made = own([contact.event for contact in journey.contacts])
    return [event for event in made if event.data.provenance not in UNSCORED]


def left_at(journey: Journey, ended: datetime) -> tuple[str, datetime] | None:
    """Where in the transaction the citizen was last seen by the end, and when, as far as the first
    and the last event at each touchpoint tell: what lies between them is not told.
    """
    places, last = journey.touchpoints, journey.last_touchpoint
    if last is not None and places[last].last <= ended:
        return last, places[last].last
    seen = {
        name: at.last if at.last <= ended else at.first
        for name, at in places.items()
        if at.first <= ended and _is_citizens_step(_opener(journey, name))
    }
    return max(seen.items(), key=lambda one: one[1]) if seen else None


def stage_of(journey: Journey, place: str) -> Stage:
    """The stage of a touchpoint: that of the first event there."""
    return _opener(journey, place).data.stage


def own(events: Sequence[TouchpointRecord]) -> list[TouchpointRecord]:
    """What the citizen did."""
    return [event for event in events if event.data.initiator is Initiator.CITIZEN]


def _choices(journey: Journey) -> list[TouchpointRecord]:
    return [event for event in journey.events if is_choice(event)]


def _opener(journey: Journey, place: str) -> TouchpointRecord:
    return next(e for e in journey.events if e.data.touchpoint == place)


def _is_citizens_step(event: TouchpointRecord) -> bool:
    data = event.data
    return data.initiator is Initiator.CITIZEN and data.stage is Stage.TRANSACTION
