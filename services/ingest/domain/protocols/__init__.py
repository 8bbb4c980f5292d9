"""In: the bytes of a request; out: submissions. One value per wire language, in one tuple."""

from collections.abc import Mapping
from dataclasses import replace

from services.ingest.domain.hook import Hook
from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS
from services.ingest.domain.protocols.csv_rows import CSV
from services.ingest.domain.protocols.ga4 import GA4
from services.ingest.domain.protocols.matomo import MATOMO
from services.ingest.domain.protocols.protocol import Malformed, Protocol, Request, refusal
from services.ingest.domain.protocols.segment import SEGMENT
from services.ingest.domain.protocols.snowplow import SNOWPLOW
from services.ingest.domain.protocols.webhook import WEBHOOK
from services.ingest.domain.submission import Received

PROTOCOLS: tuple[Protocol, ...] = (CLOUDEVENTS, MATOMO, SNOWPLOW, SEGMENT, GA4, WEBHOOK, CSV)


def addressed(request: Request, hooks: Mapping[str, Hook]) -> Request:
    """The request, knowing the webhook that its path names."""
    if not WEBHOOK.has(request.path):
        return request
    return replace(request, hook=hooks.get(request.path.rpartition("/")[2]))


def refused(path: str, status: int, sentence: str) -> Mapping[str, object]:
    """What is told to whoever sends to this path, when the request is refused whole."""
    refuse = next((one.refuse for one in PROTOCOLS if one.has(path)), refusal)
    return refuse(status, sentence)


def understood(request: Request) -> tuple[Protocol, tuple[Received, ...]] | Malformed:
    """The events of a request, by the first protocol that can read them: of those that have its
    path, or of all when none has.
    """
    told = []
    for protocol in [one for one in PROTOCOLS if one.has(request.path)] or PROTOCOLS:
        events = protocol.read(request)
        if not isinstance(events, Malformed):
            return protocol, events
        told.append(f"{protocol.name}: {events.detail}")
    return Malformed("; ".join(told))
