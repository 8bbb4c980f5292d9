"""The form of the desk: what somebody at a phone, a counter or in a post room ticked, as events."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from zoneinfo import ZoneInfo

import msgspec

from schemas.vocabulary import Action, Outcome
from services.ingest.domain.csv_log import instant
from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS, SPECVERSION
from services.ingest.domain.protocols.protocol import Malformed, Request, given
from services.ingest.domain.submission import Received

PROTOCOL = "desk"
VERSION = "1"
# What ends a journey is an action; the person at the desk knows how it ended.
ENDINGS: Mapping[Outcome, Action] = {
    Outcome.SUCCESS: Action.COMPLETED,
    Outcome.NEGATIVE_BUT_CORRECT: Action.COMPLETED,
    Outcome.WITHDRAWN: Action.WITHDRAWN,
    Outcome.TRANSFERRED: Action.TRANSFERRED,
    Outcome.ERROR: Action.FAILED,
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of the form, as text; empty where nothing was said. `place` is a service and one
    of its touchpoints, with a slash between; `entry` the name under which the form was given out.
    """

    entry: str = ""
    channel: str = ""
    place: str = ""
    reason: str = ""
    outcome: str = ""
    case: str = ""
    time: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Filled":
        """What was sent; what is no field of the form is left alone."""
        return cls(*(form.get(one.name, "").strip()[:300] for one in fields(cls)))

    @property
    def service(self) -> str:
        """The id of the service."""
        return self.place.partition("/")[0]


def received(filled: Filled, zone: ZoneInfo) -> tuple[Received, ...]:
    """The events of one form: the contact, and the end if it was one. They are CloudEvents, which
    are read as those are; a form that is sent again unchanged gives the same ids.
    """
    found: list[Received] = []
    for sequence, data in enumerate(_told(filled)):
        event = _event(filled, data | {"sequence": sequence}, zone)
        read = CLOUDEVENTS.read(Request({}, msgspec.json.encode(event)))
        found += () if isinstance(read, Malformed) else read
    return tuple(found)


def _told(filled: Filled) -> Iterator[dict[str, object]]:
    service, _, touchpoint = filled.place.partition("/")
    about = given(service=service, touchpoint=touchpoint, channel=filled.channel, case=filled.case)
    if filled.reason:
        contact = {"reason": filled.reason}
        yield about | {"action": Action.CONTACTED, "contact": contact}
    if filled.outcome:
        # A word that is none goes on: the step for words refuses it and names the nearest.
        action = next((a for o, a in ENDINGS.items() if o == filled.outcome), Action.COMPLETED)
        yield about | {"action": action, "outcome": filled.outcome}
    if not (filled.reason or filled.outcome):
        yield about


def _event(filled: Filled, data: Mapping[str, object], zone: ZoneInfo) -> dict[str, object]:
    time = instant(filled.time, zone)
    return {
        "specversion": SPECVERSION,
        "id": _id(filled, data["sequence"]),
        "source": "/desk",
        "type": "desk.contact",
        **given(time=filled.time if time is None else time.isoformat()),
        "data": data,
    }


def _id(filled: Filled, sequence: object) -> str:
    """Nobody can guess an entry, so this says nothing of the case number that goes in."""
    parts = [str(sequence), *astuple(filled)]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:32]
