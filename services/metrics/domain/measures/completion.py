"""How journeys end: completion, abandonment, where people leave, and how many came by."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import COMPLETE_OUTCOMES, Level, Outcome, Quality
from services.metrics.domain.measures.family import (
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    cell,
    count,
    held,
    share,
)

COHORT = "cohort"  # started journeys by outcome, in the period they started in
ENDED = "ended"  # ended journeys by outcome, in the period they ended in
WITHIN = "within"  # completed journeys by the shortest horizon they met, by start
VISITED = "visited"  # journeys that visited a touchpoint, by first visit
EVENTS = "events"  # valid touchpoint events
REACHED = "reached"  # ended started journeys that reached a touchpoint, by end
LOST = "lost"  # of those, not completed and last seen there, by outcome

HORIZONS = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
}
_COMPLETE = frozenset(outcome.value for outcome in COMPLETE_OUTCOMES)


def is_complete(journey: JourneySnapshot) -> bool:
    """Whether the service did what it should."""
    return journey.outcome in COMPLETE_OUTCOMES


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey."""
    yield from _at_start(journey)
    yield from _at_end(journey)
    yield from _at_touchpoints(journey)


def _at_start(journey: JourneySnapshot) -> Iterator[Amount]:
    started = journey.started
    if started is None:
        return
    yield Amount(started, cell(COHORT, bin_=journey.outcome))
    if is_complete(journey) and journey.ended is not None:
        met = [name for name, span in HORIZONS.items() if journey.ended - started <= span]
        if met:
            yield Amount(started, cell(WITHIN, bin_=met[0]))


def _at_end(journey: JourneySnapshot) -> Iterator[Amount]:
    ended, outcome = journey.ended, journey.outcome
    if ended is None or outcome is Outcome.OPEN:
        return
    yield Amount(ended, cell(ENDED, bin_=outcome))
    if journey.started is None or outcome is Outcome.INFORMED:
        return
    for touchpoint in {visit.touchpoint for visit in journey.touchpoints}:
        yield Amount(ended, cell(REACHED, touchpoint))
    if journey.last_touchpoint is not None and not is_complete(journey):
        yield Amount(ended, cell(LOST, journey.last_touchpoint, outcome))


def _at_touchpoints(journey: JourneySnapshot) -> Iterator[Amount]:
    first: dict[str, datetime] = {}
    for visit in journey.touchpoints:
        yield Amount(visit.first, cell(EVENTS, visit.touchpoint), visit.count)
        earlier = first.get(visit.touchpoint, visit.first)
        first[visit.touchpoint] = min(earlier, visit.first)
    for touchpoint, at in first.items():
        yield Amount(at, cell(VISITED, touchpoint))


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people count as touchpoint events only: nobody knows their journeys."""
    if bucket.quality is Quality.VALID:
        yield Amount(bucket.hour, cell(EVENTS, bucket.touchpoint), sum(bucket.actions.values()))


def _gds(reading: Reading) -> Score:
    cohort = reading.bins(COHORT)
    started, done = sum(cohort.values()), _complete(cohort)
    if not reading.is_provisional or started <= 0:
        return share(done, started)
    possible = done + cohort.get(Outcome.OPEN, 0)
    low, high = done / started, possible / started
    return Score(started, done, started, low=low, high=high, method="bounds")


def _live(reading: Reading) -> Score:
    ended = reading.bins(ENDED)
    return share(_complete(ended), _decisive(ended))


def _within(horizon: str, reading: Reading) -> Score:
    within, names = reading.bins(WITHIN), list(HORIZONS)
    met = sum(within.get(name, 0) for name in names[: names.index(horizon) + 1])
    return share(met, sum(reading.bins(COHORT).values()))


def _ended_as(outcomes: tuple[Outcome, ...], reading: Reading) -> Score:
    ended = reading.bins(ENDED)
    return share(sum(ended.get(o, 0) for o in outcomes), _decisive(ended))


def _dropoff(reading: Reading) -> Score:
    lost = held(reading.bins(LOST))
    return share(sum(lost.values()), sum(reading.bins(REACHED).values()), lost)


def _count_of(measure: str, reading: Reading) -> Score:
    return count(sum(reading.bins(measure).values()))


def _journeys_ended(reading: Reading) -> Score:
    ended = held(reading.bins(ENDED))
    return count(sum(ended.values()), ended)


def _complete(outcomes: Mapping[str, int]) -> int:
    return sum(n for outcome, n in outcomes.items() if outcome in _COMPLETE)


def _decisive(ended: Mapping[str, int]) -> int:
    """Ended journeys that could have been completed: who only asked is not among them."""
    return sum(n for outcome, n in ended.items() if outcome != Outcome.INFORMED)


def _of_touchpoint(
    metric_id: str, reads: tuple[str, ...], score: Callable[[Reading], Score]
) -> Formula:
    return Formula(metric_id, reads, score, labels=("touchpoint",), level=Level.TOUCHPOINT)


def _completed_within(name: str, horizon: timedelta) -> Formula:
    score = partial(_within, name)
    return Formula(f"completion_within.{name}", (COHORT, WITHIN), score, horizon=horizon)


FORMULAS = (
    Formula("completion_rate.gds", (COHORT,), _gds),
    Formula("completion_rate.live", (ENDED,), _live),
    *(_completed_within(name, horizon) for name, horizon in HORIZONS.items()),
    Formula("abandonment_rate", (ENDED,), partial(_ended_as, (Outcome.ABANDONED, Outcome.EXPIRED))),
    Formula("undecided_rate", (ENDED,), partial(_ended_as, (Outcome.UNDECIDED,))),
    Formula("journeys_started", (COHORT,), partial(_count_of, COHORT)),
    Formula("journeys_ended", (ENDED,), _journeys_ended),
    _of_touchpoint("touchpoint_journeys", (VISITED,), partial(_count_of, VISITED)),
    _of_touchpoint("touchpoint_events", (EVENTS,), partial(_count_of, EVENTS)),
    _of_touchpoint("step_dropoff", (REACHED, LOST), _dropoff),
)
COMPLETION = Family("completion", of_journey, of_bucket, FORMULAS)
