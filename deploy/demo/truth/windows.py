"""The windows up to now: which whole days they are, and what is told of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.vocabulary import PeriodKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_DAYS = {
    PeriodKind.ROLLING_1D: 1,
    PeriodKind.ROLLING_28D: 28,
    PeriodKind.ROLLING_365D: 365,
}
# What must have had so long to come to pass is looked at that much later.
_RIPENS = {
    "completion_within.1h": HOUR,
    "completion_within.1d": DAY,
    "completion_within.7d": 7 * DAY,
    "completion_within.28d": 28 * DAY,
    "first_contact_resolution": 28 * DAY,
}
_OF_MONTHS = frozenset({"digital_takeup.excl", "digital_takeup.incl", "satisfaction.fr10"})
_OF_WEEKS = frozenset({"path_completion", "path_satisfaction", "path_share"})


@dataclass(frozen=True)
class Window:
    """From `start` up to, and without, `end`; `ripening` is what its measures have in common."""

    kind: PeriodKind
    ripening: timedelta | None
    start: datetime
    end: datetime

    def tells_of(self, metric: str) -> bool:
        """Whether a measure is told of it."""
        if _RIPENS.get(metric) != self.ripening:
            return False
        is_short = self.kind is not PeriodKind.ROLLING_365D
        is_shortest = self.kind is PeriodKind.ROLLING_1D
        return not ((is_short and metric in _OF_MONTHS) or (is_shortest and metric in _OF_WEEKS))


def windows(now: datetime, zone: ZoneInfo) -> Iterator[Window]:
    """So many whole days and the current one; where something must ripen without the current one,
    which has not had the time. Hours are told of what is live only: a history has none.
    """
    for ripening in (None, *sorted(set(_RIPENS.values()))):
        today = (now - (ripening or timedelta(0))).astimezone(zone).date()
        beyond = today + DAY if ripening is None else today
        for kind, days in _DAYS.items():
            first = today - timedelta(days=days)
            yield Window(kind, ripening, _start(first, zone), _start(beyond, zone))


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
