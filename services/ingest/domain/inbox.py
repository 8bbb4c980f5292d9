"""A record of the inbox: who sends it, and the one event in it, as HTTP would have brought it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from schemas.vocabulary import Reason
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS
from services.ingest.domain.protocols.protocol import Malformed, Request, bearer
from services.ingest.domain.submission import Received

PROTOCOL = "kafka"
VERSION = "1.0"
NOBODY = "inbox"
"""Under whose name a record is refused that names no source."""
UNKNOWN = Rejected(
    Reason.SERVICE_NOT_ALLOWED,
    "header authorization: no source that may send kafka has this token; send `Bearer TOKEN`",
)


@dataclass(frozen=True, slots=True)
class InboxRecord:
    """Headers and value, as Kafka has them."""

    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None

    @property
    def token(self) -> str | None:
        """Who sends, by the same token as over HTTP."""
        told = {n.lower(): v.decode(errors="replace") for n, v in _told(self.headers)}
        return bearer(Request(told, b""))

    @property
    def received(self) -> Received:
        """The event; one that cannot be read is refused, for nobody waits for an answer."""
        body = self.value or b""
        if body.lstrip()[:1] == b"[":
            return _refused(body, "value: a batch; a record holds one event")
        read = CLOUDEVENTS.read(Request(_as_over_http(self.headers), body))
        return _refused(body, read.detail) if isinstance(read, Malformed) else read[0]


def _as_over_http(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Attributes are `ce_id` here and `ce-id` there, where they are also percent-encoded."""
    return {
        f"ce-{name.lower().removeprefix('ce_')}": quote(value)
        for name, value in _told(headers)
        if name.lower().startswith("ce_")
    }


def _told(headers: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    return ((name, value or b"") for name, value in headers)


def _refused(body: bytes, detail: str) -> Received:
    return Received(body, Rejected(Reason.BAD_VALUE, detail))
