"""What one snapshot adds to the counters for operations."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Action, Quality, Status
from services.metrics.domain import flows
from services.metrics.domain.durations import seconds_between
from services.metrics.domain.flows import Histogram, counter
from services.metrics.domain.measures.contacts import NO_REASON, known
from services.metrics.domain.measures.course import (
    calls,
    citizens_channels,
    end_of,
    is_complete,
)
from services.metrics.domain.measures.drivers import forms
from services.metrics.domain.measures.steps import NEVER_SCORED, counted, latest_answers
from services.metrics.domain.rules import NO_CHANNEL, ServiceRules

Count = tuple[str, int]
"""A counter's key, and how many more."""

_Names = tuple[str, ...]
_OF_ACTION = {Action.OFFERED: flows.OFFERED, Action.DISMISSED: flows.DISMISSED}
_first = attrgetter("first")
_OPEN, _VALID = Status.OPEN, Quality.VALID


def of_journey(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[Count]:
    """What one journey adds to the counters."""
    service = (rules.agency, rules.service)
    by_channel = (*service, journey.first_channel or NO_CHANNEL)
    yield from _course(journey, service, by_channel)
    if journey.contacts or len(journey.channels) > 1:
        yield from _help(journey, service, by_channel)
    for visit in journey.touchpoints:
        yield _events(visit.touchpoint, _VALID, rules), visit.count
    if journey.survey or end_of(journey) is not None:
        yield from _eligible(journey, rules)
    if journey.survey:
        yield from _asked(journey, rules)
        yield from _answered(journey, rules)


def _course(journey: JourneySnapshot, service: _Names, by_channel: _Names) -> Iterator[Count]:
    if journey.status is _OPEN:
        yield counter(flows.OPEN, *service, journey.turn), 1
    if journey.started is not None:
        yield counter(flows.STARTED, *by_channel), 1
    if journey.resumed:
        yield counter(flows.RESUMED, *by_channel), journey.resumed
    if end_of(journey) is not None:
        yield counter(flows.ENDED, *by_channel, journey.outcome, journey.identity), 1
        yield from _times(journey, service)


def _help(journey: JourneySnapshot, service: _Names, by_channel: _Names) -> Iterator[Count]:
    for left, taken in pairwise(citizens_channels(journey)):
        yield counter(flows.SWITCHES, *service, left, taken), 1
    for call in calls(journey):
        about = (call.reason or NO_REASON, known(call.avoidable))
        yield counter(flows.CONTACTS, *by_channel, *about), 1


def _times(journey: JourneySnapshot, service: _Names) -> Iterator[Count]:
    if journey.started is not None and journey.ended is not None and is_complete(journey):
        taken = seconds_between(journey.started, journey.ended)
        yield from _observed(flows.DURATIONS, [taken], service)
    visits = pairwise(sorted(journey.touchpoints, key=_first))
    waits = [seconds_between(before.last, after.first) for before, after in visits]
    if waits:
        yield from _observed(flows.WAITS, waits, service)


def _observed(histogram: Histogram, spans: Sequence[float], service: _Names) -> Iterator[Count]:
    """All spans (s) in their buckets, and their sum."""
    for seconds in spans:
        yield counter(histogram.name, *service, histogram.end_of(seconds)), 1
    yield counter(histogram.sum, *service), round(sum(spans))


def _eligible(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[Count]:
    if end_of(journey) is not None:
        could_be_asked = rules.instruments
    else:
        offers = (s for s in journey.survey if s.action is Action.OFFERED)
        could_be_asked = frozenset(rules.instrument_label(s.instrument) for s in offers)
    for instrument in could_be_asked:
        yield counter(flows.ELIGIBLE, rules.agency, rules.service, instrument), 1


def _asked(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[Count]:
    for step in counted(journey.survey):
        name = _OF_ACTION.get(step.action)
        if name is not None:
            instrument = rules.instrument_label(step.instrument)
            yield counter(name, rules.agency, rules.service, instrument), 1


def _answered(journey: JourneySnapshot, rules: ServiceRules) -> Iterator[Count]:
    service = (rules.agency, rules.service)
    answers = latest_answers(counted(journey.survey))
    for instrument, _, _ in {(a.instrument, a.about, a.touchpoint) for a in answers}:
        yield counter(flows.COMPLETED, *service, rules.instrument_label(instrument)), 1
    for a in answers:
        yield counter(flows.ANSWERS, *service, str(a.construct), str(a.scale), str(a.answer)), 1
    for form in forms(answers):
        for driver in {mention.driver for mention in form.drivers}:
            yield counter(flows.DRIVER_OFFERED, *service, driver), 1
        for driver, polarity in {(m.driver, m.polarity) for m in form.drivers if m.chosen}:
            yield counter(flows.DRIVER_MENTIONS, *service, driver, polarity), 1


def of_bucket(bucket: Bucket, rules: ServiceRules) -> Iterator[Count]:
    """What one bucket of unlinked events adds to the counters."""
    yield _events(bucket.touchpoint, bucket.quality, rules), sum(bucket.actions.values())
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    service = (rules.agency, rules.service)
    for chain in bucket.chain:
        instrument = rules.instrument_label(chain.instrument)
        yield counter(flows.ELIGIBLE, *service, instrument), chain.offered
        yield counter(flows.OFFERED, *service, instrument), chain.offered
        yield counter(flows.COMPLETED, *service, instrument), chain.answered
        yield counter(flows.DISMISSED, *service, instrument), chain.dismissed
    for a in bucket.answers:
        yield counter(flows.ANSWERS, *service, a.construct, a.scale, str(a.answer)), a.count
    for one in bucket.drivers:
        yield counter(flows.DRIVER_OFFERED, *service, one.driver), one.count
        if one.chosen is not None:
            yield counter(flows.DRIVER_MENTIONS, *service, one.driver, one.chosen), one.count
    for contact in bucket.contacts:
        about = (contact.reason or NO_REASON, known(contact.avoidable))
        yield counter(flows.CONTACTS, *service, bucket.channel, *about), contact.count


def _events(touchpoint: str, quality: Quality, rules: ServiceRules) -> str:
    known_as = rules.touchpoint_label(touchpoint)
    stage = rules.touchpoints[known_as]
    return counter(flows.EVENTS, rules.agency, rules.service, stage, known_as, quality)
