"""CloudEvents 1.0 over HTTP: structured, batch and binary, told apart by header and body alone.

A `ce-specversion` header makes it binary, a JSON array a batch, an object with `specversion` a
structured event; Content-Type decides nothing. Two extension attributes are read: `useragent`, the
citizen's, and `test`.
"""

import base64
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

import msgspec

from schemas.vocabulary import Reason
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.protocols.json_body import NotJson, elements, parsed
from services.ingest.domain.protocols.protocol import (
    MOST_EVENTS,
    Malformed,
    Protocol,
    Reply,
    Request,
    bearer,
)
from services.ingest.domain.refusal import json_type
from services.ingest.domain.submission import Received, Submission

SPECVERSION = "1.0"
_PREFIX = "ce-"


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """The events of a request, in their order."""
    try:
        if _PREFIX + "specversion" in request.headers:
            return (_binary(request),)
        if request.body.lstrip()[:1] == b"[":
            return _batch(elements(request.body))
        return _structured(request.body)
    except NotJson as fault:
        return Malformed(str(fault))


def reply(_: Request, outcomes: Sequence[Outcome]) -> Reply:
    """How many were accepted and ignored, and each rejected one with its place and reason."""
    rejected = [
        {"index": index, "reason": outcome.reason, "detail": outcome.detail}
        for index, outcome in enumerate(outcomes)
        if isinstance(outcome, Rejected)
    ]
    counts = {
        "accepted": sum(isinstance(outcome, Accepted) for outcome in outcomes),
        "ignored": sum(isinstance(outcome, Ignored) for outcome in outcomes),
        "rejected": rejected,
    }
    return Reply(msgspec.json.encode(counts))


def alone(original: bytes) -> bytes:
    """A batch of one."""
    return b"[" + original + b"]"


def _batch(events: list[bytes]) -> tuple[Received, ...] | Malformed:
    if len(events) > MOST_EVENTS:
        return Malformed(f"body: more than {MOST_EVENTS} events; send fewer in one batch")
    return tuple(_element(raw) for raw in events)


def _structured(body: bytes) -> tuple[Received, ...] | Malformed:
    event = parsed(body)
    if not isinstance(event, dict) or "specversion" not in event:
        return Malformed(
            "body: neither a CloudEvent (an object with specversion), nor a JSON array of them, "
            "and no ce-specversion header"
        )
    return (_element(body),)


def _element(original: bytes) -> Received:
    event = parsed(original)
    if not isinstance(event, dict):
        detail = f"event: got {json_type(event)}, expected an object"
        return Received(original, Rejected(Reason.NOT_AN_OBJECT, detail))
    return Received(original, _submission(event, _data(event)))


def _data(event: Mapping[str, object]) -> object:
    encoded = event.get("data_base64")
    if "data" in event or not isinstance(encoded, str):
        return event.get("data")
    try:
        return parsed(base64.b64decode(encoded, validate=True))
    except ValueError:
        return encoded  # text: the step that wants an object says so


def _binary(request: Request) -> Received:
    attributes: dict[str, object] = {
        name.removeprefix(_PREFIX): _header(name, value)
        for name, value in request.headers.items()
        if name.startswith(_PREFIX)
    }
    data = parsed(request.body) if request.body else None
    body = {"data_base64": base64.b64encode(request.body).decode()} if request.body else {}
    original = {**attributes, **body}
    return Received(msgspec.json.encode(original), _submission(attributes, data))


def _header(name: str, value: str) -> str:
    try:
        return unquote(value.encode().decode(), errors="strict")
    except UnicodeError:
        raise NotJson(f"header {name[:40]}: not UTF-8") from None


def _submission(event: Mapping[str, object], data: object) -> Submission | Rejected:
    version = event.get("specversion")
    if version is None:
        return Rejected(Reason.MISSING_FIELD, "specversion: is required")
    if version != SPECVERSION:
        return Rejected(Reason.BAD_VALUE, f"specversion: only {SPECVERSION} is known")
    return Submission(
        id=event.get("id"),
        source=event.get("source"),
        name=event.get("type"),
        data=data,
        time=event.get("time"),
        address=_text(event.get("source")),
        user_agent=_text(event.get("useragent")),
        is_test=_text(event.get("test")) == "true" or event.get("test") is True,
    )


def _text(value: object) -> str:
    return value[:1000] if isinstance(value, str) else ""


CLOUDEVENTS = Protocol(
    name="cloudevents",
    version=SPECVERSION,
    paths=("/v1/events",),
    credential=bearer,
    read=read,
    reply=reply,
    alone=alone,
)
