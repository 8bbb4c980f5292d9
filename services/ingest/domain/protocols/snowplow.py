"""The tracker protocol of Snowplow: many events as JSON (tp2), or one as a query (/i).

All values are text. An event of a schema is known by the schema's name; fields of a submitted event
are read from a context entity whose schema is named `throughline`.
"""

import base64
from collections.abc import Mapping, Sequence

import msgspec

from schemas.catalogue import MatchType
from schemas.vocabulary import Action, Reason
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain.outcome import Ignored, Outcome, Rejected
from services.ingest.domain.protocols.json_body import NotJson, parsed
from services.ingest.domain.protocols.moments import since_1970
from services.ingest.domain.protocols.protocol import (
    ERROR,
    MOST_EVENTS,
    PAGE_VIEW,
    PICTURE,
    Malformed,
    Protocol,
    Reply,
    Request,
    given,
    language,
    object_of,
    of_the_browser,
)
from services.ingest.domain.refusal import json_type
from services.ingest.domain.submission import Received, Submission

Event = Mapping[str, str]
_PAYLOAD = "iglu:com.snowplowanalytics.snowplow/payload_data/"
_PING, _VIEW, _STRUCTURED, _OF_A_SCHEMA = "pp", "pv", "se", "ue"
_OURS, _FAULT = "throughline", "application_error"


class _Unreadable(ValueError):
    """A part of an event is not what it should be; the message names the part."""


def credential(request: Request) -> str | None:
    """The id of the application; of many events that of the first."""
    first = next(iter(_events(request)), None)
    return first.get("aid") if isinstance(first, dict) else None


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """The events of a request, in their order."""
    found = _events(request)
    if not found:
        return Malformed("body: neither a payload_data with events nor a query with e")
    if len(found) > MOST_EVENTS:
        return Malformed(f"data: more than {MOST_EVENTS} events; send fewer at once")
    application = credential(request)
    return tuple(_received(event, application, request) for event in found)


def reply(request: Request, _: Sequence[Outcome]) -> Reply:
    """What a collector of theirs answers."""
    if request.method == "GET":
        return PICTURE
    return Reply(b"ok", "text/plain")


def alone(original: bytes) -> bytes:
    """A payload of one event."""
    return b'{"schema":"%s1-0-4","data":[%s]}' % (_PAYLOAD.encode(), original)


def _events(request: Request) -> Sequence[object]:
    if "e" in request.parameters:
        return [request.parameters]
    body = request.json
    if not isinstance(body, dict) or not str(body.get("schema")).startswith(_PAYLOAD):
        return []
    data = body.get("data")
    return data if isinstance(data, list) else []


def _received(event: object, application: str | None, request: Request) -> Received:
    if not isinstance(event, dict):
        detail = f"data: got {json_type(event)}, expected an object"
        return Received(msgspec.json.encode(event), Rejected(Reason.NOT_AN_OBJECT, detail))
    said = {name: value for name, value in event.items() if isinstance(value, str)}
    values = {
        **of_the_browser(request, "ua", "lang"),
        **{n: value for n, value in said.items() if value},
    }
    original = msgspec.json.encode({**event, **values})
    if values.get("aid") != application:
        detail = "aid: every event of a request must name the application of the first"
        return Received(original, Rejected(Reason.BAD_VALUE, detail))
    if values.get("e") == _PING:
        return Received(original, Ignored(IgnoredReason.MAPPED_TO_IGNORE))
    try:
        return Received(original, _submission(values))
    except _Unreadable as fault:
        return Received(original, Rejected(Reason.BAD_VALUE, str(fault)))


def _submission(event: Event) -> Submission:
    schema = _schema(event)
    kind = schema.split("/")[1] if schema.count("/") >= 1 else ""
    ours = _ours(event)
    marks: dict[MatchType, str] = {"schema": schema} if schema else {}
    is_view, has_failed = event.get("e") == _VIEW, kind == _FAULT
    said = given(
        citizen=event.get("uid"),
        visitor=event.get("duid"),
        language=language(event.get("lang", "")),
        action=Action.FAILED if has_failed else None,
    )
    return Submission(
        id=event.get("eid"),
        makes_id=None if event.get("eid") else (),
        source="snowplow",
        name=ERROR if has_failed else _name(event, kind),
        data=said | {n: v for n, v in ours.items() if n != "test"},
        time=since_1970(event.get("ttm") or event.get("dtm") or None, per_second=1_000),
        address=event.get("url", "")[:1000] if is_view or has_failed else "",
        user_agent=event.get("ua", "")[:1000],
        is_test=ours.get("test") is True,
        marks=marks,
        finds_service="service" not in ours,
    )


def _name(event: Event, kind: str) -> str:
    if event.get("e") == _VIEW:
        return PAGE_VIEW
    if event.get("e") == _STRUCTURED:
        return f"{event.get('se_ca', '')}/{event.get('se_ac', '')}"
    return kind or event.get("e", "")


def _schema(event: Event) -> str:
    """Vendor, name, format and version of what the event is; empty unless it has a schema."""
    if event.get("e") != _OF_A_SCHEMA:
        return ""
    schema = object_of(object_of(_part(event, "ue_pr", "ue_px")).get("data")).get("schema")
    if not isinstance(schema, str):
        raise _Unreadable("ue_pr: has no data with a schema")
    return schema.removeprefix("iglu:")[:400]


def _ours(event: Event) -> Mapping[str, object]:
    """The fields in a context entity of ours."""
    entities = object_of(_part(event, "co", "cx")).get("data")
    for entity in entities if isinstance(entities, list) else ():
        one = object_of(entity)
        if f"/{_OURS}/" in str(one.get("schema")):
            return object_of(one.get("data"))
    return {}


def _part(event: Event, plain: str, encoded: str) -> object:
    """What is sent as JSON, or as its base64 in either alphabet, padded or not."""
    try:
        if plain in event:
            return parsed(event[plain].encode())
        if encoded in event:
            text = event[encoded].translate(str.maketrans("-_", "+/")).rstrip("=")
            return parsed(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except NotJson:
        raise _Unreadable(f"{plain}: not JSON") from None
    except ValueError:
        raise _Unreadable(f"{encoded}: not base64") from None
    return None


SNOWPLOW = Protocol(
    name="snowplow",
    version="2",
    paths=("/com.snowplowanalytics.snowplow/tp2", "/i"),
    credential=credential,
    read=read,
    reply=reply,
    methods=("GET", "POST"),
    is_for_browsers=True,
    alone=alone,
)
