"""The tracking API of Segment, which RudderStack's clients speak too: single calls and batches.

What a call is, its path or its `type` says. Beside what the clients send by themselves, fields of a
submitted event are read from an object `throughline` in a call's context.
"""

import base64
from collections.abc import Mapping, Sequence

import msgspec

from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from schemas.yaml_file import nearest
from services.ingest.domain.outcome import Ignored, Outcome, Rejected
from services.ingest.domain.protocols.protocol import (
    MOST_EVENTS,
    PAGE_VIEW,
    Malformed,
    Protocol,
    Reply,
    Request,
    given,
    language,
    object_of,
    of_the_browser,
    refusal,
    text_of,
)
from services.ingest.domain.refusal import json_type
from services.ingest.domain.submission import Received, Submission

Call = Mapping[str, object]
_TYPES = ("track", "page", "screen", "identify", "group", "alias")
_BATCHES = ("batch", "b")
_NO_CONTACT = frozenset({"identify", "group", "alias"})
_BY_PATH = {name: name for name in _TYPES} | {name[0]: name for name in _TYPES}
_OURS, _AGENT, _LONGEST = "throughline", "userAgent", 400
_YES = msgspec.json.encode({"success": True})


def credential(request: Request) -> str | None:
    """The write key: the name in Basic authentication, else in the body."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name = base64.b64decode(told, validate=True).decode().partition(":")[0]
        except ValueError:
            return None
        return name or None
    return text_of(object_of(request.json).get("writeKey")) or None


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """The events of a request, in their order."""
    body = request.json
    if not isinstance(body, dict):
        return Malformed("body: not a JSON object")
    batch = body.get("batch")
    if isinstance(batch, list):
        if len(batch) > MOST_EVENTS:
            return Malformed(f"batch: more than {MOST_EVENTS} calls; send fewer in one batch")
        shared = _shared(object_of(body.get("context")))
        return tuple(_received(call, "", shared, request) for call in batch)
    last = request.path.rpartition("/")[2]
    if last in _BATCHES or not ("type" in body or last in _BY_PATH):
        return Malformed("body: neither a batch nor a call with its type")
    return (_received(body, _BY_PATH.get(last, ""), {}, request),)


def reply(_: Request, __: Sequence[Outcome]) -> Reply:
    """Yes: the clients look at the status, and send again what they do not take for yes."""
    return Reply(_YES)


def refuse(status: int, sentence: str) -> Mapping[str, object]:
    """No: without a code RudderStack's client for Python takes any no for a fault of the network,
    and asks ten times more.
    """
    return {**refusal(status, sentence), "code": str(status), "message": sentence}


def alone(original: bytes) -> bytes:
    """A batch of one."""
    return b'{"batch":[%s]}' % original


def _received(call: object, kind: str, shared: Call, request: Request) -> Received:
    if not isinstance(call, dict):
        detail = f"call: got {json_type(call)}, expected an object"
        return Received(msgspec.json.encode(call), Rejected(Reason.NOT_AN_OBJECT, detail))
    kind = kind or text_of(call.get("type"))
    if kind in _NO_CONTACT:
        return Received(msgspec.json.encode(call), Ignored(IgnoredReason.MAPPED_TO_IGNORE))
    if kind not in _TYPES:
        detail = f"type: unknown; {nearest(kind[:64], list(_TYPES))}"
        return Received(msgspec.json.encode(call), Rejected(Reason.UNKNOWN_WORD, detail))
    context = {
        **of_the_browser(request, _AGENT, "locale"),
        **shared,
        **object_of(call.get("context")),
    }
    original = msgspec.json.encode({**call, "type": kind, "context": context})
    return Received(original, _submission(call, kind, context))


def _shared(context: Call) -> Call:
    """Of the context of a whole batch what is read, not at any length: it is kept with each."""
    url = text_of(object_of(context.get("page")).get("url"))[:_LONGEST]
    ours = object_of(context.get(_OURS))
    return given(
        locale=text_of(context.get("locale"))[:_LONGEST],
        userAgent=text_of(context.get(_AGENT))[:_LONGEST],
        page={"url": url} if url else None,
        throughline=ours if len(msgspec.json.encode(ours)) <= _LONGEST else None,
    )


def _submission(call: Call, kind: str, context: Call) -> Submission | Rejected:
    if kind == "track" and not call.get("event"):
        return Rejected(Reason.MISSING_FIELD, "event: is required")
    ours = object_of(context.get(_OURS))
    spoken = language(text_of(context.get("locale")))
    said = given(
        citizen=_identifier(call.get("userId")),
        visitor=_identifier(call.get("anonymousId")),
        language=spoken,
    )
    return Submission(
        id=call.get("messageId"),
        makes_id=None if call.get("messageId") else (),
        source="segment",
        name=_name(call, kind),
        data=said | {n: v for n, v in ours.items() if n != "test"},
        time=call.get("timestamp") or call.get("originalTimestamp"),
        address=_address(call, context) if kind == "page" else "",
        user_agent=text_of(context.get(_AGENT)),
        is_test=ours.get("test") is True,
        finds_service="service" not in ours,
    )


def _name(call: Call, kind: str) -> object:
    if kind == "track":
        return call["event"]
    return PAGE_VIEW if kind == "page" else f"screen/{text_of(call.get('name'))}"


def _address(call: Call, context: Call) -> str:
    seen = object_of(call.get("properties")).get("url")
    return text_of(seen) or text_of(object_of(context.get("page")).get("url"))


def _identifier(value: object) -> object:
    """Many systems have numbers for people; what is neither is refused by its name."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


SEGMENT = Protocol(
    name="segment",
    version="1",
    paths=tuple(f"/v1/{name}" for name in (*_BATCHES, *_BY_PATH)),
    credential=credential,
    read=read,
    reply=reply,
    is_for_browsers=True,
    alone=alone,
    refuse=refuse,
)
