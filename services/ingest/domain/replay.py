"""A rejection, looked at again: its original, by the rules as they are now."""

import hashlib
import re
from enum import StrEnum
from uuid import UUID

from cryptography.exceptions import InvalidTag

from schemas.rejection import Rejection
from schemas.sources import Source
from services.ingest.domain import csv_log, inbox
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Outcome, Rejected
from services.ingest.domain.protocols import PROTOCOLS, addressed
from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS
from services.ingest.domain.protocols.protocol import Malformed, Protocol, Request
from services.ingest.domain.rules import Rules
from services.ingest.domain.sealing import unseal
from services.ingest.domain.submission import Received

# What came by Kafka is a CloudEvent.
_BY_NAME = {protocol.name: protocol for protocol in PROTOCOLS} | {inbox.PROTOCOL: CLOUDEVENTS}
_NAMED = re.compile(r"\{\w+\}")


class Unreplayable(StrEnum):
    """Why a rejection cannot be looked at again."""

    NO_ORIGINAL = "was accepted here, and refused by journey"
    OTHER_KEY = "sealed under another key"
    IMPORTED = "a row of a log: mend the mapping, and import it under a new clock"
    FILLED_IN = "filled in on a page of ours, which said at once what was wrong"
    UNREADABLE = "no event that its protocol can read"


def opened(rejection: Rejection, rules: Rules) -> bytes | Unreplayable:
    """The original. Raises nothing."""
    if rejection.original is None:
        return Unreplayable.NO_ORIGINAL
    try:
        return unseal(rules.sealing, rejection.original)
    except (InvalidTag, ValueError):
        return Unreplayable.OTHER_KEY


def read_again(rejection: Rejection, rules: Rules) -> tuple[Received, Arrival] | Unreplayable:
    """The event, and its arrival: when it came and not now, so that it is no older than it was, and
    under a `uid` that is the same each time, from which an id may be made.
    """
    original = opened(rejection, rules)
    if isinstance(original, Unreplayable):
        return original
    protocol = _BY_NAME.get(rejection.protocol)
    if protocol is None:
        is_row = rejection.protocol == csv_log.PROTOCOL
        return Unreplayable.IMPORTED if is_row else Unreplayable.FILLED_IN
    path = _NAMED.sub(rejection.source, protocol.paths[0])
    request = addressed(Request({}, protocol.alone(original), path=path), rules.hooks)
    events = protocol.read(request)
    if isinstance(events, Malformed) or len(events) != 1:
        return Unreplayable.UNREADABLE
    if not _is_from(rules.sources.get(rejection.source), protocol, request):
        still = Rejected(rejection.reason, rejection.detail, rejection.subject)
        events = (Received(original, still),)
    return events[0], _arrival(rejection, protocol, len(original))


def reconsider(rejection: Rejection, rules: Rules) -> Outcome | Unreplayable:
    """What would become of the event now. Pure; raises nothing."""
    found = read_again(rejection, rules)
    return found if isinstance(found, Unreplayable) else admit(*found, rules)


def _is_from(source: Source | None, protocol: Protocol, request: Request) -> bool:
    """Whether the key in it, if there is one, is its source's: in a bulk there may be others'."""
    told = protocol.credential(request)
    if told is None or source is None:
        return True
    hashed = hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()
    return told in source.write_keys.get(protocol.name, ()) or hashed in source.token_sha256


def _arrival(rejection: Rejection, protocol: Protocol, size: int) -> Arrival:
    nonce = rejection.original.nonce if rejection.original else ""
    drawn = hashlib.sha256(f"{rejection.source}/{nonce}".encode()).digest()[:16]
    return Arrival(
        source_id=rejection.source,
        protocol=rejection.protocol,
        protocol_version=protocol.version,
        received_at=rejection.at,
        uid=UUID(bytes=drawn, version=4),
        size=size,
    )
