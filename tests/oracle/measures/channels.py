"""Which channels people choose, change, stay with, and finish on."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from schemas.vocabulary import DIGITAL_CHANNELS
from tests.oracle import intervals
from tests.oracle.courses import Course, citizens_channels, last_channel, left_at
from tests.oracle.measures.units import (
    Named,
    Number,
    Scoring,
    Unit,
    amount,
    apart,
    by_dimensions,
    dimensions,
    exactly,
    share,
)


def of_journey(course: Course) -> Iterator[Unit]:
    """By end, but for staying digital, which is by start."""
    ended, journey = course.ended, course.journey
    if ended is None:
        return
    chosen = citizens_channels(journey)
    yield Unit("channel_mix", ended, dimensions=dimensions(channel=course.first_channel))
    yield Unit("channel_switch_rate", ended, len(chosen) > 1)
    for left, taken in pairwise(chosen):
        both = dimensions(from_channel=left, to_channel=taken)
        yield Unit("channel_switches", ended, dimensions=both)
    if journey.started is not None and journey.first_channel in DIGITAL_CHANNELS:
        is_digital = last_channel(journey, ended) in DIGITAL_CHANNELS
        yield Unit("channel_loyalty", journey.started, is_digital)
    if course.is_complete:
        left_on = left_at(journey, ended)
        channel = journey.touchpoints[left_on[0]].channel if left_on is not None else None
        is_digital = channel in DIGITAL_CHANNELS
        is_assisted = any(event.data.assisted for event in journey.events)
        yield Unit("digital_takeup.incl", ended, is_digital)
        yield Unit("digital_takeup.excl", ended, is_digital and not is_assisted)


def _mix(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
    for where, began in by_dimensions(units).items():
        n, of = len(began), len(units)
        yield measure, where, Number(of, n / of, n, of, interval=intervals.wilson(n, of))


SCORES: dict[str, Scoring] = {
    "channel_mix": _mix,
    "channel_switch_rate": apart(share),
    "channel_switches": apart(amount),
    "channel_loyalty": apart(share),
    "digital_takeup.incl": apart(exactly),
    "digital_takeup.excl": apart(exactly),
}
