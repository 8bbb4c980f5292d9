"""What one journey, or one bucket of unlinked people, adds to which number, and when.

* started: by start. ended: by end, `informed` outside every rate. Answers: by answer time, one for
  each journey, instrument, about and touchpoint (the latest). Offers: by offer time. Moderated and
  estimated ones are in no score and no n. Visits of a touchpoint: by the journey's first one there.
* Unlinked people add to touchpoint events, opinion and the response chain, by their hour, and only
  where their quality is valid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    About,
    Action,
    Construct,
    Initiator,
    Outcome,
    Provenance,
    Quality,
    Scale,
    Stage,
)
from tests.oracle.buckets import Counts, Place
from tests.oracle.journeys import Journey

WITHIN = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
}
UNSCORED = (Provenance.MODERATED, Provenance.ESTIMATED)
SILENT_OUTCOMES = (Outcome.ABANDONED, Outcome.EXPIRED)

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Share:
    """What adds to a share: `hits` to its numerator, `of` to its denominator."""

    metric_id: str
    time: datetime
    hits: int
    of: int = 1
    dimensions: Dimensions = ()
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Answer:
    """One scored answer about satisfaction."""

    time: datetime
    dimensions: Dimensions
    scale: Scale
    answer: int
    count: int


@dataclass(frozen=True)
class Duration:
    """One journey of a duration measure; None: it is in the cohort and did not get there."""

    metric_id: str
    time: datetime
    length: timedelta | None


@dataclass(frozen=True)
class Amount:
    """A plain count."""

    metric_id: str
    time: datetime
    count: int
    dimensions: Dimensions = ()
    outcome: Outcome | None = None


Counted = Share | Answer | Duration | Amount


def of_journey(journey: Journey) -> Iterator[Counted]:
    """All that one journey counts as."""
    yield from _completion(journey)
    yield from _cohort(journey)
    yield from _durations(journey)
    yield from _touchpoints(journey)
    yield from _opinion(journey)
    yield from _response(journey)


def of_bucket(place: Place, counts: Counts) -> Iterator[Counted]:
    """All that the unlinked people of one bucket count as."""
    if place.quality is not Quality.VALID:
        return
    here = (("touchpoint", place.touchpoint),)
    yield Amount("touchpoint_events", place.hour, counts.actions.total(), here)
    if place.provenance in UNSCORED:
        return
    for instrument in sorted({instrument for instrument, _ in counts.chain}):
        answered = counts.chain[instrument, Action.ANSWERED]
        offered = counts.chain[instrument, Action.OFFERED]
        yield Share("response_rate", place.hour, answered, offered, _named(instrument))
    for answered_as, count in counts.answers.items():
        about, construct, scale, wording, named, answer = answered_as
        if construct is Construct.SATISFACTION:
            question = (About(str(about)), str(named), Scale(str(scale)), wording)
            dimensions = _question(question, place.touchpoint)
            assert isinstance(answer, int)
            yield Answer(place.hour, dimensions, Scale(str(scale)), answer, count)


def _completion(journey: Journey) -> Iterator[Counted]:
    outcome, ended = journey.outcome, journey.ended
    yield Amount("journeys_ended", ended, 1, outcome=outcome)
    if outcome is Outcome.INFORMED:
        return
    yield Share("completion_rate.live", ended, outcome in COMPLETE_OUTCOMES)
    yield Share("abandonment_rate", ended, outcome in SILENT_OUTCOMES)
    yield Share("undecided_rate", ended, outcome is Outcome.UNDECIDED)


def _cohort(journey: Journey) -> Iterator[Counted]:
    start = journey.started
    if start is None:
        return
    is_complete = journey.outcome in COMPLETE_OUTCOMES
    yield Amount("journeys_started", start, 1)
    yield Share("completion_rate.gds", start, is_complete)
    for name, within in WITHIN.items():
        is_in_time = is_complete and journey.ended - start <= within
        yield Share(f"completion_within.{name}", start, is_in_time)


def _durations(journey: Journey) -> Iterator[Counted]:
    start, is_complete = journey.started, journey.outcome in COMPLETE_OUTCOMES
    if start is not None:
        length = journey.ended - start if is_complete else None
        yield Duration("time_to_complete.started", start, length)
        if is_complete:
            yield Duration("time_to_complete.completed", journey.ended, length)
    submitted, decided = journey.submitted, journey.decided
    if submitted is not None and decided is not None and decided >= submitted:
        yield Duration("time_to_decision", decided, decided - submitted)


def _touchpoints(journey: Journey) -> Iterator[Counted]:
    for name, visited in journey.touchpoints.items():
        here = (("touchpoint", name),)
        yield Amount("touchpoint_journeys", visited.first, 1, here)
        yield Amount("touchpoint_events", visited.first, visited.count, here)
        if journey.started is not None and journey.outcome is not Outcome.INFORMED:
            is_lost = journey.outcome not in COMPLETE_OUTCOMES and _left_at(journey) == name
            yield Share("step_dropoff", journey.ended, is_lost, 1, here, journey.outcome)


def _left_at(journey: Journey) -> str | None:
    """Where in the transaction the citizen was last seen by the end, as far as the first and the
    last event at each touchpoint tell: what lies between them is not told.
    """
    last, ended = journey.last_touchpoint, journey.ended
    if last is None or journey.touchpoints[last].last <= ended:
        return last
    seen: dict[str, datetime] = {}
    for event in journey.events:
        place, first = event.data.touchpoint, journey.touchpoints[event.data.touchpoint].first
        is_citizens = event.data.initiator is Initiator.CITIZEN
        is_first = event is next(e for e in journey.events if e.data.touchpoint == place)
        if is_first and is_citizens and event.data.stage is Stage.TRANSACTION and first <= ended:
            latest = journey.touchpoints[place].last
            seen[place] = latest if latest <= ended else first
    return max(seen, key=lambda place: seen[place]) if seen else None


def _opinion(journey: Journey) -> Iterator[Counted]:
    latest: dict[tuple[object, ...], TouchpointRecord] = {}
    for event in journey.survey:
        told = event.data.feedback
        assert told is not None
        is_scored = event.data.provenance not in UNSCORED
        is_answer = event.data.action is Action.ANSWERED and told.answer is not None
        if is_answer and is_scored and told.construct is Construct.SATISFACTION:
            latest[told.instrument, told.about, event.data.touchpoint] = event
    for event in latest.values():
        told = event.data.feedback
        assert told is not None
        assert told.scale is not None
        assert told.answer is not None
        question = (told.about, told.instrument, told.scale, told.wording)
        dimensions = _question(question, event.data.touchpoint)
        yield Answer(event.time, dimensions, told.scale, told.answer, 1)


def _response(journey: Journey) -> Iterator[Counted]:
    steps = [e for e in journey.survey if e.data.provenance not in UNSCORED]
    for offer in steps:
        told = offer.data.feedback
        if offer.data.action is Action.OFFERED and told is not None:
            answered = any(_answers(step, offer) for step in steps)
            yield Share("response_rate", offer.time, answered, 1, _named(told.instrument))


def _answers(step: TouchpointRecord, offer: TouchpointRecord) -> bool:
    asked, told = offer.data.feedback, step.data.feedback
    if asked is None or told is None or step.data.action is not Action.ANSWERED:
        return False
    if asked.instrument != told.instrument:
        return False
    if asked.offer_id is not None:
        return asked.offer_id == told.offer_id
    return step.time >= offer.time


def _named(instrument: str) -> Dimensions:
    return (("instrument", instrument),)


def _question(question: tuple[About, str, Scale, object], touchpoint: str) -> Dimensions:
    about, instrument, scale, wording = question
    named = {
        "construct": Construct.SATISFACTION.value,
        "instrument": instrument,
        "scale": scale.value,
    }
    if wording is not None:
        named["wording"] = str(wording)
    if about is About.TOUCHPOINT:
        named["touchpoint"] = touchpoint
    return tuple(sorted(named.items()))
