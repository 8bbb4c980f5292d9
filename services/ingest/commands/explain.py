"""`ingest explain`: what would become of a body, without a server and without sending it."""

from typing import Any

from schemas.yaml_file import nearest
from services.ingest.collect import Batch, Edge, explained
from services.ingest.domain.protocols import PROTOCOLS
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.rules import Rules


class NothingToExplain(Exception):
    """The source is unknown or no protocol can read the body; the message is for a person."""


def explain_body(rules: Rules, edge: Edge, source_id: str, request: Request) -> dict[str, Any]:
    """The steps for each event in the body. Raises NothingToExplain."""
    source = rules.sources.get(source_id)
    if source is None:
        raise NothingToExplain(f"source: unknown; {nearest(source_id, list(rules.sources))}")
    told = []
    for protocol in PROTOCOLS:
        events = protocol.read(request)
        if not isinstance(events, Malformed):
            batch = Batch(source, protocol.name, protocol.version, events)
            return {"protocol": protocol.name, "events": explained(batch, rules, edge)}
        told.append(f"{protocol.name}: {events.detail}")
    raise NothingToExplain("; ".join(told))
