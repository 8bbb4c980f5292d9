"""Where people come by, where they leave, and where they had asked for help before they left."""

from collections.abc import Iterator

from schemas.vocabulary import Outcome, Quality
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course, calls, left_at
from tests.oracle.measures.units import (
    Scoring,
    Unit,
    amount,
    apart,
    dimensions,
    hits_by_bin,
    share,
)
from tests.oracle.surveys import UNSCORED


def of_journey(course: Course) -> Iterator[Unit]:
    """Visits count at the journey's first one there, losses at the end of what had started."""
    for name, at in course.journey.touchpoints.items():
        here = dimensions(touchpoint=name)
        yield Unit("touchpoint_journeys", at.first, dimensions=here)
        yield Unit("touchpoint_events", at.first, of=at.count, dimensions=here)
    has_tried = course.journey.started is not None and course.outcome is not Outcome.INFORMED
    if course.ended is not None and has_tried:
        yield from _losses(course)


def _losses(course: Course) -> Iterator[Unit]:
    journey, ended = course.journey, course.journey.ended
    left = None if course.is_complete else left_at(journey, ended)
    for name in journey.touchpoints:
        here = dimensions(touchpoint=name)
        is_lost = left is not None and left[0] == name
        bin_ = course.outcome.value if is_lost else None
        yield Unit("step_dropoff", ended, is_lost, 1, here, bin_)
    if left is not None:
        name, at = left
        sought = any(call.time > at for call in calls(journey))
        yield Unit("help_sought", ended, sought, 1, dimensions(touchpoint=name))


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """Of unlinked people only what happened is known."""
    if place.quality is Quality.VALID and place.provenance not in UNSCORED:
        here = dimensions(touchpoint=place.touchpoint)
        yield Unit("touchpoint_events", place.hour, of=counts.actions.total(), dimensions=here)


SCORES: dict[str, Scoring] = {
    "touchpoint_journeys": apart(amount),
    "touchpoint_events": apart(amount),
    "step_dropoff": apart(hits_by_bin),
    "help_sought": apart(share),
}
