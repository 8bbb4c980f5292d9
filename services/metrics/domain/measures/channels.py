"""Which channels people choose, change, stay with, and finish on."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Unit
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.completion import ENDED
from services.metrics.domain.measures.course import (
    citizens_channels,
    end_of,
    is_complete,
    is_digital,
    last_channel,
    last_step,
)
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    FROM_MONTHS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    count,
    exactly,
    joined,
    share,
    share_of_yes,
    yes_or_no,
)

FIRST = "first_channel"  # ended journeys by the citizen's first channel and outcome
SWITCHED = "switched"  # ended journeys in which the citizen changed the channel
SWITCHES = "switches"  # those changes, by the channel left and the one taken
STAYED = "stayed"  # ended journeys that began on a digital channel: did they end on one, by start
FINISHED = "finished"  # complete journeys by what the citizen finished on

NO_CHANNEL = "none"
_DIGITAL, _ASSISTED, _OTHERWISE = "digital", "assisted", "other"


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey."""
    ended = end_of(journey)
    return () if ended is None else _of_ended(journey, ended)


def _of_ended(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    yield ended, cell(FIRST, journey.first_channel or NO_CHANNEL, journey.outcome), 1
    if len(journey.channels) > 1:
        yield from _changes(journey, ended)
    if journey.started is not None and is_digital(journey.first_channel):
        stayed = is_digital(last_channel(journey, ended))
        yield journey.started, cell(STAYED, "", yes_or_no(stayed)), 1
    if is_complete(journey):
        yield ended, cell(FINISHED, "", _finish(journey, ended)), 1


def _changes(journey: JourneySnapshot, ended: datetime) -> Iterator[Amount]:
    chosen = citizens_channels(journey)
    if len(chosen) > 1:
        yield ended, cell(SWITCHED), 1
    for left, taken in pairwise(chosen):
        yield ended, cell(SWITCHES, joined(left, taken)), 1


def _finish(journey: JourneySnapshot, ended: datetime) -> str:
    step = last_step(journey, ended)
    if step is None or not is_digital(step.channel):
        return _OTHERWISE
    return _ASSISTED if journey.assisted else _DIGITAL


def of_bucket(_bucket: Bucket) -> Iterator[Amount]:
    """Unlinked people have no journeys."""
    return iter(())


def _switch_rate(reading: Reading) -> Score:
    return share(sum(reading.bins(SWITCHED).values()), sum(reading.bins(ENDED).values()))


def _switches(reading: Reading) -> Score:
    return count(sum(reading.bins(SWITCHES).values()))


def _mix(reading: Reading) -> Score:
    began = sum(reading.bins(FIRST).values())
    if began == 0:  # somebody seemed to, until an earlier contact came in
        return Score(0)
    return share(began, sum(sum(bins.values()) for bins in reading.groups(FIRST).values()))


def _takeup(digital: tuple[str, ...], reading: Reading) -> Score:
    finished = reading.bins(FINISHED)
    return exactly(sum(finished.get(how, 0) for how in digital), sum(finished.values()))


FORMULAS = (
    Formula(
        "channel_switch_rate",
        (ENDED, SWITCHED),
        _switch_rate,
        means="Of all ended journeys, the share in which the citizen changed the channel, after "
        "the end too.",
        periods=FROM_DAYS,
    ),
    Formula(
        "channel_switches",
        (SWITCHES,),
        _switches,
        labels=("from_channel", "to_channel"),
        unit=Unit.COUNT,
        means="Changes from one channel to another that citizens made in ended journeys.",
        periods=FROM_DAYS,
    ),
    Formula(
        "channel_mix",
        (FIRST,),
        _mix,
        labels=("channel",),
        beside=(FIRST,),
        means="Of all ended journeys, the share whose citizen began on this channel (`none`: only "
        "the agency acted).",
        periods=FROM_DAYS,
    ),
    Formula(
        "channel_loyalty",
        (STAYED,),
        partial(share_of_yes, STAYED),
        when=When.START,
        means="Of the started journeys that began on a digital channel and have ended, the share "
        "whose citizen was on a digital channel last before the end.",
        periods=FROM_DAYS,
    ),
    Formula(
        "digital_takeup.incl",
        (FINISHED,),
        partial(_takeup, (_DIGITAL, _ASSISTED)),
        means="Of the complete journeys, the share whose citizen was last seen in the transaction "
        "at a touchpoint that was visited digitally, with or without help.",
        periods=FROM_MONTHS,
        interval=Method.NONE,
    ),
    Formula(
        "digital_takeup.excl",
        (FINISHED,),
        partial(_takeup, (_DIGITAL,)),
        means="The same without those that were helped: they are not digital then.",
        periods=FROM_MONTHS,
        interval=Method.NONE,
    ),
)
CHANNELS = Family("channels", of_journey, of_bucket, FORMULAS)
