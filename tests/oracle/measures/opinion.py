"""What people say: every figure is a reading of how many gave which answer on which scale."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from schemas.touchpoint_event import Feedback
from schemas.vocabulary import SCALE_RANGE, About, Construct, Quality, Scale
from tests.oracle import intervals
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course
from tests.oracle.measures.units import (
    Dimensions,
    Named,
    Number,
    Scoring,
    Unit,
    by_dimensions,
    dimensions,
)
from tests.oracle.surveys import UNSCORED, standing_answers

Answers = Mapping[int, int]
Figure = Callable[[Answers, Scale], Number | None]
FIVE, SEVEN = Scale.ONE_TO_FIVE, Scale.ONE_TO_SEVEN
TEN, FROM_ZERO = Scale.ONE_TO_TEN, Scale.ZERO_TO_TEN


def of_journey(course: Course) -> Iterator[Unit]:
    """Each answer that stands, by its time."""
    for said in standing_answers(course.journey):
        if said.told.construct is not None:
            where = question(said.told, said.event.data.touchpoint)
            answer = str(said.told.answer)
            yield Unit(f"answers.{said.told.construct}", said.event.time, 0, 1, where, answer)


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """Answers of unlinked people, by their hour."""
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for (about, construct, scale, wording, instrument, answer), n in counts.answers.items():
        where = dimensions(
            construct=str(construct),
            instrument=str(instrument),
            scale=str(scale),
            wording=None if wording is None else str(wording),
            touchpoint=place.touchpoint if about is About.TOUCHPOINT else None,
        )
        yield Unit(f"answers.{construct}", place.hour, 0, n, where, str(answer))


def question(told: Feedback, touchpoint: str, **more: str) -> Dimensions:
    """What an answer is told of: its question, and the place where it is about that."""
    return dimensions(
        construct=told.construct,
        instrument=told.instrument,
        scale=told.scale,
        wording=told.wording,
        touchpoint=touchpoint if told.about is About.TOUCHPOINT else None,
        **more,
    )


def mean(lowest: float, highest: float, *scales: Scale) -> Figure:
    """The mean answer with the scale's ends brought to these two."""

    def figure(answers: Answers, scale: Scale) -> Number | None:
        if scales and scale not in scales:
            return None
        low, high = SCALE_RANGE[scale]
        n, total = sum(answers.values()), sum(a * times for a, times in answers.items())
        value = lowest + (total / n - low) / (high - low) * (highest - lowest)
        interval = intervals.mean(answers, (low, high), (lowest, highest))
        return Number(n, value, total, n, _named(answers), interval)

    return figure


def ease(answers: Answers, scale: Scale) -> Number | None:
    """The mean answer as it was given."""
    return mean(*SCALE_RANGE[scale], FIVE, SEVEN, TEN)(answers, scale)


def share_of(favourable: Mapping[Scale, Sequence[int]]) -> Figure:
    """The share of the favourable answers."""

    def figure(answers: Answers, scale: Scale) -> Number | None:
        if scale not in favourable:
            return None
        n, hits = sum(answers.values()), _among(answers, favourable[scale])
        return Number(n, hits / n, hits, n, _named(answers), intervals.wilson(hits, n))

    return figure


def net_of(scale: Scale, above: Sequence[int], below: Sequence[int], times: int = 1) -> Figure:
    """The share above less the share below, on one scale."""

    def figure(answers: Answers, given_on: Scale) -> Number | None:
        if given_on is not scale:
            return None
        n, good, bad = sum(answers.values()), _among(answers, above), _among(answers, below)
        interval = intervals.net(good, n - good - bad, bad, times)
        return Number(n, times * (good - bad) / n, good - bad, n, _named(answers), interval)

    return figure


_TOP_TWO = {
    scale: (SCALE_RANGE[scale][1] - 1, SCALE_RANGE[scale][1]) for scale in (FIVE, SEVEN, TEN)
}
_MARKS = mean(0, 10, FIVE)
FIGURES: Mapping[Construct, Mapping[str, Figure]] = {
    Construct.SATISFACTION: {
        "satisfaction.linear": mean(0, 1),
        "satisfaction.top2": share_of({FIVE: (4, 5)}),
        "satisfaction.net": net_of(FIVE, (4, 5), (1, 2)),
        "satisfaction.fr10": mean(0, 10, FIVE, Scale.SMILEYS),
    },
    Construct.TRUST: {"trust.positive": share_of({FIVE: (4, 5), Scale.THUMBS: (1,)})},
    Construct.TRUST_CHANGE: {"trust.change_net": net_of(FIVE, (4, 5), (1, 2))},
    Construct.TRUST_LEVEL: {"trust.level": share_of({FROM_ZERO: (6, 7, 8, 9, 10)})},
    Construct.TASK_SUCCESS: {"task_success.gc": share_of({Scale.YES_NO: (1,)})},
    Construct.EASE: {"ease": ease, "ease.top2": share_of(_TOP_TWO)},
    Construct.RECOMMEND: {
        "nps": net_of(FROM_ZERO, (9, 10), (0, 1, 2, 3, 4, 5, 6), 100),
        "recommend_intent": share_of({TEN: (9, 10)}),
    },
    Construct.REUSE_INTENT: {"reuse_intent": share_of({**_TOP_TWO, FROM_ZERO: (9, 10)})},
    Construct.COMPREHENSION: {"comprehension.fr10": _MARKS},
    Construct.HELP_QUALITY: {"help_quality.fr10": _MARKS},
}
_OF_THE_WHOLE = ("trust.level", "nps", "recommend_intent", "reuse_intent")


def answers_in(units: Sequence[Unit]) -> Counter[int]:
    """How many gave which answer."""
    found: Counter[int] = Counter()
    for unit in units:
        found[int(unit.bin or 0)] += unit.of
    return found


def _scores(construct: Construct) -> Scoring:
    def scoring(_: str, units: Sequence[Unit]) -> Iterator[Named]:
        for where, own in by_dimensions(units).items():
            named, answers = dict(where), answers_in(own)
            for metric_id, figure in FIGURES[construct].items():
                number = figure(answers, Scale(named["scale"]))
                is_told = "touchpoint" not in named or metric_id not in _OF_THE_WHOLE
                if number is not None and is_told:
                    yield metric_id, where, number

    return scoring


def _among(answers: Answers, counting: Sequence[int]) -> int:
    return sum(n for answer, n in answers.items() if answer in counting)


def _named(answers: Answers) -> dict[str, int]:
    return {str(answer): n for answer, n in sorted(answers.items())}


SCORES: dict[str, Scoring] = {f"answers.{c}": _scores(c) for c in FIGURES}
