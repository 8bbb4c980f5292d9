"""The stories' truth against the oracle, which deals out the same events by the rules alone."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from deploy.demo.citizens import history
from deploy.demo.desks import desks
from deploy.demo.facts import JourneyTruth
from deploy.demo.story import Fate
from schemas.vocabulary import COMPLETE_OUTCOMES, IDENTITY_OF_KIND, Outcome
from services.ingest.domain.outcome import Accepted, Rejected
from tests.oracle.journeys import Journey, journeys
from tests.unit.deploy.demo.admission import CATALOGUE, admitted

END = datetime(2026, 9, 14, tzinfo=UTC)
HISTORY = history(3, 700, (END - timedelta(days=120), END), desks(CATALOGUE))
ADMITTED = [(s, admitted(number, s, END)) for number, s in enumerate(HISTORY.sendings)]


def test_ingest_refuses_exactly_what_the_plan_says() -> None:
    refused = {(s.id, o.reason) for s, o in ADMITTED if isinstance(o, Rejected)}
    planned = {(s.id, s.reason) for s in HISTORY.sendings if s.fate is Fate.REJECTED}
    assert refused == planned


def test_the_oracle_finds_the_journeys_that_the_stories_state() -> None:
    records = [o.record for s, o in ADMITTED if isinstance(o, Accepted) and s.fate is not Fate.LATE]
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
        tuple(sorted((p, stay.first, stay.count) for p, stay in journey.met.items())),
        journey.left.place if journey.left and is_lost(journey.outcome) else None,
    )


def is_lost(outcome: Outcome) -> bool:
    return outcome not in COMPLETE_OUTCOMES and outcome is not Outcome.INFORMED
