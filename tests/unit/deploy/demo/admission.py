"""The demo's sendings through ingest's own admission, for tests."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from deploy.demo.story import Sending
from schemas.authority import AUTHORITY_FILE, read
from schemas.catalogue import load
from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.yaml_file import parse
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Outcome
from services.ingest.domain.rules import make_rules
from services.ingest.domain.submission import Received, Submission

_DEPLOY = Path("deploy")
CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted((_DEPLOY / "catalogue").glob("*.yaml"))
)
RULES = make_rules(
    CATALOGUE,
    parse(Sources, (_DEPLOY / "sources.yaml").read_text("utf-8"), "sources"),
    parse(Keyring, (_DEPLOY / "demo-keys.yaml").read_text("utf-8"), "keys"),
    read(AUTHORITY_FILE.read_text("utf-8"), "authority"),
)


def admitted(number: int, sending: Sending, received_at: datetime) -> Outcome:
    """What ingest decides; `number` makes the event's own id."""
    submission = Submission(
        id=sending.id,
        source=sending.origin,
        name=sending.type,
        data=json.loads(json.dumps(sending.data)),
        time=sending.time.isoformat(),
        address=sending.origin,
        user_agent=sending.attributes.get("useragent", ""),
        is_test=sending.attributes.get("test") == "true",
    )
    arrival = Arrival(
        source_id=sending.source,
        protocol="cloudevents",
        protocol_version="1.0",
        received_at=received_at,
        uid=UUID(int=number),
        size=100,
    )
    return admit(Received(b"", submission), arrival, RULES)
