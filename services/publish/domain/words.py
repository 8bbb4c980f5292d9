"""Numbers as words: the one place that decides how a figure is written for people."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.vocabulary import Unit
from services.publish.domain.period import day_title

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_MINUS = "\N{MINUS SIGN}"


def count(number: float) -> str:
    """`12,345`; a fraction keeps one decimal."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def percent(share: float) -> str:
    """`82.4%`; whole when it is exactly none or all, so that 99.96 % is not taken for all."""
    if share in {0, 1}:
        return f"{share:.0%}"
    return f"{min(max(share, 0.001), 0.999):.1%}"


def money(currency: str, amount: float) -> str:
    """`EUR 12.34`; from a thousand on without cents."""
    return f"{currency} {amount:,.2f}" if amount < 1_000 else f"{currency} {amount:,.0f}"


def signed(number: float) -> str:
    """`+12.5`, or with a true minus sign; 0 has none."""
    sign = "+" if number > 0 else _MINUS if number < 0 else ""
    return f"{sign}{abs(number):.1f}"


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


def value(unit: Unit, number: float, top: int | None = None) -> str:
    """A value with its unit; `top` is the highest step of its scale, where it is in steps."""
    write = {
        Unit.SHARE: percent,
        Unit.BALANCE: lambda balance: f"{signed(100 * balance)} points",
        Unit.SCORE_10: lambda mark: f"{mark:.1f} of 10",
        Unit.SCORE_100: signed,
        Unit.SCALE: lambda step: f"{step:.1f} of {top}" if top else f"{step:.1f}",
        Unit.COUNT: count,
        Unit.RATIO: lambda ratio: f"{ratio:.2f}",
        Unit.SECONDS: duration,
    }
    return write[unit](number)


def interval(unit: Unit, ends: tuple[float, float], top: int | None = None) -> str:
    """From one value to another, what both have in common said once: `+3.1 to +9.4 points`."""
    low, high = (value(unit, end, top) for end in ends)
    for shared in (" points", " of 10", f" of {top}"):
        if low.endswith(shared) and high.endswith(shared):
            low = low.removesuffix(shared)
    return f"{low} to {high}"


def difference(unit: Unit, number: float) -> str:
    """How much more or less: shares in points of 100, times as times."""
    if unit in {Unit.SHARE, Unit.BALANCE}:
        return f"{signed(100 * number)} points"
    if unit is Unit.SECONDS:
        return f"{duration(abs(number))} {'longer' if number > 0 else 'shorter'}"
    return f"{'+' if number > 0 else _MINUS if number < 0 else ''}{abs(number):.2f}"


def instant(moment: datetime, zone: ZoneInfo) -> str:
    """`24 November 2026, 14:03`, local."""
    local = moment.astimezone(zone)
    return f"{day_title(local.date())}, {local:%H:%M}"


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From the first to the last day, both included; with times when it is not of whole days."""
    local = start.astimezone(zone), end.astimezone(zone)
    if any((moment.hour, moment.minute) != (0, 0) for moment in local):
        return _hours(*local)
    first, last = local[0].date(), (local[1] - timedelta(microseconds=1)).date()
    if first == last:
        return day_title(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_title(last)}"
    return f"{day_title(first)} to {day_title(last)}"


def _hours(start: datetime, end: datetime) -> str:
    if start.date() == end.date():
        return f"{day_title(start.date())}, {start:%H:%M} to {end:%H:%M}"
    return f"{day_title(start.date())}, {start:%H:%M} to {day_title(end.date())}, {end:%H:%M}"


def plain(word: str) -> str:
    """A word of a closed list as people write it: `negative_but_correct` with spaces."""
    return word.replace("_", " ")


def sentence(word: str) -> str:
    """A word of a closed list at the beginning of a line: `Wrong place`."""
    return plain(word)[:1].upper() + plain(word)[1:]
