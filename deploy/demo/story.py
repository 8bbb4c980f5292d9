"""A person's story: what is sent about it, and what is true of it because the plot says so.

A plot tells both at once (`says` sends an event, `ends` states the truth), so the truth comes from
what the story means and never from reading its events back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from deploy.demo.desks import Desk, source_of
from schemas.vocabulary import Action, Channel, Identity, Initiator, Outcome, Quality, Reason, Stage

NOT_YET = datetime.max.replace(tzinfo=UTC)


class Fate(StrEnum):
    """What must become of a sending."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    LATE = "late"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Sending:
    """One event on its way. It is handed over on the day of `delivered`, maybe much later.

    `type`, `origin` and `attributes` are the CloudEvent's type, source and extensions.
    """

    source: str
    id: str
    time: datetime
    delivered: datetime
    data: Mapping[str, Any]
    type: str = "citizen.contact"
    origin: str = "/desk"
    fate: Fate = Fate.APPLIED
    reason: Reason | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def again(self, delivered: datetime) -> "Sending":
        """The same event once more: a duplicate."""
        return replace(self, delivered=delivered, fate=Fate.DUPLICATE)


@dataclass(frozen=True)
class Stay:
    """How often a journey met a touchpoint, and when first."""

    first: datetime
    count: int = 1


@dataclass(frozen=True)
class Opinion:
    """One answer. `place` is the touchpoint it is about, None for the journey."""

    time: datetime
    instrument: str
    wording: str
    answer: int
    place: str | None = None


@dataclass(frozen=True)
class Offer:
    """A survey was offered; `answered` and `dismissed` say what became of it."""

    time: datetime
    instrument: str
    answered: bool = False
    dismissed: bool = False


@dataclass(frozen=True)
class JourneyTruth:
    """What is true of one journey in the end."""

    service: str
    identity: Identity
    outcome: Outcome
    ended: datetime
    began: datetime | None = None
    submitted: datetime | None = None
    decided: datetime | None = None
    left_at: str | None = None
    first_channel: Channel | None = None
    resumed: int = 0
    places: Mapping[str, Stay] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True)
class Glimpse:
    """One event of somebody nobody can name: it counts where it happened and in no journey."""

    service: str
    place: str
    time: datetime
    action: Action = Action.VISITED
    instrument: str | None = None
    opinion: Opinion | None = None
    quality: Quality = Quality.VALID


class Telling:
    """Tells one journey of one person at one desk; `truth` is what the plot has stated so far."""

    def __init__(self, desk: Desk, who: Mapping[str, str], name: str, rng: Random) -> None:
        self.desk = desk
        self.who = dict(who)
        self.rng = rng
        self.sendings: list[Sending] = []
        self.truth = JourneyTruth(
            service=desk.service.id,
            identity=Identity.LINKED if "citizen" in who else Identity.PARTIAL,
            outcome=Outcome.OPEN,
            ended=NOT_YET,
        )
        self._name = name
        self._places: dict[str, Stay] = {}

    def says(self, place: str, channel: Channel, at: datetime, **more: Any) -> datetime:
        """One event at `place`; `late_by` (a timedelta) delays its delivery. Returns `at`."""
        late_by: timedelta = more.pop("late_by", timedelta(0))
        data = {
            "service": self.desk.service.id,
            "touchpoint": place,
            "channel": channel,
            **self.who,
        }
        self.sendings.append(
            Sending(
                source=source_of(self.desk, channel, place),
                id=f"{self._name}-{len(self.sendings)}",
                time=at,
                delivered=at + late_by,
                data={**data, **more},
            )
        )
        stay = self._places.get(place, Stay(at, 0))
        self._places[place] = Stay(min(stay.first, at), stay.count + 1)
        touchpoint = self.desk.service.by_touchpoint[place]
        if self.truth.first_channel is None and touchpoint.initiator is Initiator.CITIZEN:
            self.truth = replace(self.truth, first_channel=channel)
        return at

    def states(self, **facts: Any) -> None:
        """States facts of the journey (fields of JourneyTruth)."""
        self.truth = replace(self.truth, **facts)

    def begins(self, at: datetime, left_at: str) -> None:
        """The transaction begins, unless it began before; the person now stands at `left_at`."""
        self.states(began=self.truth.began or at, left_at=left_at)

    def submits(self, at: datetime) -> None:
        """The service has the application; only the first time is remembered."""
        self.states(submitted=self.truth.submitted or at, left_at=self.desk.sent)

    def ends(self, outcome: Outcome, at: datetime) -> None:
        """How and when the journey ended, in the end."""
        self.states(outcome=outcome, ended=at)

    def told(self) -> JourneyTruth:
        """The whole truth of the journey."""
        return replace(self.truth, places=dict(self._places))

    def stage(self, place: str) -> Stage:
        """The stage of a place."""
        return self.desk.service.by_touchpoint[place].stage
