"""Satisfaction as it would be if everybody had answered alike: post-stratified.

Who is served answers more often than who is not, and we know how the journeys of the silent ended:
each answer is weighted so that outcome and first channel are mixed as among all ended journeys.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import SCALE_RANGE, About, Construct, Scale
from services.metrics.domain.intervals import Method, adjusted_strata, mean
from services.metrics.domain.measures.channels import FIRST, NO_CHANNEL
from services.metrics.domain.measures.course import end_of
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Groups,
    Reading,
    Score,
    When,
    cell,
    held,
)
from services.metrics.domain.measures.opinion import QUESTION, question
from services.metrics.domain.measures.steps import counted, latest_answers

STRATA = "answers_by_stratum"  # satisfaction of ended journeys, by answer time
_FEWEST_IN_A_STRATUM = 5

Stratum = tuple[str, str]
"""First channel and outcome."""


class Part(NamedTuple):
    """Strata taken together: how many journeys ended in them, and what was answered."""

    journeys: int
    answers: Mapping[int, int]


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey; one that has not ended has no stratum yet."""
    return _of_ended(journey) if journey.survey and end_of(journey) is not None else ()


def _of_ended(journey: JourneySnapshot) -> Iterator[Amount]:
    stratum = f"{journey.first_channel or NO_CHANNEL}/{journey.outcome}"
    for answer in latest_answers(counted(journey.survey)):
        is_of_whole = answer.about is not About.TOUCHPOINT
        if is_of_whole and answer.construct is Construct.SATISFACTION:
            yield answer.time, cell(STRATA, question(answer), f"{stratum}/{answer.answer}"), 1


def of_bucket(_bucket: Bucket) -> Iterable[Amount]:
    """Nobody knows the stratum of unlinked people."""
    return ()


def _score(reading: Reading) -> Score:
    low, high = SCALE_RANGE[Scale(reading.labels["scale"])]
    parts = collapsed(_frame(reading.groups(FIRST)), _by_stratum(reading.bins(STRATA)))
    answers = _added(part.answers for part in parts)
    n, distribution = sum(answers.values()), {str(answer): answers[answer] for answer in answers}
    if n == 0:
        return Score(0, distribution=distribution)
    journeys = sum(part.journeys for part in parts)
    weighted = [(part.journeys / journeys, part.answers) for part in parts]
    interval = adjusted_strata(weighted, low, high)
    return Score(
        n,
        value=sum(w * (mean(counts) - low) / (high - low) for w, counts in weighted),
        low=interval.low,
        high=interval.high,
        method=Method.ADJUSTED_STRATA,
        distribution=distribution,
    )


def collapsed(
    journeys: Mapping[Stratum, int], answers: Mapping[Stratum, Mapping[int, int]]
) -> list[Part]:
    """The strata in which journeys ended, those with fewer than five answers taken together; with
    the next smallest where these are still fewer. Answers of other strata stand for nobody here.
    """
    found = (Part(n, answers.get(stratum, {})) for stratum, n in sorted(journeys.items()))
    small, parts = Part(0, {}), []
    for part in sorted(found, key=_number_of_answers):
        is_small = _number_of_answers(part) < _FEWEST_IN_A_STRATUM
        if is_small or (small.journeys and _number_of_answers(small) < _FEWEST_IN_A_STRATUM):
            together = _added((small.answers, part.answers))
            small = Part(small.journeys + part.journeys, together)
        else:
            parts.append(part)
    return [*parts, small] if small.journeys else parts


def _number_of_answers(part: Part) -> int:
    return sum(part.answers.values())


def _added(distributions: Iterable[Mapping[int, int]]) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for counts in distributions:
        sums.update(counts)
    return dict(sorted(sums.items()))


def _frame(groups: Groups) -> dict[Stratum, int]:
    return {
        (channel, outcome): n
        for channel, outcomes in groups.items()
        for outcome, n in outcomes.items()
        if n > 0
    }


def _by_stratum(bins: Mapping[str, int]) -> dict[Stratum, dict[int, int]]:
    found: dict[Stratum, dict[int, int]] = {}
    for name, n in held(bins).items():
        channel, outcome, answer = name.split("/")
        found.setdefault((channel, outcome), {})[int(answer)] = n
    return found


FORMULAS = (
    Formula(
        "satisfaction.linear.adjusted",
        (STRATA,),
        _score,
        labels=QUESTION,
        constants={"construct": Construct.SATISFACTION.value},
        beside=(FIRST,),
        when=When.ANSWER,
        means="The mean answer of linked people, weighted so that outcome and first channel are "
        "mixed as among all journeys that ended in the period; beside the plain one it shows who "
        "did not answer.",
        periods=FROM_DAYS,
        interval=Method.ADJUSTED_STRATA,
    ),
)
ADJUSTED = Family("adjusted", of_journey, of_bucket, FORMULAS)
