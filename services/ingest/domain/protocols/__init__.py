"""In: the bytes of a request; out: submissions. One value per wire language, in one tuple."""

from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS
from services.ingest.domain.protocols.protocol import Protocol

PROTOCOLS: tuple[Protocol, ...] = (CLOUDEVENTS,)
