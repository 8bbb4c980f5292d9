"""Satisfaction as it would be if everybody had answered alike, whatever became of their journey.

Each answer is weighted so that outcome and first channel are mixed as among all journeys that ended
in the period. Strata with fewer than five answers are one; where that has fewer still, it takes in
the smallest of the others (of equal ones the first in the alphabet).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from schemas.vocabulary import SCALE_RANGE, About, Construct, Scale
from tests.oracle import intervals
from tests.oracle.courses import Course
from tests.oracle.measures.opinion import question
from tests.oracle.measures.units import Named, Number, Scoring, Unit, by_dimensions
from tests.oracle.surveys import standing_answers

FEWEST = 5
_MEASURE = "satisfaction.linear.adjusted"
Stratum = tuple[str, str]
Part = tuple[int, Counter[int]]
"""How many journeys ended in some strata, and what was answered there."""


def of_journey(course: Course) -> Iterator[Unit]:
    """By end the stratum, by its time each answer about the whole; both of ended journeys."""
    if course.ended is None:
        return
    stratum = f"{course.first_channel}/{course.outcome.value}"
    yield Unit(_MEASURE, course.ended, bin=stratum)
    for said in standing_answers(course.journey):
        told = said.told
        if told.construct is Construct.SATISFACTION and told.about is not About.TOUCHPOINT:
            where = question(told, said.event.data.touchpoint)
            yield Unit(_MEASURE, said.event.time, float(told.answer or 0), 1, where, stratum)


def _scores(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
    ended = Counter(unit.bin for unit in units if not unit.dimensions)
    for where, own in by_dimensions(u for u in units if u.dimensions).items():
        answers = {
            stratum: Counter(int(u.hits) for u in own if u.bin == stratum) for stratum in ended
        }
        number = _weighted(_parts(ended, answers), Scale(dict(where)["scale"]))
        if number is not None:
            yield measure, where, number


def _weighted(parts: Sequence[Part], scale: Scale) -> Number | None:
    low, high = SCALE_RANGE[scale]
    everybody = sum(journeys for journeys, _ in parts)
    answers = sum((counts for _, counts in parts), Counter[int]())
    if not answers:
        return None
    weighted = [(journeys / everybody, counts) for journeys, counts in parts]
    value = sum(weight * (_mean(counts) - low) / (high - low) for weight, counts in weighted)
    interval = intervals.strata(weighted, (low, high))
    distribution = {str(answer): n for answer, n in answers.items()}
    return Number(answers.total(), value, distribution=distribution, interval=interval)


def _parts(
    ended: Mapping[str | None, int], answers: Mapping[str | None, Counter[int]]
) -> list[Part]:
    found = [(answers[s].total(), _names(s), ended[s], answers[s]) for s in ended]
    small = [one for one in found if one[0] < FEWEST]
    large = sorted((one for one in found if one[0] >= FEWEST), key=lambda one: one[:2])
    while small and large and sum(one[0] for one in small) < FEWEST:
        small.append(large.pop(0))
    parts = [(journeys, counts) for *_, journeys, counts in large]
    if small:
        together = sum((counts for *_, counts in small), Counter[int]())
        parts.append((sum(journeys for _, _, journeys, _ in small), together))
    return parts


def _names(stratum: str | None) -> Stratum:
    channel, _, outcome = (stratum or "").partition("/")
    return channel, outcome


def _mean(counts: Counter[int]) -> float:
    return sum(answer * n for answer, n in counts.items()) / counts.total()


SCORES: dict[str, Scoring] = {_MEASURE: _scores}
