"""The nets of metrics' counters, from the oracle's journeys and buckets.

Names and labels are those by which `deploy.demo.counters` reads them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from schemas.catalogue import Catalogue
from schemas.vocabulary import (
    IDENTITY_OF_KIND,
    Action,
    Quality,
)
from tests.oracle.amounts import UNSCORED
from tests.oracle.buckets import Counts, Place
from tests.oracle.journeys import Journey

Labels = tuple[tuple[str, str], ...]
Series = tuple[str, Labels]
Told = tuple[str, dict[str, str], int]
_CHAIN = {
    Action.OFFERED: "survey_offered",
    Action.ANSWERED: "survey_completed",
    Action.DISMISSED: "survey_dismissed",
}


def nets(
    journeys: Iterable[Journey],
    buckets: Mapping[Place, Counts],
    catalogue: Catalogue,
    now: datetime,
) -> Counter[Series]:
    """Every net that is not 0; what would end later than `now` has not ended."""
    found: Counter[Series] = Counter()
    for journey in journeys:
        for name, labels, n in _of_journey(journey, catalogue, now):
            found[_series(catalogue, journey.key[1], name, labels)] += n
    for place, counts in buckets.items():
        for name, labels, n in _of_bucket(place, counts, catalogue):
            found[_series(catalogue, place.service, name, labels)] += n
    return +found


def _of_journey(journey: Journey, catalogue: Catalogue, now: datetime) -> Iterator[Told]:
    channel = {"channel": str(journey.first_channel or "none")}
    if journey.started is not None:
        yield "journeys_started", channel, 1
    yield "journeys_resumed", channel, journey.resumed
    if journey.ended <= now:
        identity = IDENTITY_OF_KIND[journey.events[0].data.identity_kind]
        ending = {"outcome": journey.outcome.value, "identity": identity.value}
        yield "journeys_ended", {**channel, **ending}, 1
    for name, at in journey.touchpoints.items():
        yield _seen(catalogue, journey.key[1], (name, Quality.VALID), at.count)
    yield from _survey(journey)


def _survey(journey: Journey) -> Iterator[Told]:
    answers: dict[tuple[str, ...], int] = {}
    for step in journey.survey:
        told, action = step.data.feedback, step.data.action
        if told is None or step.data.provenance in UNSCORED:
            continue
        if action is not Action.ANSWERED:
            yield _CHAIN[action], {"instrument": told.instrument}, 1
        elif told.answer is not None:
            asked = (told.instrument, told.about, step.data.touchpoint)
            answers[*asked, str(told.construct), str(told.scale)] = told.answer
    for instrument in [place[0] for place in {key[:3] for key in answers}]:
        yield "survey_completed", {"instrument": instrument}, 1
    for (*_, construct, scale), answer in answers.items():
        yield _answered(construct, scale, answer, 1)


def _of_bucket(place: Place, counts: Counts, catalogue: Catalogue) -> Iterator[Told]:
    where = (place.touchpoint, place.quality)
    yield _seen(catalogue, place.service, where, counts.actions.total())
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for (instrument, action), n in counts.chain.items():
        yield _CHAIN[action], {"instrument": instrument}, n
    for (_, construct, scale, _, _, answer), n in counts.answers.items():
        yield _answered(str(construct), str(scale), answer, n)


def _answered(construct: str, scale: str, answer: object, n: int) -> Told:
    labels = {"construct": construct, "scale": scale, "answer": str(answer)}
    return "survey_answers", labels, n


def _seen(catalogue: Catalogue, service: str, where: tuple[str, Quality], n: int) -> Told:
    place, quality = where
    known = catalogue.services[service].by_touchpoint
    stage = known[place].stage.value if place in known else "information"
    labels = {"touchpoint": place, "stage": stage, "quality": quality.value}
    return "touchpoint_events", labels, n


def _series(catalogue: Catalogue, service: str, name: str, labels: dict[str, str]) -> Series:
    everything = {"agency": catalogue.agency_of[service], "service": service, **labels}
    return name, tuple(sorted(everything.items()))
