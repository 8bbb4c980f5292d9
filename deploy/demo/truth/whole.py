"""The journey against its parts, and as it would be if everybody had answered alike.

What these say of a period is no plain sum: they are told from all its journeys together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy.demo.facts import JourneyTruth, Opinion
from deploy.demo.truth.intervals import difference, strata
from deploy.demo.truth.opinion import question
from deploy.demo.truth.parts import Dimensions, Part
from deploy.demo.truth.scores import Number
from schemas.vocabulary import SCALE_RANGE, About, Construct, Scale

_FEWEST_TO_COMPARE = 30
_FEWEST_IN_A_STRATUM = 5
Answers = Counter[int]


@dataclass(frozen=True)
class Said:
    """An answer about the whole, and the journey it was given on."""

    opinion: Opinion
    journey: JourneyTruth

    @property
    def question(self) -> Dimensions:
        """Which question it answers."""
        return question(self.opinion)

    @property
    def stratum(self) -> tuple[str, str]:
        """How its journey began and ended."""
        return stratum_of(self.journey)


def stratum_of(journey: JourneyTruth) -> tuple[str, str]:
    """First channel and outcome."""
    return str(journey.first_channel or "none"), str(journey.outcome)


def said_of(journey: JourneyTruth) -> Iterator[tuple[datetime, Said]]:
    """The satisfaction with anything but a touchpoint that a journey was left with."""
    for one in journey.latest:
        if one.construct is Construct.SATISFACTION and one.about is not About.TOUCHPOINT:
            yield one.time, Said(one, journey)


def gap_of(journey: JourneyTruth) -> Iterator[Part]:
    """By how much the whole pleased more than its touchpoints, on the last scale both share."""
    answers = [one for one in journey.latest if one.construct is Construct.SATISFACTION]
    for whole in reversed([one for one in answers if one.about is About.JOURNEY]):
        parts = {
            one.place: _linear(one.answer, one.scale)
            for one in answers
            if one.about is About.TOUCHPOINT and one.scale is whole.scale
        }
        if parts:
            gap = _linear(whole.answer, whole.scale) - sum(parts.values()) / len(parts)
            dimensions = (("construct", Construct.SATISFACTION.value),)
            once, squared = round(gap * 1_000_000), round(gap**2 * 1_000_000)
            yield Part("journey_gap", whole.time, once, 1, None, dimensions, squares=squared)
            return


def impacts(said: list[Said]) -> Iterator[tuple[Dimensions, Number]]:
    """By touchpoint and question, with the answers of those who had been there."""
    everybody: dict[Dimensions, Answers] = defaultdict(Counter)
    came: dict[Dimensions, dict[str, Answers]] = defaultdict(lambda: defaultdict(Counter))
    for one in said:
        if one.opinion.about is About.JOURNEY:
            everybody[one.question][one.opinion.answer] += 1
            for place in one.journey.met:
                came[one.question][place][one.opinion.answer] += 1
    for asked, by_place in came.items():
        scale = Scale(dict(asked)["scale"])
        for place, answers in by_place.items():
            where = tuple(sorted((*asked, ("touchpoint", place))))
            yield where, _compared(answers, everybody[asked] - answers, scale)


def _compared(came: Answers, others: Answers, scale: Scale) -> Number:
    n, told = min(came.total(), others.total()), _named(came)
    if n < _FEWEST_TO_COMPARE:
        return Number(n, None, distribution=told)
    value = _mean(came, scale) - _mean(others, scale)
    return Number(
        n, value, distribution=told, interval=difference(came, others, SCALE_RANGE[scale])
    )


def adjusted(
    said: list[Said], ended: Mapping[tuple[str, str], int]
) -> Iterator[tuple[Dimensions, Number]]:
    """By question, weighted by how many journeys ended in each stratum."""
    by_question: dict[Dimensions, list[Said]] = defaultdict(list)
    for one in said:
        by_question[one.question].append(one)
    for asked, own in by_question.items():
        answers: dict[tuple[str, str], Answers] = defaultdict(Counter)
        for one in own:
            answers[one.stratum][one.opinion.answer] += 1
        parts = _collapsed([(ended[s], answers[s]) for s in sorted(ended)])
        yield asked, _weighted(parts, Scale(dict(asked)["scale"]))


def _weighted(parts: list[tuple[int, Answers]], scale: Scale) -> Number:
    everything, journeys = sum((a for _, a in parts), Counter[int]()), sum(n for n, _ in parts)
    told = _named(everything)
    if not everything:
        return Number(0, None, distribution=told)
    shares = [(n / journeys, answers) for n, answers in parts]
    value = sum(share * _mean(answers, scale) for share, answers in shares)
    interval = strata(shares, SCALE_RANGE[scale])
    return Number(everything.total(), value, distribution=told, interval=interval)


def _named(answers: Answers) -> dict[str, int]:
    return {str(answer): n for answer, n in answers.items()}


def _collapsed(strata: list[tuple[int, Answers]]) -> list[tuple[int, Answers]]:
    """Those with fewer than five answers are one; with the next smallest while that has too few."""
    kept, weight, answers = [], 0, Counter[int]()
    for n, own in sorted(strata, key=lambda one: one[1].total()):
        is_short = bool(weight) and answers.total() < _FEWEST_IN_A_STRATUM
        if own.total() < _FEWEST_IN_A_STRATUM or is_short:
            weight, answers = weight + n, answers + own
        else:
            kept.append((n, own))
    return [*kept, (weight, answers)] if weight else kept


def _mean(answers: Answers, scale: Scale) -> float:
    mean = sum(answer * n for answer, n in answers.items()) / answers.total()
    return _linear(mean, scale)


def _linear(answer: float, scale: Scale) -> float:
    low, high = SCALE_RANGE[scale]
    return (answer - low) / (high - low)
