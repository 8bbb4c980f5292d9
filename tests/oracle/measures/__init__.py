"""The numbers of every day, month or quarter, straight from the oracle's journeys and buckets.

As after unlimited time, every journey final and every period frozen; or as they stand at an
instant. One family of measures is one file, named as in the service, and says what one journey or
bucket adds to what and when; what is told of a period is made of all that falls into it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.catalogue import Catalogue
from schemas.vocabulary import PeriodKind
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course
from tests.oracle.journeys import Journey
from tests.oracle.measures import (
    adjusted,
    beside,
    channels,
    comparison,
    completion,
    contacts,
    drivers,
    loyalty,
    opinion,
    paths,
    quality,
    resolution,
    survey,
    time,
    touchpoints,
)
from tests.oracle.measures.units import (
    Dimensions,
    Number,
    Scoring,
    Unit,
    bucket_of,
    seconds_of,
)

__all__ = ["Cell", "Number", "bucket_of", "first_day", "numbers", "seconds_of"]

_OF_JOURNEY = (
    adjusted.of_journey,
    channels.of_journey,
    comparison.of_journey,
    completion.of_journey,
    contacts.of_journey,
    drivers.of_journey,
    loyalty.of_journey,
    opinion.of_journey,
    paths.of_journey,
    quality.of_journey,
    resolution.of_journey,
    survey.of_journey,
    time.of_journey,
    touchpoints.of_journey,
)
_OF_BUCKET = (
    beside.of_bucket,
    contacts.of_bucket,
    drivers.of_bucket,
    loyalty.of_bucket,
    opinion.of_bucket,
    quality.of_bucket,
    survey.of_bucket,
    touchpoints.of_bucket,
)
_SCORES: Mapping[str, Scoring] = {
    **adjusted.SCORES,
    **beside.SCORES,
    **channels.SCORES,
    **comparison.SCORES,
    **completion.SCORES,
    **contacts.SCORES,
    **drivers.SCORES,
    **loyalty.SCORES,
    **opinion.SCORES,
    **paths.SCORES,
    **quality.SCORES,
    **resolution.SCORES,
    **survey.SCORES,
    **time.SCORES,
    **touchpoints.SCORES,
}
# Told of no shorter span than a month.
_OF_MONTHS = (
    "digital_takeup.excl",
    "digital_takeup.incl",
    "path_completion",
    "path_satisfaction",
    "path_share",
    "satisfaction.fr10",
)


@dataclass(frozen=True)
class Cell:
    """One number: which measure, of what, in which period (named by its first local day)."""

    metric_id: str
    service: str
    period: PeriodKind
    start: date
    dimensions: Dimensions = ()


def numbers(
    journeys: Iterable[Journey],
    buckets: Mapping[Place, Counts],
    catalogue: Catalogue,
    periods: Iterable[PeriodKind],
    now: datetime | None = None,
) -> dict[Cell, Number]:
    """Every number of every service for days, months and quarters (a rolling window is no calendar
    period). With `now`, what would happen later by silence has not happened yet.
    """
    by_service: dict[str, list[Unit]] = defaultdict(list)
    for journey in journeys:
        course, units = Course(journey, now), by_service[journey.key[1]]
        for of_journey in _OF_JOURNEY:
            units.extend(of_journey(course))
    for place, counts in buckets.items():
        for of_bucket in _OF_BUCKET:
            by_service[place.service].extend(of_bucket(place, counts))
    return {
        Cell(metric_id, service, period, start, dimensions): number
        for period in periods
        for service, units in by_service.items()
        for start, own in _by_period(units, catalogue.services[service].zone, period).items()
        for metric_id, dimensions, number in _numbers_of(own)
        if period is not PeriodKind.DAY or metric_id not in _OF_MONTHS
    }


def first_day(time: datetime, zone: ZoneInfo, period: PeriodKind) -> date:
    """The first local day of the day, month or quarter that `time` lies in."""
    day = time.astimezone(zone).date()
    if period is PeriodKind.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(day=1) if period is PeriodKind.MONTH else day


def _by_period(
    units: Iterable[Unit], zone: ZoneInfo, period: PeriodKind
) -> Mapping[date, Sequence[Unit]]:
    found: dict[date, list[Unit]] = defaultdict(list)
    for unit in units:
        found[first_day(unit.time, zone, period)].append(unit)
    return found


def _numbers_of(units: Iterable[Unit]) -> Iterator[tuple[str, Dimensions, Number]]:
    by_measure: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_measure[unit.measure].append(unit)
    for measure, own in by_measure.items():
        yield from _SCORES[measure](measure, own)
