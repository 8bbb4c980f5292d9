"""How long it takes: from start to completion, and from submission to decision."""

from collections.abc import Callable, Iterator
from functools import partial

from schemas.journey import Bucket, JourneySnapshot
from services.metrics.domain.durations import bucket_of, in_order, quantile, seconds_between
from services.metrics.domain.measures.completion import COHORT
from services.metrics.domain.measures.course import is_complete
from services.metrics.domain.measures.family import Amount, Family, Formula, Reading, Score, cell

COMPLETED = "duration"  # start to end of complete journeys, by end
COHORT_COMPLETED = "cohort_duration"  # the same, by start
DECIDED = "decision"  # first submission to decision, by decision
_FEWEST_COMPLETED = 10
_SHARES = {"p50": 0.5, "p90": 0.9}


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey."""
    started, ended = journey.started, journey.ended
    if started is not None and ended is not None and is_complete(journey):
        bucket = bucket_of(seconds_between(started, ended))
        yield Amount(ended, cell(COMPLETED, bin_=bucket))
        yield Amount(started, cell(COHORT_COMPLETED, bin_=bucket))
    if journey.submitted is not None and journey.decided is not None:
        bucket = bucket_of(seconds_between(journey.submitted, journey.decided))
        yield Amount(journey.decided, cell(DECIDED, bin_=bucket))


def of_bucket(_bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people have no journeys, so no durations."""
    return iter(())


def _among(measure: str, fewest: int, quantile_share: float, reading: Reading) -> Score:
    counts = in_order(reading.bins(measure))
    n = sum(counts.values())
    value = quantile(counts, quantile_share, n) if n >= fewest else None
    return Score(n, numerator=n, value=value, distribution=counts)


def _of_cohort(quantile_share: float, reading: Reading) -> Score:
    counts = in_order(reading.bins(COHORT_COMPLETED))
    started, done = sum(reading.bins(COHORT).values()), sum(counts.values())
    value = quantile(counts, quantile_share, started)
    return Score(started, done, started, value, distribution=counts)


def _both(
    metric_id: str, reads: tuple[str, ...], score: Callable[[float, Reading], Score]
) -> Iterator[Formula]:
    for name, quantile_share in _SHARES.items():
        yield Formula(f"{metric_id}.{name}", reads, partial(score, quantile_share))


FORMULAS = (
    *_both(
        "time_to_complete.completed", (COMPLETED,), partial(_among, COMPLETED, _FEWEST_COMPLETED)
    ),
    *_both("time_to_complete.started", (COHORT, COHORT_COMPLETED), _of_cohort),
    *_both("time_to_decision", (DECIDED,), partial(_among, DECIDED, 1)),
)
TIME = Family("time", of_journey, of_bucket, FORMULAS)
