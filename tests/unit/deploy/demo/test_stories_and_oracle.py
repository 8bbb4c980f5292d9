"""The stories' truth against the oracle, which deals out the same events by the rules alone."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from deploy.demo.citizens import History, history
from deploy.demo.desks import desks
from deploy.demo.story import Fate, JourneyTruth, Sending
from schemas.catalogue import load
from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import COMPLETE_OUTCOMES, IDENTITY_OF_KIND, Outcome
from schemas.yaml_file import parse
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Accepted, Rejected
from services.ingest.domain.outcome import Outcome as Admitted
from services.ingest.domain.rules import make_rules
from services.ingest.domain.submission import Received, Submission
from tests.oracle.journeys import Journey, journeys

DEPLOY = Path("deploy")
CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted((DEPLOY / "catalogue").glob("*.yaml"))
)
RULES = make_rules(
    CATALOGUE,
    parse(Sources, (DEPLOY / "sources.yaml").read_text("utf-8"), "sources"),
    parse(Keyring, (DEPLOY / "demo-keys.yaml").read_text("utf-8"), "keys"),
)
END = datetime(2026, 9, 14, tzinfo=UTC)
HISTORY: History = history(3, 700, (END - timedelta(days=120), END), desks(CATALOGUE))


def admitted(number: int, sending: Sending) -> Admitted:
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
        received_at=END,
        uid=UUID(int=number),
        size=100,
    )
    return admit(Received(b"", submission), arrival, RULES)


ADMITTED = [(s, admitted(number, s)) for number, s in enumerate(HISTORY.sendings)]


def test_ingest_refuses_exactly_what_the_plan_says() -> None:
    refused = {(s.id, o.reason) for s, o in ADMITTED if isinstance(o, Rejected)}
    planned = {(s.id, s.reason) for s in HISTORY.sendings if s.fate is Fate.REJECTED}
    assert refused == planned


def test_the_oracle_finds_the_journeys_that_the_stories_state() -> None:
    records: list[TouchpointRecord] = [
        o.record for s, o in ADMITTED if isinstance(o, Accepted) and s.fate is not Fate.LATE
    ]
    found = Counter(by_oracle(j) for j in journeys(records, CATALOGUE))
    stated = Counter(by_story(j) for j in HISTORY.journeys)
    assert found - stated == Counter()
    assert stated - found == Counter()


def by_oracle(journey: Journey) -> tuple[object, ...]:
    first = journey.events[0].data
    return (
        first.service,
        IDENTITY_OF_KIND[first.identity_kind],
        journey.outcome,
        journey.ended,
        (journey.started, journey.submitted, journey.decided),
        (journey.first_channel, journey.resumed),
        tuple(sorted((p, at.first, at.count) for p, at in journey.touchpoints.items())),
        journey.last_touchpoint if is_lost(journey.outcome) else None,
    )


def by_story(journey: JourneyTruth) -> tuple[object, ...]:
    return (
        journey.service,
        journey.identity,
        journey.outcome,
        journey.ended,
        (journey.began, journey.submitted, journey.decided),
        (journey.first_channel, journey.resumed),
        tuple(sorted((p, stay.first, stay.count) for p, stay in journey.places.items())),
        journey.left_at if is_lost(journey.outcome) else None,
    )


def is_lost(outcome: Outcome) -> bool:
    return outcome not in COMPLETE_OUTCOMES and outcome is not Outcome.INFORMED
