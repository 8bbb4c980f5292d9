"""A journey against its parts: does the whole please less, and where did the unpleased come by?"""

from collections import Counter
from collections.abc import Iterator, Sequence

from schemas.vocabulary import SCALE_RANGE, About, Construct, Scale
from tests.oracle import intervals
from tests.oracle.courses import Course
from tests.oracle.measures.opinion import answers_in, question
from tests.oracle.measures.units import (
    Named,
    Number,
    Scoring,
    Unit,
    apart,
    by_dimensions,
    dimensions,
)
from tests.oracle.surveys import Said, standing_answers

FEWEST = 30
_ALL = "all"
_MILLION = 10**6


def of_journey(course: Course) -> Iterator[Unit]:
    """By the answer about the journey."""
    said = [
        one
        for one in standing_answers(course.journey)
        if one.told.construct is Construct.SATISFACTION
    ]
    whole = [one for one in said if one.told.about is About.JOURNEY]
    parts = [one for one in said if one.told.about is About.TOUCHPOINT]
    for one in whole:
        at, answer = one.event.time, str(one.told.answer)
        asked = question(one.told, "")
        yield Unit("touchpoint_impact", at, 0, 1, ((_ALL, ""), *asked), answer)
        for place in course.journey.touchpoints:
            where = dimensions(touchpoint=place, **dict(asked))
            yield Unit("touchpoint_impact", at, 0, 1, where, answer)
    yield from _gap(whole, parts)


def _gap(whole: Sequence[Said], parts: Sequence[Said]) -> Iterator[Unit]:
    """Of the last answer about the journey that has parts on its scale, one at each touchpoint."""
    for one in reversed(whole):
        alike = {
            p.event.data.touchpoint: _linear(p) for p in parts if p.told.scale is one.told.scale
        }
        if alike:
            gap = _linear(one) - sum(alike.values()) / len(alike)
            where = dimensions(construct=Construct.SATISFACTION)
            yield Unit("journey_gap", one.event.time, round(gap * _MILLION), 1, where)
            return


def _linear(said: Said) -> float:
    low, high = SCALE_RANGE[Scale(str(said.told.scale))]
    return (float(said.told.answer or 0) - low) / (high - low)


def _mean_gap(units: Sequence[Unit]) -> Number:
    n, total = len(units), sum(unit.hits for unit in units) / _MILLION
    if n < 2:
        return Number(n, None, total, n)
    interval = intervals.gap([unit.hits / _MILLION for unit in units])
    return Number(n, total / n, total, n, interval=interval)


def _impact(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
    by_where = by_dimensions(units)
    for where, own in by_where.items():
        if "touchpoint" not in dict(where):
            continue
        asked = tuple(one for one in where if one[0] != "touchpoint")
        came, scale = answers_in(own), Scale(dict(where)["scale"])
        others = answers_in(by_where[((_ALL, ""), *asked)]) - came
        yield measure, where, _compared(came, others, scale)


def _compared(came: Counter[int], others: Counter[int], scale: Scale) -> Number:
    n = min(came.total(), others.total())
    distribution = {str(answer): times for answer, times in came.items()}
    if n < FEWEST:
        return Number(n, None, distribution=distribution)
    value = _mean(came, scale) - _mean(others, scale)
    interval = intervals.difference(came, others, SCALE_RANGE[scale])
    return Number(n, value, distribution=distribution, interval=interval)


def _mean(answers: Counter[int], scale: Scale) -> float:
    low, high = SCALE_RANGE[scale]
    mean = sum(answer * n for answer, n in answers.items()) / answers.total()
    return (mean - low) / (high - low)


SCORES: dict[str, Scoring] = {"journey_gap": apart(_mean_gap), "touchpoint_impact": _impact}
