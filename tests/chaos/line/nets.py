"""The nets of metrics' counters, from the oracle's journeys and buckets.

Names and labels are those by which `deploy.demo.counters` reads them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from schemas.catalogue import Catalogue
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    IDENTITY_OF_KIND,
    Action,
    ContactReason,
    Polarity,
    Quality,
)
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import calls, citizens_channels
from tests.oracle.journeys import Journey
from tests.oracle.surveys import UNSCORED, chosen_as, drivers, forms, standing_answers, steps

Labels = tuple[tuple[str, str], ...]
Series = tuple[str, Labels]
Told = tuple[str, dict[str, str], int]
_BOUNDS = (60, 600, 3600, 86_400, 604_800, 2_419_200, 7_776_000, 31_536_000)
_CHAIN = {
    Action.OFFERED: ("survey_offered", "survey_eligible"),
    Action.ANSWERED: ("survey_completed",),
    Action.DISMISSED: ("survey_dismissed",),
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
        yield from _times(journey)
    for name, at in journey.touchpoints.items():
        yield _seen(catalogue, journey.key[1], (name, Quality.VALID), at.count)
    for left, taken in pairwise(citizens_channels(journey)):
        yield "channel_switches", {"from_channel": left.value, "to_channel": taken.value}, 1
    for event in calls(journey):
        yield _called(event, channel["channel"])
    yield from _chain(journey, catalogue, now)
    yield from _opinions(journey)


def _times(journey: Journey) -> Iterator[Told]:
    if journey.started is not None and journey.outcome in COMPLETE_OUTCOMES:
        yield from _observed("journey_duration_seconds", [journey.ended - journey.started])
    visits = sorted(journey.touchpoints.values(), key=lambda at: at.first)
    waits = [after.first - before.last for before, after in pairwise(visits)]
    yield from _observed("touchpoint_wait_seconds", waits)


def _observed(name: str, spans: Sequence[timedelta]) -> Iterator[Told]:
    seconds = [max(span, timedelta(0)).total_seconds() for span in spans]
    for bound in _BOUNDS:
        yield f"{name}_bucket", {"le": f"{bound:.1f}"}, sum(s <= bound for s in seconds)
    for part, labels in (("bucket", {"le": "+Inf"}), ("count", {})):
        yield f"{name}_{part}", labels, len(seconds)
    yield f"{name}_sum", {}, round(sum(seconds))


def _called(event: TouchpointRecord, channel: str) -> Told:
    noted = event.data.contact
    about = _about((noted.reason, noted.avoidable) if noted else (None, None))
    return "contacts", {"channel": channel, **about}, 1


def _about(noted: tuple[ContactReason | None, bool | None]) -> dict[str, str]:
    reason, avoidable = noted
    known = {None: "unknown", True: "yes", False: "no"}[avoidable]
    return {"reason": "none" if reason is None else reason.value, "avoidable": known}


def _chain(journey: Journey, catalogue: Catalogue, now: datetime) -> Iterator[Told]:
    offers = [said.told.instrument for said in steps(journey, Action.OFFERED)]
    every = catalogue.services[journey.key[1]].by_instrument
    for instrument in every if journey.ended <= now else set(offers):
        yield "survey_eligible", {"instrument": instrument}, 1
    for instrument in offers:
        yield "survey_offered", {"instrument": instrument}, 1
    for said in steps(journey, Action.DISMISSED):
        yield "survey_dismissed", {"instrument": said.told.instrument}, 1
    for instrument, _, _ in forms(journey):
        yield "survey_completed", {"instrument": instrument}, 1


def _opinions(journey: Journey) -> Iterator[Told]:
    for said in standing_answers(journey):
        yield _answered(str(said.told.construct), str(said.told.scale), said.told.answer, 1)
    for said, sides in drivers(journey):
        for driver in sides:
            yield "driver_offered", {"driver": driver}, 1
        for polarity in Polarity:
            for driver in chosen_as(said.told, polarity):
                yield _mentioned(driver, polarity, 1)


def _of_bucket(place: Place, counts: Counts, catalogue: Catalogue) -> Iterator[Told]:
    where = (place.touchpoint, place.quality)
    yield _seen(catalogue, place.service, where, counts.actions.total())
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for noted, n in counts.contacts.items():
        yield "contacts", {"channel": place.channel, **_about(noted)}, n
    yield from _surveys_of(counts)


def _surveys_of(counts: Counts) -> Iterator[Told]:
    for (instrument, action), n in counts.chain.items():
        for name in _CHAIN[action]:
            yield name, {"instrument": instrument}, n
    for (_, construct, scale, _, _, answer), n in counts.answers.items():
        yield _answered(str(construct), str(scale), answer, n)
    for (_, _, driver, side), n in counts.drivers.items():
        yield "driver_offered", {"driver": str(driver)}, n
        if side is not None:
            yield _mentioned(str(driver), str(side), n)


def _mentioned(driver: str, polarity: str, n: int) -> Told:
    return "driver_mentions", {"driver": driver, "polarity": polarity}, n


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
    return name, tuple(sorted((label, str(value)) for label, value in everything.items()))
