"""How journeys begin and end: starts, completion, abandonment, and who was informed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import COMPLETE_OUTCOMES, Construct, Outcome, Stage, Unit
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.course import calls, end_of, is_complete
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
    share_of_yes,
    yes_or_no,
)
from services.metrics.domain.measures.steps import counted, latest_answers

COHORT = "cohort"  # started journeys by outcome, in the period they started in
ENDED = "ended"  # ended journeys by outcome, in the period they ended in
WITHIN = "within"  # completed journeys by the shortest horizon they met, by start
WANTED = "wanted"  # ended journeys with a need or information: did they start
TOLD = "told"  # informed journeys that said whether they found what they came for: are they done

HORIZONS = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
}
CONTENT_FOR = timedelta(days=7)  # who makes contact so soon after a yes was not informed after all
_COMPLETE = frozenset(outcome.value for outcome in COMPLETE_OUTCOMES)
_BEFORE = (Stage.NEED, Stage.INFORMATION)


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey."""
    started, ended = journey.started, end_of(journey)
    if started is not None:
        yield started, cell(COHORT, "", journey.outcome), 1
        if is_complete(journey) and ended is not None:
            taken = ended - started
            met = next((name for name, span in HORIZONS.items() if taken <= span), None)
            if met is not None:
                yield started, cell(WITHIN, "", met), 1
    if ended is not None:
        yield ended, cell(ENDED, "", journey.outcome), 1
        if any(milestone.stage in _BEFORE for milestone in journey.milestones):
            yield ended, cell(WANTED, "", yes_or_no(started is not None)), 1
        if journey.survey and journey.outcome is Outcome.INFORMED:
            yield from _told(journey, ended)


def _told(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    said = [
        answer
        for answer in latest_answers(counted(journey.survey))
        if answer.construct is Construct.TASK_SUCCESS
    ]
    if said:
        last = max(said, key=lambda answer: answer.time)
        asked_again = any(
            last.time < call.time <= last.time + CONTENT_FOR for call in calls(journey)
        )
        yield ended, cell(TOLD, "", yes_or_no(last.answer == 1 and not asked_again)), 1


def of_bucket(_bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people have no journeys."""
    return iter(())


def _gds(reading: Reading) -> Score:
    cohort = reading.bins(COHORT)
    started, done = sum(cohort.values()), _complete(cohort)
    if not reading.is_provisional or started <= 0:
        return share(done, started)
    possible = done + cohort.get(Outcome.OPEN, 0)
    low, high = done / started, possible / started
    return Score(started, done, started, low=low, high=high, method=Method.BOUNDS)


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


def _journeys_started(reading: Reading) -> Score:
    return count(sum(reading.bins(COHORT).values()))


def _journeys_ended(reading: Reading) -> Score:
    ended = held(reading.bins(ENDED))
    return count(sum(ended.values()), ended)


def _complete(outcomes: Mapping[str, int]) -> int:
    return sum(n for outcome, n in outcomes.items() if outcome in _COMPLETE)


def _decisive(ended: Mapping[str, int]) -> int:
    """Ended journeys that could have been completed: who only asked is not among them."""
    return sum(n for outcome, n in ended.items() if outcome != Outcome.INFORMED)


def _completed_within(name: str, horizon: timedelta) -> Formula:
    return Formula(
        f"completion_within.{name}",
        (COHORT, WITHIN),
        partial(_within, name),
        horizon=horizon,
        when=When.START,
        means="Of the journeys that started in the period, the share completed within this time. "
        "Settled that long after the period's end: the measure to compare and to alert on.",
    )


FORMULAS = (
    Formula(
        "completion_rate.gds",
        (COHORT,),
        _gds,
        when=When.START,
        means="Of the journeys that started in the period, the share that came to success or to a "
        "refusal that is right. While some are open only the bounds are told.",
        periods=FROM_DAYS,
    ),
    Formula(
        "completion_rate.live",
        (ENDED,),
        _live,
        means="Of the journeys that ended in the period, the share that was completed. The "
        "informed are left out.",
    ),
    *(_completed_within(name, horizon) for name, horizon in HORIZONS.items()),
    Formula(
        "abandonment_rate",
        (ENDED,),
        partial(_ended_as, (Outcome.ABANDONED, Outcome.EXPIRED)),
        means="Of the journeys that ended, the share that fell silent: abandoned or expired.",
    ),
    Formula(
        "undecided_rate",
        (ENDED,),
        partial(_ended_as, (Outcome.UNDECIDED,)),
        means="Of the journeys that ended, the share in which the agency is overdue.",
        periods=FROM_DAYS,
    ),
    Formula(
        "journeys_started",
        (COHORT,),
        _journeys_started,
        unit=Unit.COUNT,
        when=When.START,
        means="Journeys by the period they started in.",
    ),
    Formula(
        "journeys_ended",
        (ENDED,),
        _journeys_ended,
        unit=Unit.COUNT,
        means="Journeys by the period they ended in, by outcome, the informed too.",
    ),
    Formula(
        "start_rate",
        (WANTED,),
        partial(share_of_yes, WANTED),
        means="Of the ended journeys in which somebody had a need or looked for information, the "
        "share that went on to start.",
        periods=FROM_DAYS,
    ),
    Formula(
        "information_success",
        (TOLD,),
        partial(share_of_yes, TOLD),
        means="Of the informed journeys that said whether they found what they came for, the "
        "share that said yes and made no contact within 7 days after it.",
        periods=FROM_DAYS,
    ),
)
COMPLETION = Family("completion", of_journey, of_bucket, FORMULAS)
