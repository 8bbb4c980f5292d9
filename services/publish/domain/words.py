"""Numbers as words: the one place that decides how a figure is written for people."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.publish.domain.period import day_title

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def count(number: float) -> str:
    """`12,345`; a fraction keeps one decimal."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def percent(share: float) -> str:
    """`82.4%`; whole when it is exactly none or all, so that 99.96 % is not taken for all."""
    if share in {0, 1}:
        return f"{share:.0%}"
    return f"{min(max(share, 0.001), 0.999):.1%}"


def duration(seconds: float) -> str:
    """The two largest units: `3 days 4 hours`."""
    whole = round(seconds)
    parts = []
    for unit, size in _UNITS:
        amount, whole = divmod(whole, size)
        if amount:
            parts.append(f"{amount} {unit}{'' if amount == 1 else 's'}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 seconds"


def instant(moment: datetime, zone: ZoneInfo) -> str:
    """`24 November 2026, 14:03`, local."""
    local = moment.astimezone(zone)
    return f"{day_title(local.date())}, {local:%H:%M}"


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From the first to the last day, both included: `1 to 28 February 2026`."""
    first = start.astimezone(zone).date()
    last = (end.astimezone(zone) - timedelta(microseconds=1)).date()
    if first == last:
        return day_title(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_title(last)}"
    return f"{day_title(first)} to {day_title(last)}"


def plain(word: str) -> str:
    """A word of a closed list as people write it: `negative_but_correct` with spaces."""
    return word.replace("_", " ")
