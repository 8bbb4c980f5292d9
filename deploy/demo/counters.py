"""Counters and histograms on `/metrics` since the beginning: each net is a sum over the stories."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from prometheus_client.parser import text_string_to_metric_families

from deploy.demo.facts import Call, Glimpse, JourneyTruth, Opinion
from schemas.catalogue import Catalogue
from schemas.vocabulary import COMPLETE_OUTCOMES, Action, Provenance, Quality

# (name without prefix and suffix, labels in order of their names)
Labels = tuple[tuple[str, str], ...]
Series = tuple[str, Labels]
NAMES = (
    "channel_switches",
    "contacts",
    "driver_mentions",
    "driver_offered",
    "journeys_ended",
    "journeys_resumed",
    "journeys_started",
    "survey_answers",
    "survey_completed",
    "survey_dismissed",
    "survey_eligible",
    "survey_offered",
    "touchpoint_events",
)
_SPANS = ("journey_duration_seconds", "touchpoint_wait_seconds")
_MINUTE_TO_YEAR = (60, 600, 3600, 86400, 604800, 2419200, 7776000, 31536000)
_PREFIX, _GROWN, _TAKEN_BACK = "throughline_", "_total", "_retracted"
_SHOWN = {
    *(f"{name}{_GROWN}" for name in NAMES),
    *(f"{name}_{part}" for name in _SPANS for part in ("bucket", "count", "sum")),
}


def expected_nets(
    catalogue: Catalogue, journeys: Iterable[JourneyTruth], glimpses: Iterable[Glimpse]
) -> Counter[Series]:
    """Every net that is not 0."""
    nets: Counter[Series] = Counter()
    for journey in journeys:
        for name, labels, n in _of_journey(catalogue, journey):
            nets[_series(catalogue, journey.service, name, labels)] += n
    for glimpse in glimpses:
        for name, labels, n in _of_glimpse(catalogue, glimpse):
            nets[_series(catalogue, glimpse.service, name, labels)] += n
    return +nets


def nets_in(exposition: str) -> Counter[Series]:
    """The nets of the same counters in the text of `/metrics`; those at 0 are left out."""
    nets: Counter[Series] = Counter()
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            found = _net_name(sample.name)
            if found is not None:
                name, sign = found
                nets[name, tuple(sorted(sample.labels.items()))] += sign * int(sample.value)
    return Counter({series: n for series, n in nets.items() if n})


def _net_name(sample: str) -> tuple[str, int] | None:
    stem = sample.removeprefix(_PREFIX)
    name, sign = stem.replace(_TAKEN_BACK, ""), -1 if _TAKEN_BACK in stem else 1
    return (name.removesuffix(_GROWN), sign) if name in _SHOWN else None


Told = tuple[str, dict[str, str], int]


def _of_journey(catalogue: Catalogue, journey: JourneyTruth) -> Iterator[Told]:
    channel = {"channel": journey.first_channel or "none"}
    if journey.began is not None:
        yield "journeys_started", channel, 1
    yield "journeys_resumed", channel, journey.resumed
    ending = {"outcome": journey.outcome.value, "identity": journey.identity.value}
    yield "journeys_ended", {**channel, **ending}, 1
    for place, stay in journey.met.items():
        yield _seen(catalogue, journey.service, place, stay.count)
    for call in journey.calls:
        yield _called(call, channel["channel"])
    for left, taken in zip(journey.chosen, journey.chosen[1:], strict=False):
        yield "channel_switches", {"from_channel": left, "to_channel": taken}, 1
    yield from _surveys(catalogue, journey)
    yield from _spans(journey)


def _spans(journey: JourneyTruth) -> Iterator[Told]:
    if journey.began is not None and journey.outcome in COMPLETE_OUTCOMES:
        yield from _observed("journey_duration_seconds", [journey.ended - journey.began])
    waits = [after.first - before.last for before, after in pairwise(journey.met.values())]
    yield from _observed("touchpoint_wait_seconds", waits)


def _observed(name: str, spans: Sequence[timedelta]) -> Iterator[Told]:
    """A histogram; to meet a second touchpoint while still at the first is no wait."""
    lasted = [max(0.0, span.total_seconds()) for span in spans]
    for seconds in lasted:
        for bound in _MINUTE_TO_YEAR:
            yield f"{name}_bucket", {"le": f"{bound:.1f}"}, int(seconds <= bound)
        yield f"{name}_bucket", {"le": "+Inf"}, 1
        yield f"{name}_count", {}, 1
    yield f"{name}_sum", {}, round(sum(lasted))


def _surveys(catalogue: Catalogue, journey: JourneyTruth) -> Iterator[Told]:
    for instrument in catalogue.services[journey.service].by_instrument:
        # Every journey here has ended, so every survey could have been offered.
        yield "survey_eligible", {"instrument": instrument}, 1
    for offer in journey.offers:
        yield "survey_offered", {"instrument": offer.instrument}, 1
    for no in journey.dismissals:
        yield "survey_dismissed", {"instrument": no.instrument}, 1
    forms: dict[tuple[str, str, str], Opinion] = {}
    for one in journey.latest:
        yield _answered(one)
        which = (one.instrument, one.about, one.place)
        if which not in forms or one.drivers:
            forms[which] = one
    for (instrument, _, _), form in forms.items():
        yield "survey_completed", {"instrument": instrument}, 1
        yield from _drivers(form)


def _of_glimpse(catalogue: Catalogue, glimpse: Glimpse) -> Iterator[Told]:
    yield _seen(catalogue, glimpse.service, glimpse.place, glimpse.times, glimpse.quality)
    if glimpse.quality is not Quality.VALID or glimpse.provenance is not Provenance.OBSERVED:
        return
    if glimpse.call is not None:
        yield _called(glimpse.call, glimpse.channel)
    if glimpse.instrument is not None:
        for name in _CHAIN[glimpse.action] if glimpse.is_first else ():
            yield name, {"instrument": glimpse.instrument}, glimpse.times
    if glimpse.opinion is not None:
        yield _answered(glimpse.opinion)
        if glimpse.is_first:
            yield from _drivers(glimpse.opinion)


_CHAIN = {
    Action.OFFERED: ("survey_offered", "survey_eligible"),
    Action.ANSWERED: ("survey_completed",),
    Action.DISMISSED: ("survey_dismissed",),
}


def _answered(one: Opinion) -> Told:
    labels = {"construct": one.construct, "scale": one.scale, "answer": str(one.answer)}
    return "survey_answers", labels, 1


def _drivers(form: Opinion) -> Iterator[Told]:
    for driver, side in (form.drivers or {}).items():
        yield "driver_offered", {"driver": driver}, 1
        if side is not None:
            yield "driver_mentions", {"driver": driver, "polarity": side}, 1


def _called(call: Call, channel: str) -> Told:
    """A contact; `channel` is that of the journey where there is one."""
    known = {None: "unknown", True: "yes", False: "no"}[call.avoidable]
    about = {"reason": call.reason or "none", "avoidable": known}
    return "contacts", {"channel": channel, **about}, 1


def _seen(
    catalogue: Catalogue, service: str, place: str, n: int, quality: Quality = Quality.VALID
) -> Told:
    stage = catalogue.services[service].by_touchpoint[place].stage
    labels = {"touchpoint": place, "stage": stage.value, "quality": quality.value}
    return "touchpoint_events", labels, n


def _series(catalogue: Catalogue, service: str, name: str, labels: dict[str, str]) -> Series:
    everything = {"agency": catalogue.agency_of[service], "service": service, **labels}
    return name, tuple(sorted((label, str(value)) for label, value in everything.items()))
