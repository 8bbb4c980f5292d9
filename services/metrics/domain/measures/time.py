"""How long it takes: to completion, to the decision, to the follow-up, and in each stage."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Stage, Unit
from services.metrics.domain.durations import (
    bucket_of,
    in_order,
    quantile,
    quantile_interval,
    seconds_between,
)
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.completion import COHORT
from services.metrics.domain.measures.course import end_of, is_complete
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
)

COMPLETED = "duration"  # start to end of complete journeys, by end
COHORT_COMPLETED = "cohort_duration"  # the same, by start
FROM_NEED = "whole_duration"  # opening to end of complete journeys, by end
DECIDED = "decision"  # first submission to decision, by decision
FOLLOWED_UP = "follow_up"  # decision to the first follow-up after it, by that
IN_STAGE = "in_stage"  # from the first event of a stage to that of the next, or to the end; by end

_FEWEST_COMPLETED = 10
_time = attrgetter("time")
_SHARES = {"p50": 0.5, "p90": 0.9}


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey."""
    ended, decided = end_of(journey), journey.decided
    if ended is None and decided is None:
        return ()
    return _of_spans(journey, ended, decided)


def _of_spans(
    journey: JourneySnapshot, ended: datetime | None, decided: datetime | None
) -> Iterator[Amount]:
    if ended is not None:
        if is_complete(journey):
            yield from _completion(journey, ended)
        yield from _stages(journey, ended)
    if decided is not None:
        if journey.submitted is not None:
            yield decided, cell(DECIDED, "", _taken(journey.submitted, decided)), 1
        yield from _follow_up(journey, decided)


def _completion(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    yield ended, cell(FROM_NEED, "", _taken(journey.opened, ended)), 1
    if journey.started is not None:
        bucket = _taken(journey.started, ended)
        yield ended, cell(COMPLETED, "", bucket), 1
        yield journey.started, cell(COHORT_COMPLETED, "", bucket), 1


def _taken(earlier: datetime, later: datetime) -> str:
    return bucket_of(seconds_between(earlier, later))


def _stages(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    """What comes after the end is no part of it: a stage that began later has not been in it. Of
    two that began at one instant the snapshot says which came first.
    """
    begun = sorted((m for m in journey.milestones if m.time <= ended), key=_time)
    until = [*(m.time for m in begun[1:]), ended]
    for milestone, later in zip(begun, until, strict=False):
        yield ended, cell(IN_STAGE, milestone.stage, _taken(milestone.time, later)), 1


def _follow_up(journey: JourneySnapshot, decided: datetime) -> Iterator[Amount]:
    for milestone in journey.milestones:
        if milestone.stage is Stage.FOLLOW_UP and milestone.time > decided:
            taken = _taken(decided, milestone.time)
            yield milestone.time, cell(FOLLOWED_UP, "", taken), 1


def of_bucket(_bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people have no journeys, so no durations."""
    return iter(())


def _among(measure: str, fewest: int, quantile_share: float, reading: Reading) -> Score:
    counts = in_order(reading.bins(measure))
    n = sum(counts.values())
    sums = Score(n, numerator=n, distribution=counts)
    return _ranked(sums, quantile_share, n) if n >= fewest else sums


def _of_cohort(quantile_share: float, reading: Reading) -> Score:
    counts = in_order(reading.bins(COHORT_COMPLETED))
    started, done = sum(reading.bins(COHORT).values()), sum(counts.values())
    sums = Score(started, done, started, distribution=counts)
    return _ranked(sums, quantile_share, started) if started > 0 else sums


def _ranked(sums: Score, quantile_share: float, population: int) -> Score:
    counts = sums.distribution or {}
    value = quantile(counts, quantile_share, population)
    low, high = quantile_interval(counts, quantile_share, population)
    method = None if low is None else Method.RANKS
    return replace(sums, value=value, low=low, high=high, method=method)


def _both(
    metric_id: str,
    reads: tuple[str, ...],
    score: Callable[[float, Reading], Score],
    means: str,
    **more: Any,
) -> Iterator[Formula]:
    for name, quantile_share in _SHARES.items():
        said = f"{means} {_SAID[name]}"
        this = partial(score, quantile_share)
        yield _formula(f"{metric_id}.{name}", reads, this, means=said, **more)


_SAID = {"p50": "Half took no longer.", "p90": "Nine in ten took no longer."}
_formula = partial(Formula, unit=Unit.SECONDS, periods=FROM_DAYS)
FORMULAS = (
    *_both(
        "time_to_complete.completed",
        (COMPLETED,),
        partial(_among, COMPLETED, _FEWEST_COMPLETED),
        "Of the completed: time from start to end. It says nothing of the others.",
    ),
    *_both(
        "time_to_complete.started",
        (COHORT, COHORT_COMPLETED),
        _of_cohort,
        "Of all who started in the period: time to completion, null when too few got there.",
        when=When.START,
    ),
    *_both(
        "time_to_complete.from_need",
        (FROM_NEED,),
        partial(_among, FROM_NEED, _FEWEST_COMPLETED),
        "Of the completed: time from the first event of all to the end, the whole problem.",
    ),
    *_both(
        "time_to_decision",
        (DECIDED,),
        partial(_among, DECIDED, 1),
        "Time from the first submission to the decision.",
        when=When.DECISION,
    ),
    *_both(
        "time_to_follow_up",
        (FOLLOWED_UP,),
        partial(_among, FOLLOWED_UP, 1),
        "Time from the decision to the first event of the follow-up, where that came after it.",
        when=When.FOLLOW_UP,
    ),
    *_both(
        "time_in_stage",
        (IN_STAGE,),
        partial(_among, IN_STAGE, 1),
        "Of ended journeys: time from the first event of a stage to the first of the next one, or "
        "to the end.",
        labels=("stage",),
    ),
)
TIME = Family("time", of_journey, of_bucket, FORMULAS)
