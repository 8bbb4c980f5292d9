"""The expected nets of metrics' counters (`_total` less `_retracted_total`), and reading them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client.parser import text_string_to_metric_families

from deploy.demo.story import Glimpse, JourneyTruth
from schemas.catalogue import Catalogue
from schemas.vocabulary import Action, Quality

# (name without prefix and suffix, labels in order of their names)
Labels = tuple[tuple[str, str], ...]
Series = tuple[str, Labels]
NAMES = (
    "journeys_started",
    "journeys_resumed",
    "journeys_ended",
    "survey_offered",
    "survey_completed",
    "survey_dismissed",
    "survey_answers",
    "touchpoint_events",
)
_PREFIX, _GROWN, _TAKEN_BACK = "throughline_", "_total", "_retracted_total"


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
    if stem.endswith(_TAKEN_BACK):
        name, sign = stem.removesuffix(_TAKEN_BACK), -1
    else:
        name, sign = stem.removesuffix(_GROWN), 1
    return (name, sign) if name in NAMES and sample.endswith(_GROWN) else None


Told = tuple[str, dict[str, str], int]


def _of_journey(catalogue: Catalogue, journey: JourneyTruth) -> Iterator[Told]:
    channel = {"channel": journey.first_channel or "none"}
    if journey.began is not None:
        yield "journeys_started", channel, 1
    yield "journeys_resumed", channel, journey.resumed
    ending = {"outcome": journey.outcome.value, "identity": journey.identity.value}
    yield "journeys_ended", {**channel, **ending}, 1
    for place, stay in journey.places.items():
        yield _seen(catalogue, journey.service, place, stay.count)
    for offer in journey.offers:
        asked = {"instrument": offer.instrument}
        yield "survey_offered", asked, 1
        yield "survey_completed", asked, int(offer.answered)
        yield "survey_dismissed", asked, int(offer.dismissed)
    for opinion in journey.opinions:
        yield _answered(opinion.answer)


def _of_glimpse(catalogue: Catalogue, glimpse: Glimpse) -> Iterator[Told]:
    yield _seen(catalogue, glimpse.service, glimpse.place, 1, glimpse.quality)
    if glimpse.instrument is not None:
        names = {
            Action.OFFERED: "survey_offered",
            Action.ANSWERED: "survey_completed",
            Action.DISMISSED: "survey_dismissed",
        }
        yield names[glimpse.action], {"instrument": glimpse.instrument}, 1
    if glimpse.opinion is not None:
        yield _answered(glimpse.opinion.answer)


def _answered(answer: int) -> Told:
    labels = {"construct": "satisfaction", "scale": "1..5", "answer": str(answer)}
    return "survey_answers", labels, 1


def _seen(
    catalogue: Catalogue, service: str, place: str, n: int, quality: Quality = Quality.VALID
) -> Told:
    stage = catalogue.services[service].by_touchpoint[place].stage
    labels = {"touchpoint": place, "stage": stage.value, "quality": quality.value}
    return "touchpoint_events", labels, n


def _series(catalogue: Catalogue, service: str, name: str, labels: dict[str, str]) -> Series:
    everything = {"agency": catalogue.agency_of[service], "service": service, **labels}
    return name, tuple(sorted(everything.items()))
