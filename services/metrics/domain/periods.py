"""Days, months and windows of 28 days in a service's time zone, and when they are settled.

A day is named by its local date and is as long as its zone says: 23 or 25 hours at a change of
daylight saving time. Intervals are [start, end).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.vocabulary import PeriodKind

ROLLING_DAYS = 28
NEVER_ENDS = datetime.max.replace(tzinfo=UTC)


def day_of(instant: datetime, zone: ZoneInfo) -> str:
    """The local date of an instant, as `2026-10-25`."""
    return instant.astimezone(zone).date().isoformat()


def month_of(day: str) -> str:
    """The first day of a day's month; both as `2026-10-25`."""
    return day[:8] + "01"


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local date, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Period:
    """Whole local days from `first` up to, and without, `beyond`."""

    kind: PeriodKind
    first: date
    beyond: date

    def start(self, zone: ZoneInfo) -> datetime:
        """Its first instant, in UTC."""
        return start_of(self.first, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The first instant after it, in UTC."""
        return start_of(self.beyond, zone)

    @property
    def days(self) -> tuple[str, ...]:
        """The days in it."""
        span = (self.beyond - self.first).days
        return tuple((self.first + timedelta(days=n)).isoformat() for n in range(span))


def calendar(kind: PeriodKind, start: str) -> Period:
    """The day or month that starts on a local date."""
    first = date.fromisoformat(start)
    if kind is PeriodKind.MONTH:
        return Period(kind, first, (first.replace(day=1) + timedelta(days=32)).replace(day=1))
    return Period(kind, first, first + timedelta(days=1))


def rolling(watermark: datetime, zone: ZoneInfo) -> Period:
    """The last 28 whole days and the current one, which the watermark is in."""
    today = watermark.astimezone(zone).date()
    first = today - timedelta(days=ROLLING_DAYS)
    return Period(PeriodKind.ROLLING_28D, first, today + timedelta(days=1))


def rolling_before(watermark: datetime, horizon: timedelta, zone: ZoneInfo) -> Period:
    """The last 28 days that were over `horizon` before the watermark: nothing in it is censored."""
    today = (watermark - horizon).astimezone(zone).date()
    return Period(PeriodKind.ROLLING_28D, today - timedelta(days=ROLLING_DAYS), today)


@dataclass(frozen=True)
class Watermarks:
    """How far event time has come in each clock: the smallest over all partitions.

    A clock that some partition has not heard of is at None; one that had its last tick in every
    partition is in `ended`, and as far as closing books goes its time is infinite.
    """

    times: Mapping[str, datetime | None]
    ended: frozenset[str] = frozenset()

    def reached(self, clock: str, instant: datetime) -> bool:
        """Whether nothing before `instant` can be new on this clock, late entries aside."""
        time = NEVER_ENDS if clock in self.ended else self.times.get(clock)
        return time is not None and time >= instant
