"""What a wire language is: paths, a credential, and two pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.ingest.domain.outcome import Outcome
from services.ingest.domain.submission import Received


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a value: header names in lower case, the body un-gzipped."""

    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Protocol:
    """`credential` finds the token, `read` the events, `reply` the answer. None of them raises."""

    name: str
    version: str
    paths: tuple[str, ...]
    credential: Callable[[Request], str | None]
    read: Callable[[Request], tuple[Received, ...] | Malformed]
    reply: Callable[[Sequence[Outcome]], Reply]
    cors: bool = False


def bearer(request: Request) -> str | None:
    """The token of `Authorization: Bearer …`; None when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
