"""Do people come back, and by the same way? Only of linked people is that known."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from schemas.vocabulary import About, Construct, Identity, Quality, Scale
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course
from tests.oracle.measures.opinion import FIGURES, answers_in, question
from tests.oracle.measures.units import (
    Named,
    Scoring,
    Unit,
    apart,
    by_dimensions,
    dimensions,
    share,
)
from tests.oracle.surveys import UNSCORED, standing_answers

LONG_AGO = timedelta(days=365)
_INTENT = "reuse_intent.by_channel"


def of_journey(course: Course) -> Iterator[Unit]:
    """Coming back when the later journey opened, intent when it was said."""
    if course.identity is Identity.LINKED:
        yield from _back(course)
    for said in standing_answers(course.journey):
        told = said.told
        if told.construct is Construct.REUSE_INTENT and told.about is not About.TOUCHPOINT:
            where = question(told, "", channel=course.first_channel)
            yield Unit(_INTENT, said.event.time, 0, 1, where, str(told.answer))


def _back(course: Course) -> Iterator[Unit]:
    before, opened = course.journey.predecessor, course.journey.opened
    if course.ended is not None:
        yield Unit("return_rate", course.ended)
    if before is None or opened - before.ended > LONG_AGO:
        return
    yield Unit("return_rate", opened, 1, 0)
    left_by, came_by = before.last_channel, course.journey.first_channel
    if left_by is not None and came_by is not None:
        yield Unit("reuse_observed", opened, came_by is left_by)
        by = dimensions(channel=left_by)
        yield Unit("reuse_observed.by_channel", opened, came_by is left_by, 1, by)


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """What unlinked people intend, by the channel they said it on."""
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for (about, construct, scale, wording, instrument, answer), n in counts.answers.items():
        if construct is Construct.REUSE_INTENT and about is not About.TOUCHPOINT:
            where = dimensions(
                channel=place.channel,
                construct=str(construct),
                instrument=str(instrument),
                scale=str(scale),
                wording=None if wording is None else str(wording),
            )
            yield Unit(_INTENT, place.hour, 0, n, where, str(answer))


def _intent(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
    figure = FIGURES[Construct.REUSE_INTENT]["reuse_intent"]
    for where, own in by_dimensions(units).items():
        number = figure(answers_in(own), Scale(dict(where)["scale"]))
        if number is not None:
            yield measure, where, number


SCORES: dict[str, Scoring] = {
    "reuse_observed": apart(share),
    "reuse_observed.by_channel": apart(share),
    "return_rate": apart(share),
    _INTENT: _intent,
}
