"""The span a scorecard is about, as it is chosen in an address: `rolling_28d`, `2026-09`, a day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from schemas.metric import MetricMessage
from schemas.vocabulary import PeriodKind

_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class UnknownPeriod(ValueError):
    """The text names no period; the message says what would."""


@dataclass(frozen=True)
class Period:
    """A kind of span and, for calendar spans, the local date it begins on."""

    kind: PeriodKind
    start: date | None = None

    @classmethod
    def of(cls, message: MetricMessage) -> Self:
        """The period of a message, in the message's own time zone."""
        if message.period is PeriodKind.ROLLING_28D:
            return cls(message.period)
        return cls(
            message.period, message.period_start.astimezone(ZoneInfo(message.time_zone)).date()
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period that `name` wrote. Raises UnknownPeriod."""
        try:
            if text == PeriodKind.ROLLING_28D:
                return cls(PeriodKind.ROLLING_28D)
            if _MONTH.fullmatch(text):
                return cls(PeriodKind.MONTH, date.fromisoformat(f"{text}-01"))
            if _DAY.fullmatch(text):
                return cls(PeriodKind.DAY, date.fromisoformat(text))
        except ValueError:
            pass
        raise UnknownPeriod(
            f"no period is called {text[:40]!r}; write rolling_28d, a month as 2026-09 "
            "or a day as 2026-09-14"
        )

    @property
    def name(self) -> str:
        """How the period is written in an address."""
        if self.start is None:
            return self.kind.value
        return self.start.isoformat()[: 7 if self.kind is PeriodKind.MONTH else 10]

    @property
    def title(self) -> str:
        """How the period is called on a page."""
        if self.start is None:
            return "Last 28 days"
        return month_title(self.start) if self.kind is PeriodKind.MONTH else day_title(self.start)

    @property
    def year(self) -> str:
        """The year of a month; nothing of another span."""
        return str(self.start.year) if self.start and self.kind is PeriodKind.MONTH else ""

    @property
    def short(self) -> str:
        """How the period is called where its year stands beside it."""
        return self.title.removesuffix(f" {self.year}") if self.year else self.title


ROLLING = Period(PeriodKind.ROLLING_28D)


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
