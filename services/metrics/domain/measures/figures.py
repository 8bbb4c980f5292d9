"""Which figures are read from the answers: of each construct, by whom it is defined that way."""

from typing import NamedTuple

from schemas.vocabulary import Construct, PeriodKind, Scale, Unit
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.family import FEW, FROM_DAYS, FROM_MONTHS
from services.metrics.domain.measures.scores import (
    ON_0_TO_1,
    ON_0_TO_10,
    ON_ITSELF,
    TOP_TWO,
    Scoring,
    Sides,
    mean_on,
    net_of,
    share_of,
)

_FEW_IN_FRANCE = 100  # the French observatory shows nothing below that many answers


class Figure(NamedTuple):
    """One measure of a construct; `is_of_touchpoints`: it is also told of each touchpoint."""

    metric_id: str
    construct: Construct
    score: Scoring
    means: str
    unit: Unit = Unit.SHARE
    is_of_touchpoints: bool = True
    few: int = FEW
    periods: frozenset[PeriodKind] = FROM_DAYS
    interval: Method | None = None


_ENDS_OF_FIVE = {Scale.ONE_TO_FIVE: Sides(frozenset({4, 5}), frozenset({1, 2}))}
_PROMOTERS = {Scale.ZERO_TO_TEN: Sides(frozenset({9, 10}), frozenset(range(7)))}
_TRUSTING = {Scale.THUMBS: frozenset({1}), Scale.ONE_TO_FIVE: frozenset({4, 5})}
_HIGH_TRUST = {Scale.ZERO_TO_TEN: frozenset(range(6, 11))}
_TOP_OF_FIVE = {Scale.ONE_TO_FIVE: TOP_TWO[Scale.ONE_TO_FIVE]}
_TOP_OF_SEVEN = {Scale.ONE_TO_SEVEN: TOP_TWO[Scale.ONE_TO_SEVEN]}
_TOP_OF_TEN = {Scale.ONE_TO_TEN: TOP_TWO[Scale.ONE_TO_TEN]}
_MARKS_OF_FIVE = {Scale.ONE_TO_FIVE: ON_0_TO_10[Scale.ONE_TO_FIVE]}
_YES = {Scale.YES_NO: frozenset({1})}

FIGURES = (
    Figure(
        "satisfaction.linear",
        Construct.SATISFACTION,
        mean_on(ON_0_TO_1),
        "The mean answer, with the lowest step at 0 and the highest at 1.",
        interval=Method.ADJUSTED_MEAN,
    ),
    Figure(
        "satisfaction.top2",
        Construct.SATISFACTION,
        share_of(_TOP_OF_FIVE),
        "The share of fours and fives on a scale of five.",
    ),
    Figure(
        "satisfaction.net",
        Construct.SATISFACTION,
        net_of(_ENDS_OF_FIVE),
        "The share of fours and fives less that of ones and twos, on a scale of five.",
        Unit.BALANCE,
    ),
    Figure(
        "satisfaction.fr10",
        Construct.SATISFACTION,
        mean_on(ON_0_TO_10),
        "The French mark: 10, 5, 0 for three smileys, 10 down to 0 for five steps.",
        Unit.SCORE_10,
        few=_FEW_IN_FRANCE,
        periods=FROM_MONTHS,
    ),
    Figure(
        "trust.positive",
        Construct.TRUST,
        share_of(_TRUSTING),
        "The share of thumbs up, or of fours and fives; the two scales are never added.",
    ),
    Figure(
        "trust.change_net",
        Construct.TRUST_CHANGE,
        net_of(_ENDS_OF_FIVE),
        "The share whose trust grew (4, 5) less the share whose trust shrank (1, 2).",
        Unit.BALANCE,
    ),
    Figure(
        "trust.level",
        Construct.TRUST_LEVEL,
        share_of(_HIGH_TRUST),
        "The share of 6 to 10 on 0..10, with every answer beside it: 5 is neutral, 0 to 4 low. "
        "Who does not know is not in it.",
        is_of_touchpoints=False,
    ),
    Figure(
        "task_success.gc",
        Construct.TASK_SUCCESS,
        share_of(_YES),
        "Of those who answered yes or no, the share who could do what they came for.",
    ),
    Figure(
        "ease",
        Construct.EASE,
        mean_on(ON_ITSELF),
        "The mean answer in steps of its own scale, of which the highest is very easy.",
        Unit.SCALE,
    ),
    Figure(
        "ease.top2",
        Construct.EASE,
        share_of(_TOP_OF_FIVE | _TOP_OF_SEVEN | _TOP_OF_TEN),
        "The share of the two highest answers.",
    ),
    Figure(
        "nps",
        Construct.RECOMMEND,
        net_of(_PROMOTERS, times=100),
        "Promoters (9, 10) less detractors (0 to 6) in a hundred, on 0..10 only.",
        Unit.SCORE_100,
        is_of_touchpoints=False,
    ),
    Figure(
        "recommend_intent",
        Construct.RECOMMEND,
        share_of(_TOP_OF_TEN),
        "The share of nines and tens on 1..10, which is no promoter score.",
        is_of_touchpoints=False,
    ),
    Figure(
        "reuse_intent",
        Construct.REUSE_INTENT,
        share_of(TOP_TWO),
        "The share of the two highest answers to whether one would use it again.",
        is_of_touchpoints=False,
    ),
    Figure(
        "comprehension.fr10",
        Construct.COMPREHENSION,
        mean_on(_MARKS_OF_FIVE),
        "The French mark for how clear it was.",
        Unit.SCORE_10,
        few=_FEW_IN_FRANCE,
    ),
    Figure(
        "help_quality.fr10",
        Construct.HELP_QUALITY,
        mean_on(_MARKS_OF_FIVE),
        "The French mark for the help one got.",
        Unit.SCORE_10,
        few=_FEW_IN_FRANCE,
    ),
)
