"""How long journeys take."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from deploy.demo.facts import JourneyTruth
from deploy.demo.truth.parts import Dimensions, Part, duration_bucket, named
from schemas.vocabulary import COMPLETE_OUTCOMES, Stage

QUANTILES = {"p50": 50, "p90": 90}
_BEGUN, _DONE = "time_to_complete.started", "time_to_complete.completed"


def of_journey(journey: JourneyTruth) -> Iterator[Part]:
    """The waits of one journey."""
    ended, began = journey.ended, journey.began
    is_complete = journey.outcome in COMPLETE_OUTCOMES
    if is_complete:
        yield from _took("time_to_complete.from_need", ended, ended - journey.opened)
    if began is not None:
        yield from _took(_BEGUN, began, ended - began if is_complete else None)
        if is_complete:
            yield from _took(_DONE, ended, ended - began)
    yield from _after_the_decision(journey)
    yield from _in_stages(journey)


def _after_the_decision(journey: JourneyTruth) -> Iterator[Part]:
    decided, submitted = journey.decided, journey.submitted
    if decided is None:
        return
    if submitted is not None:
        yield from _took("time_to_decision", decided, decided - submitted)
    followed = journey.milestones.get(Stage.FOLLOW_UP)
    if followed is not None and followed > decided:
        yield from _took("time_to_follow_up", followed, followed - decided)


def _in_stages(journey: JourneyTruth) -> Iterator[Part]:
    ended = journey.ended
    begun = sorted((at, stage.value) for stage, at in journey.milestones.items() if at <= ended)
    until = [*(at for at, _ in begun[1:]), ended]
    for (at, stage), later in zip(begun, until, strict=False):
        yield from _took("time_in_stage", ended, later - at, named(stage=stage))


def _took(
    metric: str, time: datetime, length: timedelta | None, dimensions: Dimensions = ()
) -> Iterator[Part]:
    cell = None if length is None else duration_bucket(length)
    for name in QUANTILES:
        yield Part(f"{metric}.{name}", time, int(length is not None), 1, cell, dimensions)
