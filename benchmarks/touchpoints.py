"""The load: touchpoint events of many citizens, the same ones each time for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from schemas.codec import encode
from schemas.touchpoint_event import TouchpointEvent, TouchpointRecord
from schemas.vocabulary import Action, Channel, IdentityKind, Initiator, Outcome, Stage

# A citizen's way through one service, over and over; the fifth one's is broken off.
_WAY = (
    ("rules-page", Stage.INFORMATION, Action.VISITED, Channel.WEBSITE),
    ("form", Stage.TRANSACTION, Action.STARTED, Channel.WEBSITE),
    ("form", Stage.TRANSACTION, Action.SAVED, Channel.MOBILE_APP),
    ("phone", Stage.TRANSACTION, Action.CONTACTED, Channel.PHONE),
    ("form", Stage.TRANSACTION, Action.SUBMITTED, Channel.WEBSITE),
    ("decision", Stage.TRANSACTION, Action.DECIDED, Channel.EMAIL),
)
_DISORDER = timedelta(seconds=60)


@dataclass(frozen=True)
class Load:
    """How much, of how many people, until when."""

    events: int
    citizens: int
    until: datetime
    seed: int = 1

    def records(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and value of each event, in the order in which they arrive."""
        chance = random.Random(self.seed)
        step = timedelta(days=10) / self.events
        begin = self.until - timedelta(days=10)
        steps = [chance.randrange(len(_WAY)) for _ in range(self.citizens)]
        for number in range(self.events):
            citizen = chance.randrange(self.citizens)
            time = begin + number * step - chance.random() * _DISORDER
            yield self._record(number, citizen, steps[citizen], time)
            steps[citizen] = (steps[citizen] + 1) % len(_WAY)

    def _record(self, number: int, citizen: int, step: int, time: datetime) -> tuple[bytes, bytes]:
        touchpoint, stage, action, channel = _WAY[step]
        by_agency = action is Action.DECIDED
        subject = f"bench-{citizen:018d}"
        event = TouchpointEvent(
            uid=UUID(int=number + 1),
            agency="municipality",
            service="building-permit",
            channel=channel,
            touchpoint=touchpoint,
            stage=stage,
            action=action,
            initiator=Initiator.AGENCY if by_agency else Initiator.CITIZEN,
            outcome=Outcome.SUCCESS if by_agency else None,
            identity_kind=IdentityKind.CITIZEN,
            key_id="bench-1",
            received_at=self.until,
            protocol="cloudevents",
            protocol_version="1.0",
        )
        record = TouchpointRecord(
            source="/bench/load", id=f"{number}", time=time, subject=subject, data=event
        )
        return subject.encode(), encode(record)
