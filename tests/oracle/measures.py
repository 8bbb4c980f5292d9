"""The numbers of every day or month, straight from the oracle's journeys and buckets.

As after unlimited time: every journey is final and every period frozen. A quantile is the nearest
rank on logarithmic buckets of 2 % relative error.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, log
from zoneinfo import ZoneInfo

from schemas.catalogue import Catalogue
from schemas.vocabulary import (
    SCALE_RANGE,
    PeriodKind,
    Scale,
)
from tests.oracle.amounts import (
    WITHIN,
    Amount,
    Answer,
    Counted,
    Dimensions,
    Duration,
    Share,
    of_bucket,
    of_journey,
)
from tests.oracle.buckets import Counts, Place
from tests.oracle.journeys import Journey

GAMMA = 1.02 / 0.98
QUANTILES = {"p50": Fraction(50, 100), "p90": Fraction(90, 100)}
FEWEST_DURATIONS = 10
_TIMES = ("time_to_complete.completed", "time_to_complete.started", "time_to_decision")
# What is told here; a message of another measure has nothing to be compared with yet.
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
        *(f"{measure}.{name}" for measure in _TIMES for name in QUANTILES),
    }
)

Bucket = int | str


@dataclass(frozen=True)
class Cell:
    """One number: which measure, of what, in which period (named by its first local day)."""

    metric_id: str
    service: str
    period: PeriodKind
    start: date
    dimensions: Dimensions = ()


@dataclass(frozen=True)
class Number:
    """What the metric message of a cell must say; intervals are left to their own tests."""

    n: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    distribution: Mapping[str, int] | None = None


def numbers(
    journeys: Iterable[Journey],
    buckets: Mapping[Place, Counts],
    catalogue: Catalogue,
    period: PeriodKind,
    now: datetime | None = None,
) -> dict[Cell, Number]:
    """Every number of every service for days or months (a rolling window is no calendar period).

    With `now`, what would happen later by silence has not happened yet.
    """
    by_service: dict[str, list[Counted]] = defaultdict(list)
    for journey in journeys:
        counted = of_journey(journey)
        by_service[journey.key[1]].extend(c for c in counted if now is None or c.time <= now)
    for place, counts in buckets.items():
        by_service[place.service].extend(of_bucket(place, counts))
    return {
        cell: number
        for service, counted in by_service.items()
        for cell, number in _of_service(service, counted, catalogue, period).items()
    }


def first_day(time: datetime, zone: ZoneInfo, period: PeriodKind) -> date:
    """The first local day of the day or month that `time` lies in."""
    day = time.astimezone(zone).date()
    return day.replace(day=1) if period is PeriodKind.MONTH else day


def bucket_of(length: timedelta) -> Bucket:
    """The logarithmic bucket of a duration."""
    seconds = length.total_seconds()
    return "zero" if seconds <= 0 else ceil(log(seconds) / log(GAMMA))


def seconds_of(bucket: Bucket) -> float:
    """The seconds that stand for a bucket."""
    return 0.0 if isinstance(bucket, str) else 2 * GAMMA**bucket / (GAMMA + 1)


def nearest_rank(lengths: Sequence[timedelta], quantile: Fraction, of: int) -> float | None:
    """The bucket by which that share of `of` units got there; None when it never is."""
    rank = ceil(quantile * of)
    return seconds_of(bucket_of(sorted(lengths)[rank - 1])) if 0 < rank <= len(lengths) else None


def _of_service(
    service: str, counted: Sequence[Counted], catalogue: Catalogue, period: PeriodKind
) -> dict[Cell, Number]:
    zone = catalogue.services[service].zone
    cells: dict[tuple[type[Counted], str, date, Dimensions], list[Counted]] = defaultdict(list)
    for unit in counted:
        name = "satisfaction" if isinstance(unit, Answer) else unit.metric_id
        dimensions = () if isinstance(unit, Duration) else unit.dimensions
        cells[type(unit), name, first_day(unit.time, zone, period), dimensions].append(unit)
    return {
        Cell(metric_id, service, period, start, dimensions): number
        for (_, name, start, dimensions), units in cells.items()
        for metric_id, number in _numbers_of(name, units)
    }


def _numbers_of(name: str, units: Sequence[Counted]) -> Iterator[tuple[str, Number]]:
    shares = [u for u in units if isinstance(u, Share)]
    answers = [u for u in units if isinstance(u, Answer)]
    durations = [u for u in units if isinstance(u, Duration)]
    amounts = [u for u in units if isinstance(u, Amount)]
    if shares:
        yield name, _share(shares)
    if answers:
        yield from _scores(answers)
    if durations:
        yield from _quantiles(name, [d.length for d in durations])
    if amounts:
        yield name, _sum(amounts)


def _share(units: Sequence[Share]) -> Number:
    hits, of = sum(u.hits for u in units), sum(u.of for u in units)
    lost = Counter(u.outcome.value for u in units if u.outcome is not None and u.hits)
    split = dict(lost) if any(u.outcome is not None for u in units) else None
    # Unlinked answers may fall into another hour than their offers: a share stops at 1.
    return Number(of, min(1.0, hits / of) if of else None, hits, of, split)


def _scores(units: Sequence[Answer]) -> Iterator[tuple[str, Number]]:
    answers: Counter[int] = Counter()
    for unit in units:
        answers[unit.answer] += unit.count
    n, (low, high) = answers.total(), SCALE_RANGE[units[0].scale]
    distribution = {str(answer): count for answer, count in sorted(answers.items())}
    mean = sum(answer * count for answer, count in answers.items()) / n
    linear = (mean - low) / (high - low)
    yield "satisfaction.linear", Number(n, linear, distribution=distribution)
    if units[0].scale is Scale.ONE_TO_FIVE:
        top = answers[4] + answers[5]
        yield "satisfaction.top2", Number(n, top / n, top, n, distribution)


def _quantiles(name: str, lengths: list[timedelta | None]) -> Iterator[tuple[str, Number]]:
    reached = [length for length in lengths if length is not None]
    distribution: Counter[str] = Counter(str(bucket_of(length)) for length in reached)
    is_enough = name != "time_to_complete.completed" or len(lengths) >= FEWEST_DURATIONS
    for suffix, quantile in QUANTILES.items():
        value = nearest_rank(reached, quantile, len(lengths)) if is_enough else None
        yield f"{name}.{suffix}", Number(len(lengths), value, distribution=dict(distribution))


def _sum(units: Sequence[Amount]) -> Number:
    total = sum(u.count for u in units)
    outcomes = Counter(u.outcome.value for u in units if u.outcome is not None)
    return Number(total, total, total, distribution=dict(outcomes) or None)
