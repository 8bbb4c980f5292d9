"""Who was asked, who answered and who could have been asked."""

from collections.abc import Iterator, Sequence

from schemas.vocabulary import Action, Quality
from tests.oracle import intervals
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course
from tests.oracle.measures.units import (
    Named,
    Number,
    Scoring,
    Unit,
    amount,
    apart,
    by_dimensions,
    dimensions,
    share,
)
from tests.oracle.surveys import UNSCORED, bore_fruit, forms, steps

_ENDED = "ended"


def of_journey(course: Course) -> Iterator[Unit]:
    """Offers by their time, answers and dismissals by theirs."""
    journey = course.journey
    for offer in steps(journey, Action.OFFERED):
        at, named, hit = offer.event.time, offer.told.instrument, bore_fruit(offer, journey)
        here = dimensions(instrument=named)
        by_outcome = dimensions(instrument=named, outcome=course.outcome)
        by_channel = dimensions(instrument=named, channel=offer.event.data.channel)
        yield Unit("survey_offered", at, dimensions=here)
        yield Unit("response_rate", at, hit, 1, here)
        yield Unit("response_rate.by_outcome", at, hit, 1, by_outcome)
        yield Unit("response_rate.by_channel", at, hit, 1, by_channel)
    for (instrument, _, _), answers in forms(journey).items():
        here, at = dimensions(instrument=instrument), answers[-1].event.time
        yield Unit("survey_answered", at, dimensions=here)
    for said in steps(journey, Action.DISMISSED):
        here = dimensions(instrument=said.told.instrument)
        yield Unit("survey_dismissed", said.event.time, dimensions=here)
    yield from _covered(course)


def _covered(course: Course) -> Iterator[Unit]:
    """Once, by the first offer of each survey, and by the end of who could have been asked."""
    first = {
        said.told.instrument: said.event.time
        for said in reversed(steps(course.journey, Action.OFFERED))
    }
    for instrument, at in first.items():
        yield Unit("coverage", at, 1, 1, dimensions(instrument=instrument))
        if course.ended is not None:
            yield Unit("coverage", course.ended, 0, -1, dimensions(instrument=instrument))
    if course.ended is not None:
        yield Unit("coverage", course.ended, bin=_ENDED)


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """Of unlinked people nobody knows how their journeys ended, or which they were."""
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for instrument in {instrument for instrument, _ in counts.chain}:
        n = {action: counts.chain[instrument, action] for action in Action}
        here = dimensions(instrument=instrument)
        on = dimensions(instrument=instrument, channel=place.channel)
        offered, answered = n[Action.OFFERED], n[Action.ANSWERED]
        yield Unit("response_rate", place.hour, answered, offered, here)
        yield Unit("response_rate.by_channel", place.hour, answered, offered, on)
        yield Unit("survey_offered", place.hour, of=offered, dimensions=here)
        yield Unit("survey_answered", place.hour, of=answered, dimensions=here)
        yield Unit("survey_dismissed", place.hour, of=n[Action.DISMISSED], dimensions=here)


def _coverage(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
    """Offered, of those and of who ended without an offer. A survey of which nobody was asked, and
    of which nobody ended who had been, is not known to be one.
    """
    ended = sum(unit.of for unit in units if unit.bin == _ENDED)
    for where, own in by_dimensions(u for u in units if u.bin != _ENDED).items():
        offered, of = sum(u.hits for u in own), ended + sum(u.of for u in own)
        value, interval = offered / of if of else None, intervals.wilson(offered, of)
        yield measure, where, Number(of, value, offered, of, interval=interval)


SCORES: dict[str, Scoring] = {
    "response_rate": apart(share),
    "response_rate.by_outcome": apart(share),
    "response_rate.by_channel": apart(share),
    "survey_offered": apart(amount),
    "survey_answered": apart(amount),
    "survey_dismissed": apart(amount),
    "coverage": _coverage,
}
