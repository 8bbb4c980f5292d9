"""Hours, days, months, quarters and rolling windows in a time zone, and how far time has come.

A day is named by its local date and is as long as its zone says: 23 or 25 hours at a change of
daylight saving time. An hour is named by the instant at which it begins, so that the two hours
from 2 to 3 of such a night are two, and those of a zone with half an hour are its own. Intervals
are [start, end).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas.vocabulary import PeriodKind

NEVER_ENDS = datetime.max.replace(tzinfo=UTC)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ROLLING_DAYS = {
    PeriodKind.ROLLING_1D: 1,
    PeriodKind.ROLLING_28D: 28,
    PeriodKind.ROLLING_365D: 365,
}
_NAMES_KEPT = 50_000
_QUARTER = 900  # seconds


class Shelf(StrEnum):
    """What cells are kept by. Hours at touchpoints lie apart: they are forgotten sooner."""

    TOUCHPOINT_HOUR = "touchpoint_hour"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


KEPT = {
    Shelf.TOUCHPOINT_HOUR: timedelta(days=8),
    Shelf.HOUR: timedelta(days=65),
    Shelf.DAY: timedelta(days=400),
}
"""How long after its end a span is kept; months are kept for ever."""

Piece = tuple[Shelf, str]
"""A span of cells by its name, such as ("month", "2026-10-01")."""


def hour_of(instant: datetime, zone: ZoneInfo) -> int:
    """The local hour of an instant, as the second since 1970 at which it begins."""
    return _hour_of_quarter(int(instant.timestamp() // _QUARTER), zone)


@lru_cache(_NAMES_KEPT)
def _hour_of_quarter(quarter: int, zone: ZoneInfo) -> int:
    """Every zone is some quarters of an hour from UTC, and changes its clocks at one."""
    local = datetime.fromtimestamp(quarter * _QUARTER, zone)
    return quarter * _QUARTER - local.minute * 60


@lru_cache(_NAMES_KEPT)
def hour_name(hour: int) -> str:
    """That hour as `2026-10-25T00:00Z`."""
    return datetime.fromtimestamp(hour, UTC).strftime("%Y-%m-%dT%H:%MZ")


@lru_cache(_NAMES_KEPT)
def day_of_hour(hour: int, zone: ZoneInfo) -> str:
    """The local date an hour is in: midnight parts hours too."""
    return datetime.fromtimestamp(hour, zone).date().isoformat()


def day_of(instant: datetime, zone: ZoneInfo) -> str:
    """The local date of an instant, as `2026-10-25`."""
    return instant.astimezone(zone).date().isoformat()


def month_of(day: str) -> str:
    """The first day of a day's month; both as `2026-10-25`."""
    return day[:8] + "01"


def quarter_of(day: str) -> str:
    """The first day of a day's quarter; both as `2026-10-25`."""
    return f"{day[:5]}{(int(day[5:7]) - 1) // 3 * 3 + 1:02}-01"


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local date, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Period:
    """Whole spans from `first` up to, and without, `beyond`: local dates, or instants of hours.
    `pieces` are the spans it is the sum of.
    """

    kind: PeriodKind
    first: date
    beyond: date
    pieces: tuple[Piece, ...]

    def start(self, zone: ZoneInfo) -> datetime:
        """Its first instant, in UTC."""
        return _instant(self.first, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The first instant after it, in UTC."""
        return _instant(self.beyond, zone)


def _instant(bound: date, zone: ZoneInfo) -> datetime:
    return bound if isinstance(bound, datetime) else start_of(bound, zone)


@lru_cache(_NAMES_KEPT)
def calendar(kind: PeriodKind, start: str) -> Period:
    """The hour, day, month or quarter of that name."""
    if kind is PeriodKind.HOUR:
        hour = datetime.strptime(start, "%Y-%m-%dT%H:%M%z")
        return Period(kind, hour, hour + _HOUR, _hours([start]))
    first = date.fromisoformat(start)
    if kind is PeriodKind.DAY:
        return Period(kind, first, first + _DAY, ((Shelf.DAY, start),))
    months = [first]
    for _ in range(3 if kind is PeriodKind.QUARTER else 1):
        months.append(_month_after(months[-1]))
    pieces = tuple((Shelf.MONTH, month.isoformat()) for month in months[:-1])
    return Period(kind, first, months[-1], pieces)


def rolling(kind: PeriodKind, now: datetime, zone: ZoneInfo) -> Period:
    """The last whole hour and the current one, or so many whole days and the current one; the
    current one is the one `now` is in.
    """
    if kind is PeriodKind.ROLLING_1H:
        current = hour_of(now, zone)
        return _rolling_hours(kind, [hour_of(_at(current - 1), zone), current])
    today = now.astimezone(zone).date()
    return _rolling_days(kind, today - timedelta(days=_ROLLING_DAYS[kind]), today + _DAY)


def rolling_before(kind: PeriodKind, now: datetime, horizon: timedelta, zone: ZoneInfo) -> Period:
    """The whole hour or days that were over `horizon` before now: nothing in it is censored."""
    mature = now - horizon
    if kind is PeriodKind.ROLLING_1H:
        return _rolling_hours(kind, [hour_of(_at(hour_of(mature, zone) - 1), zone)])
    today = mature.astimezone(zone).date()
    return _rolling_days(kind, today - timedelta(days=_ROLLING_DAYS[kind]), today)


def _rolling_hours(kind: PeriodKind, hours: list[int]) -> Period:
    beyond = _at(hours[-1]) + _HOUR
    return Period(kind, _at(hours[0]), beyond, _hours([hour_name(hour) for hour in hours]))


def _rolling_days(kind: PeriodKind, first: date, beyond: date) -> Period:
    return Period(kind, first, beyond, tuple(_pieces(first, beyond)))


def _pieces(first: date, beyond: date) -> list[Piece]:
    """Whole months where they fit, else days: fewer are to be read."""
    pieces: list[Piece] = []
    while first < beyond:
        after = _month_after(first)
        if first.day == 1 and after <= beyond:
            pieces.append((Shelf.MONTH, first.isoformat()))
            first = after
        else:
            pieces.append((Shelf.DAY, first.isoformat()))
            first += _DAY
    return pieces


def _hours(names: list[str]) -> tuple[Piece, ...]:
    return tuple((shelf, name) for name in names for shelf in (Shelf.HOUR, Shelf.TOUCHPOINT_HOUR))


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class Watermarks:
    """How far event time has come in each clock: the smallest over all partitions.

    A clock that some partition has not heard of is at None; one that had its last tick in every
    partition is in `ended`, and as far as closing books goes its time is infinite.
    """

    times: Mapping[str, datetime | None]
    ended: frozenset[str] = frozenset()

    def reach(self, clock: str) -> datetime | None:
        """Up to where nothing can be new on this clock, late entries aside."""
        return NEVER_ENDS if clock in self.ended else self.times.get(clock)

    def reached(self, clock: str, instant: datetime) -> bool:
        """Whether nothing before `instant` can be new on this clock, late entries aside."""
        time = self.reach(clock)
        return time is not None and time >= instant
