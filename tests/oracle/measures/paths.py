"""Which ways people take, where they come back to, and whether they are sent elsewhere.

As far as a snapshot tells: of each touchpoint the first and the last event, of contacts all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from schemas.vocabulary import COMPLETE_OUTCOMES, SCALE_RANGE, About, Construct, Scale, Stage
from tests.oracle import intervals
from tests.oracle.courses import Course, stage_of
from tests.oracle.journeys import Journey
from tests.oracle.measures.units import (
    Named,
    Number,
    Scoring,
    Unit,
    apart,
    bins_of,
    dimensions,
    share,
)
from tests.oracle.surveys import standing_answers

TOLD = 20
LONGEST = 8
_COMPLETE = {outcome.value for outcome in COMPLETE_OUTCOMES}


def of_journey(course: Course) -> Iterator[Unit]:
    """All of it counts at the end."""
    ended, journey = course.ended, course.journey
    if ended is None:
        return
    path = dimensions(path=path_of(journey))
    yield Unit("paths", ended, dimensions=path, bin=course.outcome.value)
    for said in standing_answers(journey):
        told = said.told
        is_of_all = told.about is About.JOURNEY and told.construct is Construct.SATISFACTION
        if is_of_all and told.scale is Scale.ONE_TO_FIVE:
            yield Unit("paths", ended, float(told.answer or 0), 0, path, f"said {told.answer}")
    for place in journey.touchpoints:
        here = dimensions(touchpoint=place)
        yield Unit("loop_share", ended, is_come_back_to(journey, place), 1, here)
    if journey.started is not None:
        until = min(journey.submitted or ended, ended)
        yield Unit("detour_share", ended, _is_sent(journey, journey.started, until))


def path_of(journey: Journey) -> str:
    """The touchpoints in the order of their first event, those that were come back to marked."""
    names = [
        f"{place}*" if is_come_back_to(journey, place) else place for place in journey.touchpoints
    ]
    return " > ".join(names if len(names) <= LONGEST else [*names[:LONGEST], "…"])


def is_come_back_to(journey: Journey, place: str) -> bool:
    """Whether the citizen was seen elsewhere between the first and the last event here."""
    here = journey.touchpoints[place]
    elsewhere = [name for name in journey.touchpoints if name != place]
    return any(here.first < at < here.last for at in _moments(journey, elsewhere))


def _is_sent(journey: Journey, start: datetime, until: datetime) -> bool:
    """Whether the citizen was seen outside the transaction between the two."""
    aside = [p for p in journey.touchpoints if stage_of(journey, p) is not Stage.TRANSACTION]
    return any(start < at < until for at in _moments(journey, aside))


def _moments(journey: Journey, places: Sequence[str]) -> Iterator[datetime]:
    for place in places:
        yield journey.touchpoints[place].first
        yield journey.touchpoints[place].last
    for contact in journey.contacts:
        if contact.event.data.touchpoint in places:
            yield contact.event.time


def _scores(_: str, units: Sequence[Unit]) -> Iterator[Named]:
    """The 20 most frequent, of equally frequent ones the first in the alphabet; then the rest."""
    journeys = Counter(dict(u.dimensions)["path"] for u in units if u.of)
    told = sorted(journeys, key=lambda path: (-journeys[path], path))[:TOLD]
    by_path: dict[str, list[Unit]] = {}
    for unit in units:
        path = dict(unit.dimensions)["path"]
        by_path.setdefault(path if path in told else "other", []).append(unit)
    for path, own in by_path.items():
        for metric_id, number in _of_path(own, journeys.total()):
            yield metric_id, dimensions(path=path), number


def _of_path(units: Sequence[Unit], everybody: int) -> Iterator[tuple[str, Number]]:
    outcomes = bins_of(units)
    took, asked = sum(outcomes.values()), outcomes.get("informed", 0)
    among = intervals.wilson(took, everybody)
    yield "path_share", Number(everybody, took / everybody, took, everybody, outcomes, among)
    done, decided = sum(outcomes.get(outcome, 0) for outcome in _COMPLETE), took - asked
    value = done / decided if decided else None
    among = intervals.wilson(done, decided)
    yield "path_completion", Number(decided, value, done, decided, outcomes, among)
    said = [u.bin.removeprefix("said ") for u in units if not u.of and u.bin is not None]
    yield "path_satisfaction", _satisfaction(Counter(said))


def _satisfaction(told: Counter[str]) -> Number:
    answers = {int(answer): times for answer, times in told.items()}
    n, total = told.total(), sum(answer * times for answer, times in answers.items())
    if not n:
        return Number(n, None, total, n, dict(told))
    interval = intervals.mean(answers, SCALE_RANGE[Scale.ONE_TO_FIVE])
    return Number(n, (total / n - 1) / 4, total, n, dict(told), interval)


SCORES: dict[str, Scoring] = {
    "paths": _scores,
    "loop_share": apart(share),
    "detour_share": apart(share),
}
