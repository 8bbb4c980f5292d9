"""How long it takes: to completion, to the decision, to the follow-up, and in each stage."""

from collections.abc import Iterator
from datetime import datetime

from schemas.vocabulary import Stage
from tests.oracle.courses import Course
from tests.oracle.measures.units import Scoring, Unit, dimensions, quantiles

FEWEST_COMPLETED = 10


def of_journey(course: Course) -> Iterator[Unit]:
    """Each by the instant it was over, but for the cohort, which is by start."""
    journey = course.journey
    start, ended = journey.started, course.ended
    if start is not None:
        length = journey.ended - start if course.is_complete else None
        yield Unit("time_to_complete.started", start, length=length)
    if ended is not None:
        if course.is_complete:
            yield Unit("time_to_complete.from_need", ended, length=ended - journey.opened)
            if start is not None:
                yield Unit("time_to_complete.completed", ended, length=ended - start)
        yield from _stages(course, ended)
    yield from _decision(course)


def _decision(course: Course) -> Iterator[Unit]:
    journey = course.journey
    submitted, decided = journey.submitted, journey.decided
    if decided is None:
        return
    if submitted is not None:
        yield Unit("time_to_decision", decided, length=decided - submitted)
    followed = journey.milestones.get(Stage.FOLLOW_UP)
    if followed is not None and followed > decided:
        yield Unit("time_to_follow_up", followed, length=followed - decided)


def _stages(course: Course, ended: datetime) -> Iterator[Unit]:
    """From the first event of each stage to the first of the next one; a stage that began after
    the end is no part of the journey's time.
    """
    first = course.journey.milestones
    begun: list[Stage] = []
    for event in course.journey.events:
        stage = event.data.stage
        if stage not in begun and first[stage] <= ended:
            begun.append(stage)
    until = [*(first[stage] for stage in begun[1:]), ended]
    for stage, later in zip(begun, until, strict=False):
        here = dimensions(stage=stage)
        yield Unit("time_in_stage", ended, dimensions=here, length=later - first[stage])


SCORES: dict[str, Scoring] = {
    "time_to_complete.completed": quantiles(FEWEST_COMPLETED),
    "time_to_complete.started": quantiles(),
    "time_to_complete.from_need": quantiles(FEWEST_COMPLETED),
    "time_to_decision": quantiles(),
    "time_to_follow_up": quantiles(),
    "time_in_stage": quantiles(),
}
