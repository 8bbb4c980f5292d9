"""Counters for operations: flows as they are processed, without period or clock.

A count that can be revised is exported as two counters that only grow. Opinion is by service
only: an answer at a touchpoint that goes up at 14:03 is one person seen by a clerk. All label sets
are closed, and there from the first scrape on, at 0.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import permutations, product

from schemas.catalogue import OTHER
from schemas.vocabulary import (
    SCALE_RANGE,
    ContactReason,
    Driver,
    Identity,
    Outcome,
    Polarity,
    Quality,
    Scale,
    Turn,
)
from services.metrics.domain.measures.contacts import AVOIDABILITY, NO_REASON
from services.metrics.domain.rules import NO_CHANNEL, ServiceRules

STARTED, RESUMED, ENDED = "journeys_started", "journeys_resumed", "journeys_ended"
CONTACTS, SWITCHES = "contacts", "channel_switches"
ELIGIBLE, OFFERED = "survey_eligible", "survey_offered"
COMPLETED, DISMISSED = "survey_completed", "survey_dismissed"
ANSWERS, EVENTS, OPEN = "survey_answers", "touchpoint_events", "open_journeys"
DRIVER_OFFERED, DRIVER_MENTIONS = "driver_offered", "driver_mentions"
DURATION, WAIT = "journey_duration", "touchpoint_wait"
ENDLESS = "+Inf"
_COUNTERS_KEPT = 50_000

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """A pair of counters: its name without prefix and suffix, and its labels."""

    name: str
    labels: Labels
    help: str


@dataclass(frozen=True)
class Histogram:
    """A pair of histograms by service: its name without prefix and unit, and its bounds (s)."""

    name: str
    help: str
    bounds: tuple[int, ...]

    @property
    def sum(self) -> str:
        """The name of the sum."""
        return f"{self.name}_sum"

    @property
    def labels(self) -> Labels:
        """The labels beside `le`."""
        return _SERVICE

    @cached_property
    def ends(self) -> Labels:
        """The bounds as labels, the endless one too."""
        return (*map(str, self.bounds), ENDLESS)

    def end_of(self, seconds: float) -> str:
        """The bound a duration falls under."""
        return self.ends[bisect_left(self.bounds, seconds)]


_SERVICE = ("agency", "service")
_BY_CHANNEL = (*_SERVICE, "channel")
_BY_INSTRUMENT = (*_SERVICE, "instrument")
_MINUTE_TO_YEAR = (60, 600, 3600, 86400, 604800, 2419200, 7776000, 31536000)
FLOWS = (
    Flow(STARTED, _BY_CHANNEL, "Journeys that started; a resume is not a start."),
    Flow(RESUMED, _BY_CHANNEL, "Times that a journey was resumed."),
    Flow(ENDED, (*_BY_CHANNEL, "outcome", "identity"), "Journeys that ended, each once."),
    Flow(CONTACTS, (*_BY_CHANNEL, "reason", "avoidable"), "Contacts that citizens made."),
    Flow(SWITCHES, (*_SERVICE, "from_channel", "to_channel"), "Changes of the citizen's channel."),
    Flow(ELIGIBLE, _BY_INSTRUMENT, "Journeys that ended or had an offer: who could be asked."),
    Flow(OFFERED, _BY_INSTRUMENT, "Survey offers."),
    Flow(COMPLETED, _BY_INSTRUMENT, "Surveys answered."),
    Flow(DISMISSED, _BY_INSTRUMENT, "Survey offers dismissed."),
    Flow(ANSWERS, (*_SERVICE, "construct", "scale", "answer"), "Answers given."),
    Flow(DRIVER_OFFERED, (*_SERVICE, "driver"), "Forms that offered a driver to choose."),
    Flow(DRIVER_MENTIONS, (*_SERVICE, "driver", "polarity"), "Drivers chosen, as good or as bad."),
    Flow(EVENTS, (*_SERVICE, "stage", "touchpoint", "quality"), "Touchpoint events, by quality."),
)
GAUGE = Flow(OPEN, (*_SERVICE, "turn"), "Journeys that are open now, by whose turn it is.")
DURATIONS = Histogram(DURATION, "Seconds from start to completion.", _MINUTE_TO_YEAR)
WAITS = Histogram(
    WAIT,
    "Seconds from the last event at a touchpoint to the first at the next new one, of ended "
    "journeys.",
    _MINUTE_TO_YEAR,
)
HISTOGRAMS = (DURATIONS, WAITS)


@lru_cache(_COUNTERS_KEPT)
def counter(name: str, *labels: str) -> str:
    """The key of one counter."""
    return "|".join((name, *labels))


@cache  # of closed label sets there are some thousand keys, read at every scrape
def name_and_labels(key: str) -> tuple[str, Labels]:
    """A counter's key taken apart."""
    name, *labels = key.split("|")
    return name, tuple(labels)


def expected(rules: ServiceRules) -> Mapping[str, tuple[Labels, ...]]:
    """The label sets every counter of a service has."""
    by_channel = list(_each(rules, rules.channels))
    by_instrument = tuple(_each(rules, sorted({*rules.instruments, OTHER})))
    reasons = [NO_REASON, *ContactReason]
    outcomes = [o for o in Outcome if o is not Outcome.OPEN]
    identities = (Identity.LINKED, Identity.PARTIAL)
    channels = [channel for channel in rules.channels if channel != NO_CHANNEL]
    places = ((stage, touchpoint) for touchpoint, stage in rules.touchpoints.items())
    sets = {
        STARTED: by_channel,
        RESUMED: by_channel,
        ENDED: _each(rules, rules.channels, outcomes, identities),
        CONTACTS: _each(rules, rules.channels, reasons, AVOIDABILITY),
        SWITCHES: ((*_names(rules), *pair) for pair in permutations(channels, 2)),
        ELIGIBLE: by_instrument,
        OFFERED: by_instrument,
        COMPLETED: by_instrument,
        DISMISSED: by_instrument,
        ANSWERS: ((*_names(rules), *answer) for answer in _answers(rules)),
        DRIVER_OFFERED: _each(rules, Driver),
        DRIVER_MENTIONS: _each(rules, Driver, Polarity),
        EVENTS: ((*_names(rules), *at, quality.value) for at, quality in product(places, Quality)),
        OPEN: _each(rules, Turn),
    }
    for histogram in HISTOGRAMS:
        sets[histogram.name] = _each(rules, histogram.ends)
        sets[histogram.sum] = [_names(rules)]
    return {name: tuple(labels) for name, labels in sets.items()}


def _names(rules: ServiceRules) -> Labels:
    return rules.agency, rules.service


def _each(rules: ServiceRules, *words: Iterable[str]) -> Iterator[Labels]:
    """All combinations of these words, for one service."""
    for combination in product(*words):
        yield (*_names(rules), *map(str, combination))


def _answers(rules: ServiceRules) -> Iterator[Labels]:
    for construct, scale in sorted(rules.questions):
        low, high = SCALE_RANGE[Scale(scale)]
        for answer in range(low, high + 1):
            yield construct, scale, str(answer)
