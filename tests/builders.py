"""Values of the contract for tests: state only what matters to the test, the rest is ordinary."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from schemas.touchpoint_event import TouchpointEvent, TouchpointRecord
from schemas.vocabulary import Action, Channel, IdentityKind, Initiator, Stage

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ORIGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_RECORD_FIELDS = ("source", "id", "time", "subject")
_FOLLOW_UP = (Action.FOLLOWED_UP, Action.OFFERED, Action.ANSWERED, Action.DISMISSED)
_INFORMATION = (Action.VISITED, Action.CONTACTED)


def at(text: str) -> datetime:
    """A time in UTC, written `2026-01-05 09:00` (seconds as you like)."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def pseudonym(of: str) -> str:
    """A pseudonym, the same for the same name."""
    return sha256(of.encode()).hexdigest()[:24]


def uid(of: str) -> UUID:
    """An id, the same for the same name."""
    return UUID(bytes=sha256(of.encode()).digest()[:16], version=4)


def touchpoint_event(**changes: Any) -> TouchpointEvent:
    """A citizen's visit to a web page; the stage is the usual one of the action."""
    action = Action(changes.get("action", Action.VISITED))
    ordinary: dict[str, Any] = {
        "uid": uid("event"),
        "agency": "municipality",
        "service": "building-permit",
        "channel": Channel.WEBSITE,
        "touchpoint": action.value,
        "stage": _stage(action),
        "action": action,
        "initiator": Initiator.CITIZEN,
        "identity_kind": IdentityKind.CITIZEN,
        "key_id": "demo-key",
        "received_at": ORIGIN,
        "protocol": "cloudevents",
        "protocol_version": "1.0",
    }
    return TouchpointEvent.model_validate(ordinary | changes)


def record(ident: str = "1", **changes: Any) -> TouchpointRecord:
    """A touchpoint event as it lies on the topic. Fields of the record and of its data together."""
    own = {name: changes.pop(name) for name in _RECORD_FIELDS if name in changes}
    data = touchpoint_event(**({"uid": uid(ident)} | changes))
    ordinary: dict[str, Any] = {
        "source": "/web/permits",
        "id": ident,
        "time": ORIGIN,
        "subject": pseudonym("citizen"),
        "data": data,
    }
    return TouchpointRecord.model_validate(ordinary | own)


def _stage(action: Action) -> Stage:
    if action in _FOLLOW_UP:
        return Stage.FOLLOW_UP
    return Stage.INFORMATION if action in _INFORMATION else Stage.TRANSACTION


def by(who: str, event: TouchpointRecord) -> TouchpointRecord:
    """The event as another citizen's, an event of its own."""
    name = f"{who} {event.id}"
    data = event.data.model_copy(update={"uid": uid(name)})
    return event.model_copy(update={"id": name, "subject": pseudonym(who), "data": data})
