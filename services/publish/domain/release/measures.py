"""Which measures may become public, and of which counts they are made: what is not here is not.

A measure is added when all that its counts have to do with others is said here: two that share a
table's counts name them alike, and `CHAINS` has those that contain one another. Percentiles stay
inside: of a 2 % bucket nothing is left after rounding, and `completion_within` tells the same.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from schemas.metric import MetricMessage
from schemas.vocabulary import Outcome, Scale
from services.publish.domain.release import cell
from services.publish.domain.release.cell import Net, Share, Sum, Told, Top
from services.publish.domain.release.count import ALL, rest


class Public(NamedTuple):
    """One measure: the ground of its table, with dimensions as `{instrument}`, and its reading."""

    ground: str
    read: Callable[[MetricMessage], Told]


_ANSWERS = "answers/{construct}/{instrument}/{scale}/{wording}"
_FOURS_AND_FIVES, _ONES_AND_TWOS = frozenset({4, 5}), frozenset({1, 2})
_TOP = {Scale.ONE_TO_FIVE: _FOURS_AND_FIVES}
_BOTTOM = {Scale.ONE_TO_FIVE: _ONES_AND_TWOS}
_TRUSTING = {Scale.THUMBS: frozenset({1}), **_TOP}
_PROMOTERS = {Scale.ZERO_TO_TEN: frozenset({9, 10})}
_DETRACTORS = {Scale.ZERO_TO_TEN: frozenset(range(7))}

MEASURES: Mapping[str, Public] = MappingProxyType(
    {
        "journeys_started": Public("cohort", cell.number),
        "journeys_ended": Public("ended", cell.outcomes),
        "touchpoint_journeys": Public("visited", cell.number),
        "completion_rate.gds": Public("cohort", Share("complete")),
        "completion_rate.live": Public("ended", Share("complete", "decided")),
        "completion_within.1h": Public("cohort", Share("1h")),
        "completion_within.1d": Public("cohort", Share("1d")),
        "completion_within.7d": Public("cohort", Share("7d")),
        "completion_within.28d": Public("cohort", Share("28d")),
        "abandonment_rate": Public("ended", Share("silent", "decided")),
        "undecided_rate": Public("ended", Share("undecided", "decided")),
        "start_rate": Public("ended", Share("started", "wanted")),
        "step_dropoff": Public("reached", Share("lost")),
        "channel_mix": Public("ended", Share("channel={channel}")),
        "channel_switch_rate": Public("ended", Share("switched")),
        "digital_takeup.incl": Public("ended", Share("digital or assisted", "complete")),
        "digital_takeup.excl": Public("ended", Share("digital", "complete")),
        "response_rate": Public("offers/{instrument}", Share("answered")),
        "satisfaction.linear": Public(_ANSWERS, cell.mean),
        "satisfaction.top2": Public(_ANSWERS, Top(_TOP)),
        "satisfaction.net": Public(_ANSWERS, Net(_TOP, _BOTTOM)),
        "trust.positive": Public(_ANSWERS, Top(_TRUSTING)),
        "task_success.gc": Public(_ANSWERS, Top({Scale.YES_NO: frozenset({1})})),
        "nps": Public(_ANSWERS, Net(_PROMOTERS, _DETRACTORS, times=100)),
    }
)

_NOT_STARTED = rest("wanted", "started")
CHAINS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "cohort": (("1h", "1d", "7d", "28d", "complete", ALL),),
        "ended": (
            ("digital", "digital or assisted", "complete"),
            ("wanted", ALL),
            ("started", "decided"),
            (_NOT_STARTED, Outcome.INFORMED.value),
        ),
    }
)
"""By ground, counts of which each is contained in the next: their differences are counts too.

Two grounds that sound alike are not counts of the same: who `visited` a touchpoint counts by the
first visit and who `reached` it by the end of the journey, an offer that was `answered` by the
offer and answers by their own time, also those nobody offered: they differ by any number.
"""

_DECIDED = tuple(o.value for o in Outcome if o not in {Outcome.OPEN, Outcome.INFORMED})
SUMS: Mapping[str, tuple[Sum, ...]] = MappingProxyType(
    {
        "ended": (
            Sum("decided", _DECIDED),
            Sum("complete", (Outcome.SUCCESS.value, Outcome.NEGATIVE_BUT_CORRECT.value)),
            Sum("silent", (Outcome.ABANDONED.value, Outcome.EXPIRED.value)),
            Sum(Outcome.INFORMED.value, (_NOT_STARTED,)),
        )
    }
)
"""By ground, sums over counts that several of its measures share. Who looked for information and
did not start was informed; where the books say otherwise, the sum is left out.
"""
