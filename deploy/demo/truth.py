"""The expected numbers: plain sums over what the stories state, month by month.

Nothing here reads an event or knows a deadline: a story has already said when and how it ended.
One file, a little long, so that each sum stands beside the number it becomes.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deploy.demo.story import Glimpse, JourneyTruth, Offer, Opinion
from schemas.catalogue import Catalogue
from schemas.vocabulary import COMPLETE_OUTCOMES, Action, Outcome, Quality

# (metric, service, other dimensions, start of the month in UTC)
Dimensions = tuple[tuple[str, str], ...]
Key = tuple[str, str, Dimensions, datetime]
WITHIN = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
}
_TIMES = ("time_to_complete.completed", "time_to_complete.started", "time_to_decision")
# The measures that a story tells: a message of another one is compared with nothing yet.
MEASURES = frozenset(
    {
        "abandonment_rate",
        "completion_rate.gds",
        "completion_rate.live",
        "journeys_ended",
        "journeys_started",
        "response_rate",
        "satisfaction.linear",
        "satisfaction.top2",
        "step_dropoff",
        "touchpoint_events",
        "touchpoint_journeys",
        "undecided_rate",
        *(f"completion_within.{name}" for name in WITHIN),
        *(f"{measure}.{share}" for measure in _TIMES for share in ("p50", "p90")),
    }
)
GAVE_UP = frozenset({Outcome.ABANDONED, Outcome.EXPIRED})
ENOUGH_FOR_A_TIME = 10
_GAMMA = 1.02 / 0.98


@dataclass(frozen=True)
class Number:
    """What one month message must say."""

    n: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    distribution: dict[str, int] = field(default_factory=dict)


@dataclass
class _Sums:
    """One cell while it is being added up. `durations` are those of completed journeys."""

    numerator: int = 0
    denominator: int = 0
    distribution: Counter[str] = field(default_factory=Counter)


def expected(
    catalogue: Catalogue, journeys: Iterable[JourneyTruth], glimpses: Iterable[Glimpse]
) -> dict[Key, Number]:
    """Every month number that must come out, by key."""
    sums: dict[Key, _Sums] = defaultdict(_Sums)
    for journey in journeys:
        for add in (_by_start, _by_end, _by_place, _of_opinion):
            _add(sums, catalogue, journey.service, add(journey))
    for glimpse in glimpses:
        if glimpse.quality is Quality.VALID:
            _add(sums, catalogue, glimpse.service, _of_glimpse(glimpse))
    return {key: number for key, cell in sums.items() for number in _numbers(key, cell)}


# -- what one story adds: (metric, dimensions, time, numerator, denominator, distribution) -------
@dataclass(frozen=True)
class _Part:
    metric: str
    time: datetime
    numerator: int = 0
    denominator: int = 1
    cell: str | None = None
    dimensions: Dimensions = ()


def _by_start(journey: JourneyTruth) -> Iterator[_Part]:
    began = journey.began
    if began is None:
        return
    is_complete = journey.outcome in COMPLETE_OUTCOMES
    took = journey.ended - began
    yield _Part("journeys_started", began, numerator=1)
    yield _Part("completion_rate.gds", began, numerator=int(is_complete))
    for name, limit in WITHIN.items():
        done = int(is_complete and took <= limit)
        yield _Part(f"completion_within.{name}", began, numerator=done)
    for share in ("p50", "p90"):
        bucket = duration_bucket(took) if is_complete else None
        metric = f"time_to_complete.started.{share}"
        yield _Part(metric, began, numerator=int(is_complete), cell=bucket)


def _by_end(journey: JourneyTruth) -> Iterator[_Part]:
    ended, outcome = journey.ended, journey.outcome
    yield _Part("journeys_ended", ended, numerator=1, cell=outcome.value)
    if outcome is Outcome.INFORMED:
        return
    yield _Part("completion_rate.live", ended, numerator=int(outcome in COMPLETE_OUTCOMES))
    yield _Part("abandonment_rate", ended, numerator=int(outcome in GAVE_UP))
    yield _Part("undecided_rate", ended, numerator=int(outcome is Outcome.UNDECIDED))
    yield from _times(journey)


def _times(journey: JourneyTruth) -> Iterator[_Part]:
    for share in ("p50", "p90"):
        if journey.outcome in COMPLETE_OUTCOMES and journey.began is not None:
            bucket = duration_bucket(journey.ended - journey.began)
            yield _Part(f"time_to_complete.completed.{share}", journey.ended, 1, 1, bucket)
        if journey.decided is not None and journey.submitted is not None:
            bucket = duration_bucket(journey.decided - journey.submitted)
            yield _Part(f"time_to_decision.{share}", journey.decided, 1, 1, bucket)


def _by_place(journey: JourneyTruth) -> Iterator[_Part]:
    counts_for_dropoff = journey.began is not None and journey.outcome is not Outcome.INFORMED
    is_lost = counts_for_dropoff and journey.outcome not in COMPLETE_OUTCOMES
    for place, stay in journey.places.items():
        where = (("touchpoint", place),)
        yield _Part("touchpoint_journeys", stay.first, 1, dimensions=where)
        yield _Part("touchpoint_events", stay.first, stay.count, dimensions=where)
        if counts_for_dropoff:
            left = int(is_lost and journey.left_at == place)
            cell = journey.outcome.value if left else None
            yield _Part("step_dropoff", journey.ended, left, 1, cell, where)


def _of_opinion(journey: JourneyTruth) -> Iterator[_Part]:
    for offer in journey.offers:
        yield _offered(offer)
    for opinion in journey.opinions:
        yield from _satisfaction(opinion)


def _of_glimpse(glimpse: Glimpse) -> Iterator[_Part]:
    where = (("touchpoint", glimpse.place),)
    yield _Part("touchpoint_events", glimpse.time, 1, dimensions=where)
    if glimpse.opinion is not None:
        yield from _satisfaction(glimpse.opinion)
    if glimpse.instrument is None or glimpse.action is Action.DISMISSED:
        return
    asked = (("instrument", glimpse.instrument),)
    is_answer = glimpse.action is Action.ANSWERED
    yield _Part("response_rate", glimpse.time, int(is_answer), int(not is_answer), None, asked)


def _offered(offer: Offer) -> _Part:
    asked = (("instrument", offer.instrument),)
    return _Part("response_rate", offer.time, int(offer.answered), dimensions=asked)


def _satisfaction(opinion: Opinion) -> Iterator[_Part]:
    place = () if opinion.place is None else (("touchpoint", opinion.place),)
    asked: Dimensions = (
        ("construct", "satisfaction"),
        ("instrument", opinion.instrument),
        ("scale", "1..5"),
        *place,
        ("wording", opinion.wording),
    )
    cell = str(opinion.answer)
    yield _Part("satisfaction.linear", opinion.time, opinion.answer, 1, cell, asked)
    yield _Part("satisfaction.top2", opinion.time, int(opinion.answer >= 4), 1, cell, asked)


# -- sums to numbers -----------------------------------------------------------------------------
def _add(
    sums: dict[Key, _Sums], catalogue: Catalogue, service: str, parts: Iterable[_Part]
) -> None:
    zone = catalogue.services[service].zone
    for part in parts:
        local = part.time.astimezone(zone)
        month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
        cell = sums[part.metric, service, part.dimensions, month.astimezone(part.time.tzinfo)]
        cell.numerator += part.numerator
        cell.denominator += part.denominator
        if part.cell is not None:
            cell.distribution[part.cell] += 1


_COUNTS = frozenset(
    {"journeys_started", "journeys_ended", "touchpoint_journeys", "touchpoint_events"}
)


def _numbers(key: Key, cell: _Sums) -> Iterator[Number]:
    metric, n, hits = key[0], cell.denominator, cell.numerator
    distribution = dict(cell.distribution)
    if metric in _COUNTS:
        yield Number(hits, hits, hits, None, distribution)
    elif metric.startswith("time_to_complete.started"):
        yield Number(n, _time(metric, cell), hits, n, distribution)
    elif metric.startswith("time_to_"):
        is_enough = n >= ENOUGH_FOR_A_TIME or metric.startswith("time_to_decision")
        yield Number(n, _time(metric, cell) if is_enough else None, n, None, distribution)
    elif metric == "satisfaction.linear":
        yield Number(n, (hits / n - 1) / 4, hits, n, distribution)
    else:
        yield Number(n, hits / n if n else None, hits, n, distribution)


def _time(metric: str, cell: _Sums) -> float | None:
    percent = 50 if metric.endswith("p50") else 90
    return seconds_at(cell.distribution, -(-percent * cell.denominator // 100))


def duration_bucket(took: timedelta) -> str:
    """The logarithmic bucket of a duration, 2 % wide; nothing at all is bucket `zero`."""
    seconds = took.total_seconds()
    return "zero" if seconds <= 0 else str(math.ceil(math.log(seconds) / math.log(_GAMMA)))


def seconds_at(distribution: Mapping[str, int], rank: int) -> float | None:
    """The seconds of the `rank`-th shortest duration; None when there are fewer."""
    seen = distribution.get("zero", 0)
    if seen >= rank:
        return 0.0
    for index in sorted(int(name) for name in distribution if name != "zero"):
        seen += distribution[str(index)]
        if seen >= rank:
            return 2 * _GAMMA**index / (_GAMMA + 1)
    return None
