"""A journey against its parts: does the whole please less, and where did the unpleased come by?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from schemas.journey import Bucket, JourneySnapshot, SurveyStep
from schemas.vocabulary import SCALE_RANGE, About, Construct, Level, Scale, Unit
from services.metrics.domain.intervals import Method, adjusted_mean, difference, mean, mean_of
from services.metrics.domain.measures.family import (
    FEW,
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    held,
    joined,
)
from services.metrics.domain.measures.opinion import FEWEST_AT_A_TOUCHPOINT, QUESTION, question
from services.metrics.domain.measures.steps import counted, latest_answers

GAPS = "gaps"  # per journey with both scores: their difference, by its answer about the journey
ALL = "journey_satisfaction"  # linked people's satisfaction with the journey, by answer time
VISITORS = "visitor_satisfaction"  # the same, of the journeys that visited a touchpoint
_NUMBER, _SUM, _SQUARES = "number", "sum", "squares"
_ONE = 1_000_000  # sums are stored in millionths: cells hold whole numbers


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey with a survey."""
    return _of_survey(journey) if journey.survey else ()


def _of_survey(journey: JourneySnapshot) -> Iterator[Amount]:
    answers = [
        answer
        for answer in latest_answers(counted(journey.survey))
        if answer.construct is Construct.SATISFACTION
    ]
    whole = [answer for answer in answers if answer.about is About.JOURNEY]
    visited = sorted({visit.touchpoint for visit in journey.touchpoints})
    for answer in whole:
        asked, bin_ = question(answer), str(answer.answer)
        yield answer.time, cell(ALL, asked, bin_), 1
        for touchpoint in visited:
            yield answer.time, cell(VISITORS, f"{touchpoint}/{asked}", bin_), 1
    parts = [answer for answer in answers if answer.about is About.TOUCHPOINT]
    if whole and parts:
        yield from _gap(_scored(whole), _scored(parts))


class _Scored(NamedTuple):
    """An answer brought to 0..1."""

    time: datetime
    scale: Scale
    touchpoint: str
    score: float


def _scored(answers: Iterable[SurveyStep]) -> list[_Scored]:
    """In the order of time."""
    found = [
        _Scored(a.time, a.scale, a.touchpoint, linear(a.answer, a.scale))
        for a in answers
        if a.scale is not None and a.answer is not None
    ]
    return sorted(found)


def linear(answer: float, scale: Scale) -> float:
    """An answer, or the mean of some, with the lowest step at 0 and the highest at 1."""
    low, high = SCALE_RANGE[scale]
    return (answer - low) / (high - low)


def _gap(whole: list[_Scored], parts: list[_Scored]) -> Iterator[Amount]:
    """The one gap of a journey: of its last answer that has parts on the same scale."""
    for answer in reversed(whole):
        latest = {part.touchpoint: part.score for part in parts if part.scale is answer.scale}
        if latest:
            gap = answer.score - sum(latest.values()) / len(latest)
            yield answer.time, cell(GAPS, "", _NUMBER), 1
            yield answer.time, cell(GAPS, "", _SUM), round(gap * _ONE)
            yield answer.time, cell(GAPS, "", _SQUARES), round(gap**2 * _ONE)
            return


def of_bucket(_bucket: Bucket) -> Iterable[Amount]:
    """Unlinked people have no journeys to compare."""
    return ()


def _journey_gap(reading: Reading) -> Score:
    gaps = reading.bins(GAPS)
    n = gaps.get(_NUMBER, 0)
    total, squares = gaps.get(_SUM, 0) / _ONE, gaps.get(_SQUARES, 0) / _ONE
    if n < 2:  # one journey's gap says nothing of the others
        return Score(n, total, n)
    interval = mean_of(n, total, squares, resolution=1 / _ONE)
    if interval is None:
        return Score(n, total, n, total / n)
    return Score(n, total, n, total / n, interval.low, interval.high, Method.MEAN)


def _impact(reading: Reading) -> Score:
    scale = Scale(reading.labels["scale"])
    asked = joined(*(reading.labels[name] for name in QUESTION))
    came = _answers(reading.bins(VISITORS))
    everybody = _answers(reading.groups(ALL).get(asked, {}))
    others = {answer: n - came.get(answer, 0) for answer, n in everybody.items()}
    n = min(sum(came.values()), sum(others.values()))
    distribution = {str(answer): times for answer, times in came.items()}
    if n < FEW:
        return Score(n, distribution=distribution)
    low, high = SCALE_RANGE[scale]
    interval = difference(adjusted_mean(came, low, high), adjusted_mean(others, low, high))
    return Score(
        n,
        value=linear(mean(came), scale) - linear(mean(others), scale),
        low=interval.low,
        high=interval.high,
        method=Method.DIFFERENCE,
        distribution=distribution,
    )


def _answers(counts: Mapping[str, int]) -> dict[int, int]:
    return dict(sorted((int(answer), n) for answer, n in held(counts).items()))


FORMULAS = (
    Formula(
        "journey_gap",
        (GAPS,),
        _journey_gap,
        constants={"construct": Construct.SATISFACTION.value},
        unit=Unit.BALANCE,
        when=When.ANSWER,
        means="The mean over journeys of their own satisfaction less the mean of that with their "
        "touchpoints, on the same scale: below 0 the whole pleases less than its parts.",
        periods=FROM_DAYS,
        interval=Method.MEAN,
    ),
    Formula(
        "touchpoint_impact",
        (VISITORS,),
        _impact,
        labels=("touchpoint", *QUESTION),
        level=Level.TOUCHPOINT,
        constants={"construct": Construct.SATISFACTION.value},
        beside=(ALL,),
        floor=FEWEST_AT_A_TOUCHPOINT,
        unit=Unit.BALANCE,
        when=When.ANSWER,
        means="Satisfaction with the journey of those who visited the touchpoint less that of the "
        "others; n is the smaller of the two groups, which both need 30. An association, no cause.",
        periods=FROM_DAYS,
        interval=Method.DIFFERENCE,
    ),
)
COMPARISON = Family("comparison", of_journey, of_bucket, FORMULAS)
