"""Who was asked, who came back, and whose events can be joined."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from deploy.demo.facts import Glimpse, JourneyTruth
from deploy.demo.truth.parts import Part, named
from schemas.vocabulary import Action, Channel, Identity, Quality

_LONG_AGO = timedelta(days=365)


def of_journey(journey: JourneyTruth) -> Iterator[Part]:
    """Of one journey."""
    yield from _surveys(journey)
    yield from _returns(journey)
    for stay in journey.met.values():
        yield from _events(stay.first, stay.channel, journey.identity.value, stay.count)


def _surveys(journey: JourneyTruth) -> Iterator[Part]:
    asked: dict[str, datetime] = {}
    for offer in journey.offers:
        instrument, time, hit = offer.instrument, offer.time, int(offer.answered)
        first = asked.get(instrument, time)
        asked[instrument] = min(first, time)
        yield from _offered(instrument, offer.channel, time, hit, 1)
        how = named(instrument=instrument, outcome=journey.outcome)
        yield Part("response_rate.by_outcome", time, hit, dimensions=how)
    for instrument, time in asked.items():
        yield Part("coverage", time, 1, 1, dimensions=named(instrument=instrument))
        # It has been counted: at its end it is no more one without.
        yield Part("coverage", journey.ended, 0, -1, dimensions=named(instrument=instrument))
    answered = {(one.instrument, one.about, one.place): one.time for one in journey.latest}
    for (instrument, _, _), time in answered.items():
        yield Part("survey_answered", time, 1, dimensions=named(instrument=instrument))
    for no in journey.dismissals:
        yield Part("survey_dismissed", no.time, 1, dimensions=named(instrument=no.instrument))


def _offered(
    instrument: str, channel: Channel, time: datetime, hits: int, of: int
) -> Iterator[Part]:
    which, by = named(instrument=instrument), named(instrument=instrument, channel=channel)
    yield Part("response_rate", time, hits, of, dimensions=which)
    yield Part("response_rate.by_channel", time, hits, of, dimensions=by)
    yield Part("survey_offered", time, of, of, dimensions=which)


def _returns(journey: JourneyTruth) -> Iterator[Part]:
    if journey.identity is not Identity.LINKED:
        return
    yield Part("return_rate", journey.ended, 0)
    before = journey.before
    if before is None or journey.opened - before.ended > _LONG_AGO:
        return
    yield Part("return_rate", journey.opened, 1, 0)
    left_by, came_by = before.channel, journey.first_channel
    if left_by is not None and came_by is not None:
        same = int(left_by is came_by)
        yield Part("reuse_observed", journey.opened, same)
        by = named(channel=left_by)
        yield Part("reuse_observed.by_channel", journey.opened, same, dimensions=by)


def of_glimpse(glimpse: Glimpse) -> Iterator[Part]:
    """Of somebody without a name."""
    quality, times, time = glimpse.quality, glimpse.times, glimpse.time
    bin_ = Identity.UNLINKED.value if quality is Quality.VALID else quality.value
    yield from _events(time, glimpse.channel, bin_, times)
    if glimpse.instrument is None or quality is not Quality.VALID:
        return
    which = named(instrument=glimpse.instrument)
    if glimpse.action is Action.OFFERED:
        yield from _offered(glimpse.instrument, glimpse.channel, time, 0, times)
    elif glimpse.action is Action.DISMISSED:
        yield Part("survey_dismissed", time, times, times, dimensions=which)
    elif glimpse.is_first:
        yield from _offered(glimpse.instrument, glimpse.channel, time, times, 0)
        yield Part("survey_answered", time, times, times, dimensions=which)


def _events(time: datetime, channel: Channel, bin_: str, n: int) -> Iterator[Part]:
    is_valid = bin_ in set(Identity)
    linked, valid = (n if bin_ == Identity.LINKED else 0), (n if is_valid else 0)
    by = named(channel=channel)
    yield Part("identity_linked_share", time, linked, valid, bin_, times=n)
    yield Part("identity_linked_share.by_channel", time, linked, valid, bin_, by, times=n)
    is_bot, is_unlinked = bin_ == Quality.BOT_SUSPECTED, bin_ == Identity.UNLINKED
    yield Part("bot_share", time, n * is_bot, n, bin_, times=n)
    yield Part("unlinked_share", time, n * is_unlinked, n, bin_, times=n)
