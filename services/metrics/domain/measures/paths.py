"""Which ways people take: the most frequent ones, coming back, and being sent elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from operator import attrgetter

from schemas.journey import Bucket, ContactMade, JourneySnapshot, TouchpointVisit
from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    SCALE_RANGE,
    About,
    Construct,
    Level,
    Outcome,
    PeriodKind,
    Scale,
    Stage,
)
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.course import end_of
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    FROM_MONTHS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    cell,
    held,
    share,
    share_of_yes,
    yes_or_no,
)
from services.metrics.domain.measures.scores import mean_score
from services.metrics.domain.measures.steps import counted, latest_answers
from services.metrics.domain.measures.touchpoints import REACHED

TAKEN = "paths"  # ended journeys by path and outcome
PATH_ANSWERS = "path_answers"  # how satisfied they were with the journey, in five steps
LOOPED = "looped"  # ended journeys that came back to a touchpoint
DETOURED = "detoured"  # ended started journeys: were they sent elsewhere on their way

THEN, AGAIN, AND_SO_ON = " > ", "*", "…"
_LONGEST = 8
_TOLD = 20
_FEWEST_ANSWERS = 5
_SCALE = Scale.ONE_TO_FIVE
_COMPLETE = frozenset(outcome.value for outcome in COMPLETE_OUTCOMES)
_TRANSACTION = Stage.TRANSACTION
_first, _last = attrgetter("first"), attrgetter("last")


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey."""
    ended = end_of(journey)
    return () if ended is None or not journey.touchpoints else _of_ended(journey, ended)


def _of_ended(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    back = come_back_to(journey.touchpoints, journey.contacts)
    path = path_of(journey.touchpoints, back)
    yield ended, cell(TAKEN, path, journey.outcome), 1
    for touchpoint in back:
        yield ended, cell(LOOPED, touchpoint), 1
    if journey.started is not None:
        until = min(journey.submitted or ended, ended)
        is_sent = _is_sent(journey, journey.started, until)
        yield ended, cell(DETOURED, "", yes_or_no(is_sent)), 1
    if journey.survey:
        for answer in latest_answers(counted(journey.survey)):
            is_of_all = answer.about is About.JOURNEY and answer.scale is _SCALE
            if is_of_all and answer.construct is Construct.SATISFACTION:
                yield ended, cell(PATH_ANSWERS, path, str(answer.answer)), 1


def come_back_to(
    visits: tuple[TouchpointVisit, ...], contacts: tuple[ContactMade, ...] = ()
) -> frozenset[str]:
    """The touchpoints that were left for another and visited again.

    Seen by another touchpoint's first or last visit, or any contact there, lying between the first
    and the last here. One where no contact is made, that was there before and after as well, leaves
    no trace in a snapshot.
    """
    moments = [*map(_first, visits), *map(_last, visits)]
    return frozenset(
        here.touchpoint
        for here in visits
        if here.first < here.last
        and (
            any(here.first < moment < here.last for moment in moments)
            or any(here.first < c.time < here.last for c in contacts if _is_elsewhere(c, here))
        )
    )


def _is_elsewhere(contact: ContactMade, here: TouchpointVisit) -> bool:
    return contact.touchpoint != here.touchpoint


def path_of(visits: tuple[TouchpointVisit, ...], back: frozenset[str]) -> str:
    """The touchpoints in the order of their first visit, as one label."""
    names = dict.fromkeys(visit.touchpoint for visit in sorted(visits, key=_first))
    told = [name + AGAIN if name in back else name for name in names]
    return THEN.join(told if len(told) <= _LONGEST else [*told[:_LONGEST], AND_SO_ON])


def _is_sent(journey: JourneySnapshot, start: datetime, until: datetime) -> bool:
    """Whether a touchpoint outside the transaction was visited between the two."""
    aside = [visit for visit in journey.touchpoints if visit.stage is not _TRANSACTION]
    names = [visit.touchpoint for visit in aside]
    calls = (contact.time for contact in journey.contacts if contact.touchpoint in names)
    moments = (*map(_first, aside), *map(_last, aside), *calls)
    return any(start < moment < until for moment in moments)


def of_bucket(_bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people have no journeys."""
    return iter(())


def _share_of_path(reading: Reading) -> Score:
    outcomes = held(reading.bins(TAKEN))
    if not outcomes:
        return Score(0)
    everybody = sum(sum(bins.values()) for bins in reading.groups(TAKEN).values())
    return share(sum(outcomes.values()), everybody, outcomes)


def _completion(reading: Reading) -> Score:
    outcomes = held(reading.bins(TAKEN))
    decisive = {o: n for o, n in outcomes.items() if o != Outcome.INFORMED}
    complete = sum(n for outcome, n in decisive.items() if outcome in _COMPLETE)
    return share(complete, sum(decisive.values()), outcomes)


def _satisfaction(reading: Reading) -> Score:
    answers = {int(answer): n for answer, n in held(reading.bins(PATH_ANSWERS)).items()}
    return mean_score(answers, SCALE_RANGE[_SCALE], (0.0, 1.0))


def _loops(reading: Reading) -> Score:
    return share(sum(reading.bins(LOOPED).values()), sum(reading.bins(REACHED).values()))


_of_path = partial(
    Formula, labels=("path",), most=_TOLD, periods=FROM_MONTHS | {PeriodKind.ROLLING_28D}
)
FORMULAS = (
    _of_path(
        "path_share",
        (TAKEN,),
        _share_of_path,
        beside=(TAKEN,),
        means="Of the ended journeys, the share that took this path, by outcome. A path is its "
        "touchpoints in the order of their first visit, at most 8; `*` marks one that was come "
        "back to. The 20 most frequent are told, the rest as `other`.",
    ),
    _of_path(
        "path_completion",
        (TAKEN,),
        _completion,
        means="Of the journeys that took this path and were not only informed, the share that was "
        "completed.",
    ),
    _of_path(
        "path_satisfaction",
        (TAKEN, PATH_ANSWERS),
        _satisfaction,
        interval=Method.ADJUSTED_MEAN,
        floor=_FEWEST_ANSWERS,
        means="How satisfied who took this path was with the journey, in five steps brought to "
        "0..1, whatever the instrument.",
    ),
    Formula(
        "loop_share",
        (REACHED, LOOPED),
        _loops,
        labels=("touchpoint",),
        level=Level.TOUCHPOINT,
        means="Of the ended journeys that visited the touchpoint, the share that left it for "
        "another and came back.",
        periods=FROM_DAYS,
    ),
    Formula(
        "detour_share",
        (DETOURED,),
        partial(share_of_yes, DETOURED),
        means="Of the ended started journeys, the share that visited a touchpoint outside the "
        "transaction between the start and the submission (or the end).",
        periods=FROM_DAYS,
    ),
)
PATHS = Family("paths", of_journey, of_bucket, FORMULAS)
