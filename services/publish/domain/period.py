"""The span a scorecard is about, as it is chosen in an address: `rolling_28d`, `2026-09`, an hour.

One file, a little long, because a span is written and read back in one place.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

from schemas.metric import MetricMessage
from schemas.vocabulary import ROLLING as ROLLING_KINDS
from schemas.vocabulary import PeriodKind

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_TITLES = {
    PeriodKind.ROLLING_1H: "Last hour",
    PeriodKind.ROLLING_1D: "Last day",
    PeriodKind.ROLLING_28D: "Last 28 days",
    PeriodKind.ROLLING_365D: "Last 365 days",
}


class UnknownPeriod(ValueError):
    """The text names no period; the message says what would."""


@dataclass(frozen=True)
class Period:
    """A kind of span and where it begins: a local date, of an hour the instant (UTC) besides.

    `zone` only writes an hour's title: an hour is the same one in every zone.
    """

    kind: PeriodKind
    start: date | None = None
    hour: datetime | None = None
    zone: tzinfo = field(default=UTC, compare=False)

    @classmethod
    def of(cls, message: MetricMessage) -> Self:
        """The period of a message, in the message's own time zone."""
        if message.period in ROLLING_KINDS:
            return cls(message.period)
        return cls.beginning(message.period, message.period_start, ZoneInfo(message.time_zone))

    @classmethod
    def beginning(cls, kind: PeriodKind, start: datetime, zone: tzinfo) -> Self:
        """The calendar period of a kind that begins at an instant."""
        hour = start.astimezone(UTC) if kind is PeriodKind.HOUR else None
        return cls(kind, start.astimezone(zone).date(), hour, zone)

    @classmethod
    def parse(cls, text: str, zone: tzinfo = UTC) -> Self:
        """The period that `name` wrote, its hours told in `zone`. Raises UnknownPeriod."""
        for pattern, read in _WRITTEN:
            if re.fullmatch(pattern, text, re.ASCII):
                try:
                    kind, start = read(text)
                except ValueError:
                    break
                if isinstance(start, datetime):
                    return cls.beginning(kind, start, zone)
                return cls(kind, start, zone=zone)
        raise UnknownPeriod(
            f"no period is called {text[:40]!r}; write {', '.join(sorted(ROLLING_KINDS))}, a "
            "quarter as 2026-Q3, a month as 2026-09, a day as 2026-09-14 or an hour, in UTC, as "
            "2026-09-14T11:00Z"
        )

    @property
    def name(self) -> str:
        """How the period is written in an address; names of one kind sort by time."""
        if self.start is None:
            return self.kind.value
        if self.hour is not None:
            return f"{self.hour:%Y-%m-%dT%H:%MZ}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.start.year}-{_quarter(self.start)}"
        return self.start.isoformat()[: 7 if self.kind is PeriodKind.MONTH else 10]

    @property
    def title(self) -> str:
        """How the period is called on a page."""
        if self.start is None:
            return _TITLES[self.kind]
        if self.hour is not None:
            return f"{day_title(self.start)}, {self.short}"
        if self.kind is PeriodKind.QUARTER:
            return f"{_quarter(self.start)} {self.start.year}"
        return month_title(self.start) if self.kind is PeriodKind.MONTH else day_title(self.start)

    @property
    def short(self) -> str:
        """How the period is called where the year, month or day above it stands beside it."""
        if self.start is None:
            return self.title
        if self.hour is not None:
            return f"{self.hour.astimezone(self.zone):%H:%M}"
        if self.kind is PeriodKind.DAY:
            return str(self.start.day)
        return self.title.removesuffix(f" {self.start.year}")

    @property
    def month(self) -> date | None:
        """The first day of the month it lies in; None of what is longer than a month or rolls."""
        inside = self.kind in {PeriodKind.MONTH, PeriodKind.DAY, PeriodKind.HOUR}
        return self.start.replace(day=1) if self.start and inside else None

    @property
    def quarter(self) -> "Period | None":
        """The quarter it lies in; None of what rolls."""
        if self.start is None:
            return None
        first = self.start.replace(month=3 * ((self.start.month - 1) // 3) + 1, day=1)
        return Period(PeriodKind.QUARTER, first)


ROLLING = Period(PeriodKind.ROLLING_28D)
_Read = Callable[[str], tuple[PeriodKind, date | None]]
_WRITTEN: tuple[tuple[str, _Read], ...] = (
    ("|".join(ROLLING_KINDS), lambda text: (PeriodKind(text), None)),
    (
        r"\d{4}-Q[1-4]",
        lambda text: (PeriodKind.QUARTER, date(int(text[:4]), 3 * int(text[6]) - 2, 1)),
    ),
    (r"\d{4}-\d{2}", lambda text: (PeriodKind.MONTH, date.fromisoformat(f"{text}-01"))),
    (r"\d{4}-\d{2}-\d{2}", lambda text: (PeriodKind.DAY, date.fromisoformat(text))),
    (
        r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z",
        lambda text: (PeriodKind.HOUR, datetime.fromisoformat(text)),
    ),
)


def month_title(day: date) -> str:
    """The month of a day: `September 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def month_short(day: date) -> str:
    """The month of a day where there is little room: `Sep`."""
    return _MONTHS[day.month - 1][:3]


def day_title(day: date) -> str:
    """A day in full: `14 September 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def months_between(first: date, last: date) -> tuple[date, ...]:
    """The first days of all months from one to the other, both included."""
    months = [first.replace(day=1)]
    while months[-1] < last.replace(day=1):
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return tuple(months)


def _quarter(day: date) -> str:
    return f"Q{(day.month + 2) // 3}"
