"""The Measurement Protocol of Google Analytics 4: what a server or app sends beside its pages.

What the service itself adds to every visit is no contact. Events have no id: one is made where the
sender says when they happened, which a retry repeats.
"""

from collections.abc import Mapping, Sequence

import msgspec

from schemas.vocabulary import Action, Reason
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain.outcome import Ignored, Outcome, Rejected
from services.ingest.domain.protocols.moments import since_1970
from services.ingest.domain.protocols.protocol import (
    ERROR,
    MOST_EVENTS,
    PAGE_VIEW,
    Malformed,
    Protocol,
    Reply,
    Request,
    given,
    language,
    object_of,
    text_of,
)
from services.ingest.domain.refusal import json_type
from services.ingest.domain.submission import Received, Submission

# No sets: what is sent as a name may be an object, which has no hash.
_NO_CONTACT = ("session_start", "first_visit", "first_open", "user_engagement", "scroll")
_SHARED, _LONGEST = ("client_id", "app_instance_id", "user_id", "timestamp_micros"), 256
_FIRST = "first"  # the number of the first event: of one that is kept alone, its own
_EXCEPTION, _SCREEN = "exception", "screen_view"


def credential(request: Request) -> str | None:
    """The secret in the address: a token."""
    return request.parameters.get("api_secret")


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """The events of a request, in their order."""
    body = request.json
    events = body.get("events") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(events, list):
        return Malformed("body: not a JSON object with events")
    if len(events) > MOST_EVENTS:
        return Malformed(f"events: more than {MOST_EVENTS}; send fewer at once")
    return tuple(_received(event, n, body) for n, event in enumerate(events, _number(body)))


def reply(_: Request, __: Sequence[Outcome]) -> Reply:
    """Nothing, as its own servers say."""
    return Reply(b"", status=204)


def _received(event: object, number: int, body: Mapping[str, object]) -> Received:
    told = {**_sender(body), "events": [event]}
    original = msgspec.json.encode({**told, _FIRST: number})
    if not isinstance(event, dict):
        detail = f"event: got {json_type(event)}, expected an object"
        return Received(original, Rejected(Reason.NOT_AN_OBJECT, detail))
    name, parameters = event.get("name"), object_of(event.get("params"))
    if name in _NO_CONTACT:
        return Received(original, Ignored(IgnoredReason.MAPPED_TO_IGNORE))
    happened = event.get("timestamp_micros", body.get("timestamp_micros"))
    is_on_a_page = name in (PAGE_VIEW, _EXCEPTION)
    said = given(
        citizen=body.get("user_id"),
        visitor=body.get("client_id") or body.get("app_instance_id"),
        language=language(text_of(parameters.get("language"))),
        action=Action.FAILED if name == _EXCEPTION else None,
    )
    submission = Submission(
        id=None,
        makes_id=(str(number), msgspec.json.encode(told).decode()) if happened else (),
        source="ga4",
        name=_name(name, parameters),
        data=said,
        time=since_1970(happened, per_second=1_000_000),
        address=text_of(parameters.get("page_location")) if is_on_a_page else "",
        finds_service=True,
    )
    return Received(original, submission)


def _number(body: Mapping[str, object]) -> int:
    told = body.get(_FIRST)
    return told if isinstance(told, int) and 0 <= told < MOST_EVENTS else 0


def _sender(body: Mapping[str, object]) -> Mapping[str, object]:
    """Of what all events of a request share, what tells who and when: with all of it, a megabyte of
    small events would be gigabytes of originals.
    """
    return given(**{field: _short(body.get(field)) for field in _SHARED})


def _short(value: object) -> object:
    """The value, or what is still refused as it would be."""
    if isinstance(value, str):
        return text_of(value)[:_LONGEST]
    return type(value)() if isinstance(value, dict | list) else value


def _name(name: object, parameters: Mapping[str, object]) -> object:
    if name == _EXCEPTION:
        return ERROR
    return f"screen/{text_of(parameters.get('screen_name'))}" if name == _SCREEN else name


GA4 = Protocol(
    name="ga4",
    version="1",
    paths=("/mp/collect",),
    credential=credential,
    read=read,
    reply=reply,
    is_for_browsers=True,
)
