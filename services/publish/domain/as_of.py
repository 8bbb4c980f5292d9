"""How far the numbers go: what the progress messages say, and whether they still come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.metric import ClockProgress
from services.publish.domain import words
from services.publish.domain.numbers import Numbers

STALE_AFTER = timedelta(seconds=60)
LIVE = "live"


@dataclass(frozen=True)
class AsOf:
    """One line on how far a clock is."""

    text: str
    is_stale: bool = False


def is_stale(progress: ClockProgress, now: datetime) -> bool:
    """Whether no progress message came for a minute."""
    return now - progress.sent_at > STALE_AFTER


def as_of(numbers: Numbers, zone: ZoneInfo, now: datetime) -> tuple[AsOf, ...]:
    """A line for every clock in the numbers, the live one first.

    A service without numbers has the live clock's line: an import is of another service's past.
    """
    known = {progress.clock for progress in numbers.progress}
    clocks = numbers.clocks or known & {LIVE} or known
    told = [p for p in numbers.progress if p.clock in clocks]
    if not told:
        return (AsOf("No progress message has come yet", is_stale=True),)
    told.sort(key=lambda progress: (progress.clock != LIVE, progress.clock))
    return tuple(_line(progress, zone, now) for progress in told)


def _line(progress: ClockProgress, zone: ZoneInfo, now: datetime) -> AsOf:
    where = "" if progress.clock == LIVE else f", clock “{progress.clock}”"
    text = _reached(progress, zone) + where + _catching_up(progress)
    if not is_stale(progress, now):
        return AsOf(text)
    silence = words.duration((now - progress.sent_at).total_seconds())
    return AsOf(f"{text}. Stale: no word for {silence}", is_stale=True)


def _reached(progress: ClockProgress, zone: ZoneInfo) -> str:
    if progress.watermark is None:
        return "Complete: nothing more will come" if progress.last else "No event yet"
    reached = f"{words.instant(progress.watermark, zone)} ({zone.key})"
    if progress.last:
        return f"Complete up to {reached}: nothing more will come"
    return f"As of {reached}"


def _catching_up(progress: ClockProgress) -> str:
    if progress.partitions_caught_up >= progress.partitions:
        return ""
    return f"; catching up, {progress.partitions_caught_up} of {progress.partitions} parts are done"
