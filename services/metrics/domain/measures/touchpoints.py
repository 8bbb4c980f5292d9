"""Where people come by, where they leave, and where they had asked for help before they left."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Level, Outcome, Quality, Unit
from services.metrics.domain.measures.course import calls, end_of, is_complete, last_step
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    count,
    held,
    share,
)
from services.metrics.domain.measures.steps import NEVER_SCORED

VISITED = "visited"  # journeys that visited a touchpoint, by first visit
EVENTS = "events"  # valid touchpoint events
REACHED = "reached"  # ended journeys that reached a touchpoint, by end: `IN_RATES` or `APART`
LOST = "lost"  # of those in rates, not completed and last seen there, by outcome
HELPED = "helped"  # of the lost, those that had asked for help since their last visit there
IN_RATES, APART = "", "apart"


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey."""
    for visit in journey.touchpoints:
        yield visit.first, cell(EVENTS, visit.touchpoint), visit.count
        yield visit.first, cell(VISITED, visit.touchpoint), 1
    ended = end_of(journey)
    if ended is None:
        return
    is_apart = journey.started is None or journey.outcome is Outcome.INFORMED
    rates = APART if is_apart else IN_RATES
    for visit in journey.touchpoints:
        yield ended, cell(REACHED, visit.touchpoint, rates), 1
    if not is_apart and not is_complete(journey):
        yield from _loss(journey, ended)


def _loss(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    left = last_step(journey, ended)
    if left is None:
        return
    yield ended, cell(LOST, left.touchpoint, journey.outcome), 1
    left_at = left.last if left.last <= ended else left.first
    if any(call.time > left_at for call in calls(journey)):
        yield ended, cell(HELPED, left.touchpoint), 1


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people count as touchpoint events only: nobody knows their journeys."""
    if bucket.quality is Quality.VALID and bucket.provenance not in NEVER_SCORED:
        yield bucket.hour, cell(EVENTS, bucket.touchpoint), sum(bucket.actions.values())


def _count_of(measure: str, reading: Reading) -> Score:
    return count(sum(reading.bins(measure).values()))


def _dropoff(reading: Reading) -> Score:
    lost = held(reading.bins(LOST))
    return share(sum(lost.values()), reading.bins(REACHED).get(IN_RATES, 0), lost)


def _help_sought(reading: Reading) -> Score:
    return share(sum(reading.bins(HELPED).values()), sum(reading.bins(LOST).values()))


_formula = partial(Formula, labels=("touchpoint",), level=Level.TOUCHPOINT)
FORMULAS = (
    _formula(
        "touchpoint_journeys",
        (VISITED,),
        partial(_count_of, VISITED),
        means="Journeys that visited the touchpoint, by their first visit.",
        unit=Unit.COUNT,
        when=When.EVENT,
    ),
    _formula(
        "touchpoint_events",
        (EVENTS,),
        partial(_count_of, EVENTS),
        means="Valid events at the touchpoint, those of unlinked people too.",
        unit=Unit.COUNT,
        when=When.EVENT,
    ),
    _formula(
        "step_dropoff",
        (REACHED, LOST),
        _dropoff,
        means="Of the started journeys that reached the touchpoint and ended, the share that was "
        "not completed and was last seen there before its end, by outcome.",
    ),
    _formula(
        "help_sought",
        (LOST, HELPED),
        _help_sought,
        means="Of the journeys that were lost at the touchpoint, the share whose citizen made "
        "contact after the last visit there.",
        periods=FROM_DAYS,
    ),
)
TOUCHPOINTS = Family("touchpoints", of_journey, of_bucket, FORMULAS)
