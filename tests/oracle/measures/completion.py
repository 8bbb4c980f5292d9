"""How journeys begin and end: starts, completion, abandonment, and who was informed."""

from collections.abc import Iterator
from datetime import timedelta

from schemas.vocabulary import Construct, Outcome, Stage
from tests.oracle.courses import Course, calls
from tests.oracle.measures.units import Scoring, Unit, amount, amount_by_bin, apart, share
from tests.oracle.surveys import standing_answers

WITHIN = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
}
_SILENT = (Outcome.ABANDONED, Outcome.EXPIRED)


def of_journey(course: Course) -> Iterator[Unit]:
    """By start, whoever started; by end, whoever ended: the informed are outside every rate."""
    yield from _cohort(course)
    ended, outcome, journey = course.ended, course.outcome, course.journey
    if ended is None:
        return
    yield Unit("journeys_ended", ended, bin=outcome.value)
    if any(stage in journey.milestones for stage in (Stage.NEED, Stage.INFORMATION)):
        yield Unit("start_rate", ended, journey.started is not None)
    if outcome is Outcome.INFORMED:
        yield from _informed(course)
        return
    yield Unit("completion_rate.live", ended, course.is_complete)
    yield Unit("abandonment_rate", ended, outcome in _SILENT)
    yield Unit("undecided_rate", ended, outcome is Outcome.UNDECIDED)


def _cohort(course: Course) -> Iterator[Unit]:
    start = course.journey.started
    if start is None:
        return
    yield Unit("journeys_started", start)
    yield Unit("completion_rate.gds", start, course.is_complete)
    for name, within in WITHIN.items():
        is_in_time = course.is_complete and course.journey.ended - start <= within
        yield Unit(f"completion_within.{name}", start, is_in_time)


def _informed(course: Course) -> Iterator[Unit]:
    """Whether who had only asked had found it, and did not ask again within a week."""
    answers = [
        said
        for said in standing_answers(course.journey)
        if said.told.construct is Construct.TASK_SUCCESS
    ]
    if answers and course.ended is not None:
        last = answers[-1]
        since = [call.time - last.event.time for call in calls(course.journey)]
        asked_again = any(timedelta(0) < span <= timedelta(days=7) for span in since)
        yield Unit("information_success", course.ended, last.told.answer == 1 and not asked_again)


SCORES: dict[str, Scoring] = {
    "journeys_started": apart(amount),
    "journeys_ended": apart(amount_by_bin),
    "completion_rate.gds": apart(share),
    "completion_rate.live": apart(share),
    **{f"completion_within.{name}": apart(share) for name in WITHIN},
    "abandonment_rate": apart(share),
    "undecided_rate": apart(share),
    "start_rate": apart(share),
    "information_success": apart(share),
}
