"""What a wire language is: paths, a credential, and two pure functions."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from urllib.parse import parse_qsl

from schemas.touchpoint_event import LANGUAGE_TAG
from services.ingest.domain.hook import Hook
from services.ingest.domain.outcome import Outcome
from services.ingest.domain.protocols.json_body import NotJson, parsed
from services.ingest.domain.submission import Received

# No body of real events has so many; a body of `0,0,0` has half a million, each to be sealed.
MOST_EVENTS = 10_000
# What the clients call a view of a page and what went wrong on one, each in its own words.
PAGE_VIEW = "page_view"
ERROR = "error"
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_TAG = re.compile(LANGUAGE_TAG)


@dataclass(frozen=True)
class Request:
    """An HTTP request as a value: header names in lower case, the body un-gzipped, the path without
    the query. What is read more than once of a body is read here, and remembered. `hook` is the
    webhook that its path names.
    """

    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    method: str = "POST"
    hook: Hook | None = None

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The query; a byte that is no text is a question mark."""
        return {_as_text(name): _as_text(value) for name, value in self.query.items()}

    @cached_property
    def json(self) -> object:
        """What the body says; None when it is no JSON."""
        try:
            return parsed(self.body)
        except NotJson:
            return None

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of an encoded form, the last of each name; a body of another kind has none."""
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=1000))
        except ValueError:
            return {}


def _as_text(value: str) -> str:
    return value.encode(errors="replace").decode()


@dataclass(frozen=True, slots=True)
class Malformed:
    """The envelope cannot be read: the whole request is refused. `detail` holds no value."""

    detail: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the client of this protocol takes for yes."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


NO_STORE = MappingProxyType({"Cache-Control": "no-store"})
PICTURE = Reply(_GIF, "image/gif", headers=NO_STORE)


def refusal(_: int, sentence: str) -> Mapping[str, object]:
    """What a client is told when its request is refused whole, with the status."""
    return {"error": sentence}


@dataclass(frozen=True)
class Protocol:
    """`credential` finds the token or write key, `read` the events, `reply` the answer, `refuse`
    what no is. None of them raises. `alone` makes of the original of one event a body that `read`
    takes for that event. Pages of other sites may send where it `is_for_browsers`.
    """

    name: str
    version: str
    paths: tuple[str, ...]
    credential: Callable[[Request], str | None]
    read: Callable[[Request], tuple[Received, ...] | Malformed]
    reply: Callable[[Request, Sequence[Outcome]], Reply]
    methods: tuple[str, ...] = ("POST",)
    is_for_browsers: bool = False
    alone: Callable[[bytes], bytes] = bytes
    refuse: Callable[[int, str], Mapping[str, object]] = refusal

    def has(self, path: str) -> bool:
        """Whether one of its paths is this one; `{name}` stands for any one segment."""
        return any(_fits(pattern.split("/"), path.split("/")) for pattern in self.paths)


def _fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    return len(pattern) == len(path) and all(
        part.startswith("{") or part == segment for part, segment in zip(pattern, path, strict=True)
    )


def language(told: str) -> str | None:
    """The first language tag of what a browser accepts; None when there is none."""
    tag = re.split("[,;]", told.strip(), maxsplit=1)[0]
    return tag if _TAG.fullmatch(tag) else None


def given(**said: object) -> dict[str, object]:
    """The fields that a client says anything in."""
    return {name: value for name, value in said.items() if value is not None and value != ""}


def object_of(value: object) -> Mapping[str, object]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """The value if it is text, up to a length no real one has, else empty."""
    return value[:1000] if isinstance(value, str) else ""


def of_the_browser(request: Request, agent: str, spoken: str) -> dict[str, str]:
    """What the request itself says of a citizen's browser, under the names that events have for it:
    kept with each, to be read again.
    """
    said = {agent: browser(request), spoken: language(request.headers.get("accept-language", ""))}
    return {name: value for name, value in said.items() if value}


def browser(request: Request) -> str:
    """The user agent if a citizen's browser sends, not a program on its behalf; else empty."""
    agent = request.headers.get("user-agent", "")
    return _as_text(agent[:400]) if agent.startswith(("Mozilla/", "Opera/")) else ""


def bearer(request: Request) -> str | None:
    """The token of `Authorization: Bearer …`; None when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
