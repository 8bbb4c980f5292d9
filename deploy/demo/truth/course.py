"""How journeys go: starts and ends, places, channels and ways."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

from deploy.demo.facts import Glimpse, JourneyTruth
from deploy.demo.truth.parts import Part, named
from schemas.vocabulary import (
    COMPLETE_OUTCOMES,
    DIGITAL_CHANNELS,
    About,
    Construct,
    Level,
    Outcome,
    Scale,
    Stage,
)

WITHIN = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
}
_GAVE_UP = frozenset({Outcome.ABANDONED, Outcome.EXPIRED})
_ASKED_AGAIN = timedelta(days=7)
_LONGEST_WAY = 8


def of_journey(journey: JourneyTruth) -> Iterator[Part]:
    """All that this module knows of one journey."""
    yield from _by_start(journey)
    yield from _by_end(journey)
    yield from _by_place(journey)
    yield from _channels(journey)
    yield from _ways(journey)


def of_glimpse(glimpse: Glimpse) -> Iterator[Part]:
    """An event of somebody without a name, where it happened."""
    where, n = named(touchpoint=glimpse.place), glimpse.times
    yield Part("touchpoint_events", glimpse.time, n, n, None, where, Level.TOUCHPOINT)


def _by_start(journey: JourneyTruth) -> Iterator[Part]:
    began = journey.began
    if began is None:
        return
    is_complete = journey.outcome in COMPLETE_OUTCOMES
    yield Part("journeys_started", began, 1)
    yield Part("completion_rate.gds", began, int(is_complete))
    for name, limit in WITHIN.items():
        is_in_time = is_complete and journey.ended - began <= limit
        yield Part(f"completion_within.{name}", began, int(is_in_time))
    if journey.first_channel in DIGITAL_CHANNELS:
        yield Part("channel_loyalty", began, int(journey.stayed_on in DIGITAL_CHANNELS))


def _by_end(journey: JourneyTruth) -> Iterator[Part]:
    ended, outcome = journey.ended, journey.outcome
    yield Part("journeys_ended", ended, 1, bin=outcome.value)
    if {Stage.NEED, Stage.INFORMATION} & journey.milestones.keys():
        yield Part("start_rate", ended, int(journey.began is not None))
    if outcome is Outcome.INFORMED:
        yield from _informed(journey)
        return
    yield Part("completion_rate.live", ended, int(outcome in COMPLETE_OUTCOMES))
    yield Part("abandonment_rate", ended, int(outcome in _GAVE_UP))
    yield Part("undecided_rate", ended, int(outcome is Outcome.UNDECIDED))


def _informed(journey: JourneyTruth) -> Iterator[Part]:
    said = [one for one in journey.latest if one.construct is Construct.TASK_SUCCESS]
    if said:
        last = said[-1]
        asked = any(last.time < c.time <= last.time + _ASKED_AGAIN for c in journey.calls)
        yield Part("information_success", journey.ended, int(last.answer == 1 and not asked))


def _by_place(journey: JourneyTruth) -> Iterator[Part]:
    for place, stay in journey.met.items():
        where, at = named(touchpoint=place), Level.TOUCHPOINT
        yield Part("touchpoint_journeys", stay.first, 1, dimensions=where, level=at)
        yield Part("touchpoint_events", stay.first, stay.count, stay.count, None, where, at)
        back = int(place in journey.back)
        yield Part("loop_share", journey.ended, back, dimensions=where, level=at)
        yield from _left(journey, place)


def _left(journey: JourneyTruth, place: str) -> Iterator[Part]:
    if journey.began is None or journey.outcome is Outcome.INFORMED:
        return
    where, at, left = named(touchpoint=place), Level.TOUCHPOINT, journey.left
    is_lost = journey.outcome not in COMPLETE_OUTCOMES and left is not None and left.place == place
    cell = journey.outcome.value if is_lost else None
    yield Part("step_dropoff", journey.ended, int(is_lost), 1, cell, where, at)
    if is_lost and left is not None:
        asked = any(call.time > left.time for call in journey.calls)
        yield Part("help_sought", journey.ended, int(asked), dimensions=where, level=at)


def _channels(journey: JourneyTruth) -> Iterator[Part]:
    ended, chosen = journey.ended, journey.chosen
    yield Part("channel_switch_rate", ended, int(len(chosen) > 1))
    for left, taken in itertools.pairwise(chosen):
        pair = named(from_channel=left, to_channel=taken)
        yield Part("channel_switches", ended, 1, dimensions=pair)
    first = named(channel=journey.first_channel or "none")
    yield Part("channel_mix", ended, 1, dimensions=first)
    if journey.outcome in COMPLETE_OUTCOMES:
        is_digital = journey.left is not None and journey.left.channel in DIGITAL_CHANNELS
        yield Part("digital_takeup.incl", ended, int(is_digital))
        yield Part("digital_takeup.excl", ended, int(is_digital and not journey.is_assisted))


def _ways(journey: JourneyTruth) -> Iterator[Part]:
    ended, outcome = journey.ended, journey.outcome
    if journey.began is not None:
        yield Part("detour_share", ended, int(journey.is_sent_aside))
    if not journey.met:
        return
    way = named(path=way_of(journey))
    yield Part("path_share", ended, 1, bin=outcome.value, dimensions=way)
    decisive = int(outcome is not Outcome.INFORMED)
    done = int(outcome in COMPLETE_OUTCOMES)
    yield Part("path_completion", ended, done, decisive, outcome.value, way)
    for one in journey.latest:
        is_of_all = one.about is About.JOURNEY and one.construct is Construct.SATISFACTION
        if is_of_all and one.scale is Scale.ONE_TO_FIVE:
            yield Part("path_satisfaction", ended, one.answer, 1, str(one.answer), way)


def way_of(journey: JourneyTruth) -> str:
    """The touchpoints in the order of their first visit; `*` marks one that was come back to."""
    told = [f"{place}*" if place in journey.back else place for place in journey.met]
    return " > ".join(told if len(told) <= _LONGEST_WAY else [*told[:_LONGEST_WAY], "…"])
