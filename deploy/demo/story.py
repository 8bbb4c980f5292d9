"""A person's story: what is sent about it, and what is true of it because the plot says so.

A plot tells both at once (`says` sends an event, `ends` states the truth), so the truth comes from
what the story means and never from reading its events back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from random import Random
from typing import Any

from deploy.demo.desks import Desk, source_of
from deploy.demo.facts import Before, Call, JourneyTruth, Left, Stay
from schemas.vocabulary import (
    Action,
    Channel,
    Identity,
    Initiator,
    Outcome,
    Reason,
    Stage,
)

# Who saves a form stays where it was opened, and who answers a survey does so where it came.
_CHOICES = (
    *(Action.VISITED, Action.CONTACTED),
    *(Action.STARTED, Action.RESUMED, Action.SUBMITTED),
)
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
class _Step:
    """Where the person was, whether it was their own doing, and whether the channel was chosen."""

    time: datetime
    place: str
    channel: Channel
    stage: Stage
    is_own: bool
    is_choice: bool


class Telling:
    """Tells one journey of one person at one desk; `truth` is what the plot has stated so far.

    `earlier` is the journey that the same person had at the same desk before.
    """

    def __init__(
        self,
        desk: Desk,
        who: Mapping[str, str],
        name: str,
        rng: Random,
        earlier: JourneyTruth | None = None,
    ) -> None:
        self.desk = desk
        self.who = dict(who)
        self.rng = rng
        self.sendings: list[Sending] = []
        self.truth = JourneyTruth(
            service=desk.service.id,
            identity=Identity.LINKED if "citizen" in who else Identity.PARTIAL,
            outcome=Outcome.OPEN,
            ended=NOT_YET,
            opened=NOT_YET,
        )
        self._name = name
        self._earlier = earlier
        self._steps: list[_Step] = []

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
        touchpoint = self.desk.service.by_touchpoint[place]
        is_own = more.get("initiator", touchpoint.initiator) == Initiator.CITIZEN
        is_choice = is_own and more.get("action", touchpoint.action) in _CHOICES
        self._steps.append(_Step(at, place, channel, touchpoint.stage, is_own, is_choice))
        return at

    def asks(self, place: str, call: Call) -> datetime:
        """The person asks for help at `place`. Returns when."""
        noted = {"reason": call.reason, "avoidable": call.avoidable, "reached": call.reached}
        self.states(calls=(*self.truth.calls, call))
        return self.says(
            place,
            call.channel,
            call.time,
            contact={name: word for name, word in noted.items() if word is not None},
        )

    def states(self, **facts: Any) -> None:
        """States facts of the journey (fields of JourneyTruth)."""
        self.truth = replace(self.truth, **facts)

    def begins(self, at: datetime) -> None:
        """The transaction begins, unless it began before."""
        self.states(began=self.truth.began or at)

    def submits(self, at: datetime) -> None:
        """The service has the application; only the first time is remembered."""
        self.states(submitted=self.truth.submitted or at)

    def ends(self, outcome: Outcome, at: datetime) -> None:
        """How and when the journey ended, in the end."""
        self.states(outcome=outcome, ended=at)

    def told(self) -> JourneyTruth:
        """The whole truth of the journey."""
        steps = sorted(self._steps, key=lambda step: step.time)
        truth = replace(
            self.truth,
            opened=steps[0].time,
            places=_places(steps),
            calls=self._calls(),
        )
        return replace(
            truth,
            left=_left(steps, truth.ended),
            back=_come_back_to(steps, truth),
            chosen=_chosen(steps),
            stayed_on=_last(_chosen([s for s in steps if s.time <= truth.ended])),
            is_sent_aside=_is_sent_aside(steps, truth),
            before=self._before(truth.opened),
        )

    def _calls(self) -> tuple[Call, ...]:
        """In the order of time, each with the time since the one before in the same matter."""
        earlier = self._earlier.calls if self._earlier else ()
        last, told = (earlier[-1].time if earlier else None), []
        for call in sorted(self.truth.calls, key=lambda one: one.time):
            told.append(replace(call, follows=None if last is None else call.time - last))
            last = call.time
        return tuple(told)

    def _before(self, opened: datetime) -> Before | None:
        if self._earlier is None or self._earlier.ended >= opened:
            return None
        return Before(self._earlier.ended, _last(self._earlier.chosen))

    def stage(self, place: str) -> Stage:
        """The stage of a place."""
        return self.desk.service.by_touchpoint[place].stage


def _places(steps: list[_Step]) -> dict[str, Stay]:
    found: dict[str, Stay] = {}
    for step in steps:
        stay = found.get(step.place, Stay(step.time, step.time, 0, step.channel, step.stage))
        found[step.place] = replace(stay, last=step.time, count=stay.count + 1)
    return found


def _come_back_to(steps: list[_Step], truth: JourneyTruth) -> frozenset[str]:
    """The places that were left for another and found again, as far as is told: of each place its
    first and its last visit, and of all contacts when they were.
    """
    asked = {call.time for call in truth.calls}
    ends = {(place, at) for place, stay in truth.met.items() for at in (stay.first, stay.last)}
    told = ends | {(step.place, step.time) for step in steps if step.time in asked}
    return frozenset(
        place
        for place, stay in truth.met.items()
        if any(other != place and stay.first < at < stay.last for other, at in told)
    )


def _left(steps: list[_Step], ended: datetime) -> Left | None:
    own = [
        step
        for step in steps
        if step.is_own and step.stage is Stage.TRANSACTION and step.time <= ended
    ]
    return Left(own[-1].place, own[-1].channel, own[-1].time) if own else None


def _chosen(steps: list[_Step]) -> tuple[Channel, ...]:
    return tuple(channel for channel, _ in groupby(s.channel for s in steps if s.is_choice))


def _last(channels: tuple[Channel, ...]) -> Channel | None:
    return channels[-1] if channels else None


def _is_sent_aside(steps: list[_Step], truth: JourneyTruth) -> bool:
    if truth.began is None:
        return False
    until = min(truth.submitted or truth.ended, truth.ended)
    return any(
        step.stage is not Stage.TRANSACTION and truth.began < step.time < until for step in steps
    )
