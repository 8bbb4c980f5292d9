"""The tracking API of Matomo: single requests (query or form) and bulk, told apart by the body.

Matomo gives events no id, so one is made of what a retry repeats. Of `uid`, `_id` and `cid` the
first is a citizen, the others are visitors; address, referrer and cookies are not read.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import msgspec

from schemas.vocabulary import Action, Reason
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain.outcome import Ignored, Outcome, Rejected
from services.ingest.domain.protocols.moments import since_1970
from services.ingest.domain.protocols.protocol import (
    ERROR,
    MOST_EVENTS,
    NO_STORE,
    PAGE_VIEW,
    PICTURE,
    Malformed,
    Protocol,
    Reply,
    Request,
    given,
    language,
    of_the_browser,
)
from services.ingest.domain.refusal import json_type
from services.ingest.domain.submission import Received, Submission

Parameters = Mapping[str, str]
# Who sends none of the first does not try again either: then every request is an event.
_TELL_APART = ("rand", "r", "cdt")
_MAKE_AN_ID = (
    *("idsite", "uid", "_id", "cid", "pv_id", *_TELL_APART, "h", "m", "s", "url"),
    *("action_name", "e_c", "e_a", "e_n", "idgoal", "search", "link", "download", "cra"),
)


def credential(request: Request) -> str | None:
    """The number of the site; in a bulk that of its first request."""
    bulk = _bulk(request)
    if bulk is None:
        return _single(request).get("idsite")
    first = _parameters(bulk[0]) if bulk else None
    return first.get("idsite") if first else None


def read(request: Request) -> tuple[Received, ...] | Malformed:
    """The events of a request, in their order."""
    bulk = _bulk(request)
    if bulk is None:
        return _one(request)
    if len(bulk) > MOST_EVENTS:
        return Malformed(f"body: more than {MOST_EVENTS} requests; send fewer in one bulk")
    site = credential(request)
    return tuple(_of_bulk(one, site, request) for one in bulk)


def reply(request: Request, outcomes: Sequence[Outcome]) -> Reply:
    """A picture for one event, or nothing where none is wanted; numbers for a bulk."""
    if _bulk(request) is not None:
        invalid = sum(isinstance(outcome, Rejected) for outcome in outcomes)
        told = {"status": "success", "tracked": len(outcomes) - invalid, "invalid": invalid}
        return Reply(msgspec.json.encode(told))
    if _single(request).get("send_image") == "0":
        return Reply(b"", status=204, headers=NO_STORE)
    return PICTURE


def alone(original: bytes) -> bytes:
    """A bulk of one: there no `rec` is needed."""
    return msgspec.json.encode({"requests": ["?" + original.decode(errors="replace")]})


def _bulk(request: Request) -> list[object] | None:
    # matomo.js sends it under the content type of a form.
    if request.body.lstrip()[:1] != b"{" or not isinstance(request.json, dict):
        return None
    requests = request.json.get("requests")
    return requests if isinstance(requests, list) else None


def _single(request: Request) -> Parameters:
    return {**request.parameters, **request.form}


def _one(request: Request) -> tuple[Received, ...] | Malformed:
    parameters = _single(request)
    if not parameters.get("idsite") or parameters.get("rec") != "1":
        return Malformed("idsite and rec=1: are required, or a JSON body with requests")
    return (_received(parameters, request),)


def _of_bulk(one: object, site: str | None, request: Request) -> Received:
    parameters = _parameters(one)
    if parameters is None:
        detail = f"request: got {json_type(one)}, expected a query string or an object"
        return Received(msgspec.json.encode(one), Rejected(Reason.NOT_AN_OBJECT, detail))
    if parameters.get("idsite") == site and site:
        return _received(parameters, request)
    detail = "idsite: every request of a bulk must name the site of the first"
    return Received(msgspec.json.encode(one), Rejected(Reason.BAD_VALUE, detail))


def _parameters(one: object) -> Parameters | None:
    if isinstance(one, str):
        try:
            return dict(parse_qsl(one.removeprefix("?"), keep_blank_values=True))
        except ValueError:
            return None
    if isinstance(one, dict):
        return {str(name): _text(value) for name, value in one.items()}
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _received(said: Parameters, request: Request) -> Received:
    parameters = {
        **of_the_browser(request, "ua", "lang"),
        **{n: value for n, value in said.items() if value},
    }
    original = urlencode(parameters, errors="replace").encode()
    if parameters.get("ping") == "1" or (parameters.get("c_n") and not parameters.get("c_i")):
        return Received(original, Ignored(IgnoredReason.MAPPED_TO_IGNORE))
    return Received(original, _submission(parameters))


def _submission(parameters: Parameters) -> Submission:
    name, is_about_the_page = _name(parameters)
    visitor = parameters.get("_id") or parameters.get("cid")
    spoken = language(parameters.get("lang", ""))
    action = Action.FAILED if parameters.get("cra") else None
    return Submission(
        id=None,
        makes_id=_what_a_retry_repeats(parameters),
        source="matomo",
        name=name,
        data=given(citizen=parameters.get("uid"), visitor=visitor, language=spoken, action=action),
        time=_time(parameters.get("cdt")),
        address=parameters.get("url", "")[:1000] if is_about_the_page else "",
        user_agent=parameters.get("ua", "")[:1000],
        finds_service=True,
    )


def _what_a_retry_repeats(parameters: Parameters) -> tuple[str, ...]:
    if not any(parameters.get(part) for part in _TELL_APART):
        return ()
    return tuple(parameters.get(part, "") for part in _MAKE_AN_ID)


def _name(parameters: Parameters) -> tuple[str, bool]:
    """The name of an event, and whether the rules for addresses apply: a click on a page is not
    another visit of it.
    """
    if parameters.get("cra"):
        return ERROR, True
    if parameters.get("e_c"):
        return f"{parameters['e_c']}/{parameters.get('e_a', '')}", False
    if parameters.get("idgoal"):
        return f"goal/{parameters['idgoal']}", False
    for kind in ("search", "link", "download"):
        if parameters.get(kind):
            return kind, False
    return PAGE_VIEW, True


def _time(cdt: str | None) -> object:
    """What cannot be read goes on as it is: the step for times refuses it."""
    if not cdt or cdt.isdigit():
        return since_1970(cdt or None, per_second=1)
    try:
        time = datetime.fromisoformat(cdt)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()
    except ValueError:
        return cdt


MATOMO = Protocol(
    name="matomo",
    version="1",
    paths=("/matomo.php", "/piwik.php"),
    credential=credential,
    read=read,
    reply=reply,
    methods=("GET", "POST"),
    is_for_browsers=True,
    alone=alone,
)
