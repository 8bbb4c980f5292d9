"""Counters for operations: flows as they are processed, without period or clock.

A count that can be revised is exported as two counters that only grow. Opinion is by service
only: an answer at a touchpoint that goes up at 14:03 is one person seen by a clerk.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from schemas.catalogue import OTHER
from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import (
    SCALE_RANGE,
    Action,
    Identity,
    Outcome,
    Quality,
    Scale,
    Status,
    Turn,
)
from services.metrics.domain.durations import seconds_between
from services.metrics.domain.measures.course import is_complete
from services.metrics.domain.measures.steps import NEVER_SCORED, counted, latest_answers
from services.metrics.domain.rules import NO_CHANNEL, ServiceRules

STARTED, RESUMED, ENDED = "journeys_started", "journeys_resumed", "journeys_ended"
OFFERED, COMPLETED, DISMISSED = "survey_offered", "survey_completed", "survey_dismissed"
ANSWERS, EVENTS, OPEN = "survey_answers", "touchpoint_events", "open_journeys"
DURATION, DURATION_SUM = "journey_duration", "journey_duration_sum"
DURATION_BOUNDS = (60, 600, 3600, 86400, 604800, 2419200, 7776000, 31536000)  # 1 min to 1 year
ENDLESS = "+Inf"

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """A pair of counters: its name without prefix and suffix, and its labels."""

    name: str
    labels: Labels
    help: str


_SERVICE = ("agency", "service")
_BY_CHANNEL = (*_SERVICE, "channel")
_BY_INSTRUMENT = (*_SERVICE, "instrument")
FLOWS = (
    Flow(STARTED, _BY_CHANNEL, "Journeys that started; a resume is not a start."),
    Flow(RESUMED, _BY_CHANNEL, "Times that a journey was resumed."),
    Flow(ENDED, (*_BY_CHANNEL, "outcome", "identity"), "Journeys that ended, each once."),
    Flow(OFFERED, _BY_INSTRUMENT, "Survey offers."),
    Flow(COMPLETED, _BY_INSTRUMENT, "Surveys answered."),
    Flow(DISMISSED, _BY_INSTRUMENT, "Survey offers dismissed."),
    Flow(ANSWERS, (*_SERVICE, "construct", "scale", "answer"), "Answers given."),
    Flow(EVENTS, (*_SERVICE, "stage", "touchpoint", "quality"), "Touchpoint events, by quality."),
)
GAUGE = Flow(OPEN, (*_SERVICE, "turn"), "Journeys that are open now, by whose turn it is.")
HISTOGRAM = Flow(DURATION, (*_SERVICE, "le"), "Seconds from start to completion.")
HISTOGRAM_SUM = Flow(DURATION_SUM, _SERVICE, "Sum of those seconds.")


def counter(name: str, *labels: str) -> str:
    """The key of one counter."""
    return "|".join((name, *labels))


def name_and_labels(key: str) -> tuple[str, Labels]:
    """A counter's key taken apart."""
    name, *labels = key.split("|")
    return name, tuple(labels)


def of_journey(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[tuple[str, int]]:
    """What one journey adds to the counters."""
    yield from _course(journey, rules)
    yield from _survey(journey, rules)
    for visit in journey.touchpoints:
        yield _events(visit.touchpoint, Quality.VALID, rules), visit.count


def _course(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[tuple[str, int]]:
    service = (rules.agency, rules.service)
    by_channel = (*service, journey.first_channel or NO_CHANNEL)
    if journey.status is Status.OPEN:
        yield counter(OPEN, *service, journey.turn), 1
    if journey.started is not None:
        yield counter(STARTED, *by_channel), 1
    if journey.resumed:
        yield counter(RESUMED, *by_channel), journey.resumed
    if journey.ended is None or journey.outcome is Outcome.OPEN:
        return
    yield counter(ENDED, *by_channel, journey.outcome, journey.identity), 1
    if journey.started is not None and is_complete(journey):
        seconds = seconds_between(journey.started, journey.ended)
        yield counter(DURATION, *service, _bound_of(seconds)), 1
        yield counter(DURATION_SUM, *service), round(seconds)


def _bound_of(seconds: float) -> str:
    return next((str(bound) for bound in DURATION_BOUNDS if seconds <= bound), ENDLESS)


def _survey(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[tuple[str, int]]:
    if not journey.survey:
        return
    service = (rules.agency, rules.service)
    steps = counted(journey.survey)
    answers = latest_answers(steps)
    for step in steps:
        if step.action is Action.OFFERED or step.action is Action.DISMISSED:
            name = OFFERED if step.action is Action.OFFERED else DISMISSED
            yield counter(name, *service, rules.instrument_label(step.instrument)), 1
    for instrument, _, _ in {(a.instrument, a.about, a.touchpoint) for a in answers}:
        yield counter(COMPLETED, *service, rules.instrument_label(instrument)), 1
    for a in answers:
        yield counter(ANSWERS, *service, str(a.construct), str(a.scale), str(a.answer)), 1


def of_bucket(bucket: Bucket, rules: ServiceRules) -> Iterator[tuple[str, int]]:
    """What one bucket of unlinked events adds to the counters."""
    yield _events(bucket.touchpoint, bucket.quality, rules), sum(bucket.actions.values())
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    service = (rules.agency, rules.service)
    for chain in bucket.chain:
        instrument = rules.instrument_label(chain.instrument)
        yield counter(OFFERED, *service, instrument), chain.offered
        yield counter(COMPLETED, *service, instrument), chain.answered
        yield counter(DISMISSED, *service, instrument), chain.dismissed
    for a in bucket.answers:
        yield counter(ANSWERS, *service, a.construct, a.scale, str(a.answer)), a.count


def _events(touchpoint: str, quality: Quality, rules: ServiceRules) -> str:
    known = rules.touchpoint_label(touchpoint)
    stage = rules.touchpoints[known]
    return counter(EVENTS, rules.agency, rules.service, stage, known, quality)


def expected(rules: ServiceRules) -> Mapping[str, tuple[Labels, ...]]:
    """The label sets every counter of a service has from the first scrape on, at 0."""
    service = (rules.agency, rules.service)
    outcomes = [o.value for o in Outcome if o is not Outcome.OPEN]
    identities = (Identity.LINKED.value, Identity.PARTIAL.value)
    by_channel = tuple((*service, channel) for channel in rules.channels)
    by_instrument = tuple((*service, i) for i in sorted({*rules.instruments, OTHER}))
    return {
        STARTED: by_channel,
        RESUMED: by_channel,
        ENDED: tuple((*b, o, i) for b, o, i in product(by_channel, outcomes, identities)),
        OFFERED: by_instrument,
        COMPLETED: by_instrument,
        DISMISSED: by_instrument,
        ANSWERS: tuple((*service, *answer) for answer in _answers(rules)),
        EVENTS: tuple(
            (*service, stage, touchpoint, quality.value)
            for (touchpoint, stage), quality in product(rules.touchpoints.items(), Quality)
        ),
        OPEN: tuple((*service, turn.value) for turn in Turn),
        DURATION: tuple((*service, le) for le in (*map(str, DURATION_BOUNDS), ENDLESS)),
        DURATION_SUM: (service,),
    }


def _answers(rules: ServiceRules) -> Iterator[Labels]:
    for construct, scale in sorted(rules.questions):
        low, high = SCALE_RANGE[Scale(scale)]
        for answer in range(low, high + 1):
            yield construct, scale, str(answer)
