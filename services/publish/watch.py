"""The other use case: keep the closed windows of what is watched, and tell what has fallen.

Prometheus cannot do this: it sees when something was counted, not when it happened, and a window is
closed by event time (docs/decisions/0018). Watched are completion by the hour and satisfied answers
by the day; an import, a demo or a window that may still grow raises no alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.codec import SchemaViolation, decode
from schemas.control import LIVE
from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import Flag, Level, PeriodKind, PublishState
from services.publish.domain.fall import (
    BESIDE,
    WEEKS,
    WEEKS_NEEDED,
    Fall,
    Window,
    fallen,
    weeks_before,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_STEPS = {PeriodKind.HOUR.value: HOUR, PeriodKind.DAY.value: DAY}
WATCHED = {
    "completion_within.1h": PeriodKind.HOUR,
    "completion_within.1d": PeriodKind.HOUR,
    "completion_within.7d": PeriodKind.HOUR,
    "completion_within.28d": PeriodKind.HOUR,
    "satisfaction.top2": PeriodKind.DAY,
}
# Of a series that says nothing new for so many windows nobody knows how it is now.
_FRESH_WINDOWS = 3
JUDGED, WAITING = "judged", "waiting"
_PROGRESS = f"progress/{LIVE}"


@dataclass(frozen=True)
class Falling:
    """One measure of a service, or of one of its touchpoints, that has fallen."""

    measure: str
    agency: str
    service: str
    touchpoint: str | None
    fall: Fall


@dataclass
class _Series:
    """The closed windows of one number; `told` is how far time was when each was told."""

    measure: str
    step: timedelta
    agency: str
    service: str
    touchpoint: str | None
    windows: dict[datetime, Window] = field(default_factory=dict)
    told: dict[datetime, datetime] = field(default_factory=dict)

    newest: datetime | None = None  # of `windows`: every scrape asks for it

    def put(self, start: datetime, window: Window, told: datetime) -> None:
        self.windows[start], self.told[start] = window, told
        self.newest = max(start, self.newest or start)
        reach = timedelta(weeks=WEEKS) + (BESIDE + 1) * self.step
        if len(self.windows) > 2 * (reach // self.step):
            for old in [each for each in self.windows if each < self.newest - reach]:
                self.drop(old)

    def drop(self, start: datetime) -> None:
        self.windows.pop(start, None)
        self.told.pop(start, None)
        if start == self.newest:
            self.newest = max(self.windows, default=None)


class Watch:
    """Fed with every record of the topic; asked at every scrape. A record again changes nothing."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._places: dict[str, tuple[str, datetime]] = {}
        self._now: datetime | None = None

    def record(self, key: str, value: bytes | None) -> None:
        """Take one record in; None removes the key. What is not watched costs next to nothing, and
        what breaks the contract is passed over: the publication tells of it.
        """
        if key != _PROGRESS and not _is_watched(key):
            return
        try:
            self._take(key, value)
        except SchemaViolation:
            self._forget(key)

    def falling(self) -> tuple[Falling, ...]:
        """What has fallen, as of the live clock."""
        return tuple(self._falling())

    def watched(self) -> dict[tuple[str, ...], float]:
        """How many series there are by measure, and by whether enough weeks before its newest
        window are known to judge it.
        """
        counts: dict[tuple[str, ...], float] = {
            (measure, how): 0 for measure in WATCHED for how in (JUDGED, WAITING)
        }
        for series in self._series.values():
            if series.newest is not None:
                weeks = weeks_before(series.windows, series.newest)
                how = JUDGED if len(weeks) >= WEEKS_NEEDED else WAITING
                counts[series.measure, how] += 1
        return counts

    def _falling(self) -> Iterator[Falling]:
        for series in self._series.values():
            if series.newest is None or not self._is_fresh(series, series.newest):
                continue
            found = fallen(series.windows, series.newest, series.step)
            if found is not None:
                place = (series.agency, series.service, series.touchpoint)
                yield Falling(series.measure, *place, found)

    def _is_fresh(self, series: _Series, newest: datetime) -> bool:
        if self._now is None:
            return False
        return self._now <= series.told[newest] + _FRESH_WINDOWS * series.step

    def _take(self, key: str, value: bytes | None) -> None:
        if key == _PROGRESS:
            self._now = decode(ClockProgress, value).watermark if value else None
            return
        message = decode(MetricMessage, value) if value else None
        settled = _settled(message) if message else None
        if message is None or settled is None:
            self._forget(key)
        else:
            self._keep(key, message, *settled)

    def _keep(self, key: str, message: MetricMessage, window: Window, told: datetime) -> None:
        name, period, _ = key.rsplit("/", 2)
        of = message.dimensions
        place = (of.agency, of.service or "", of.touchpoint)
        series = self._series.setdefault(name, _Series(message.metric_id, _STEPS[period], *place))
        start = message.period_start.astimezone(ZoneInfo(message.time_zone)).replace(tzinfo=None)
        series.put(start, window, told)
        self._places[key] = (name, start)

    def _forget(self, key: str) -> None:
        if place := self._places.pop(key, None):
            name, start = place
            self._series[name].drop(start)


def _is_watched(key: str) -> bool:
    kind = WATCHED.get(key.split("/", 1)[0])
    return kind is not None and f"/{kind}/" in key


def _settled(message: MetricMessage) -> tuple[Window, datetime] | None:
    """What a message says, and how far time was: None unless it is closed, of enough people, and
    of citizens of now.
    """
    if message.value is None or message.watermark is None or message.level is Level.AGENCY:
        return None
    is_closed = LIVE in message.clocks and _is_closed(message, message.watermark)
    if not is_closed or message.state is not PublishState.OK:
        return None
    return Window(message.value, message.n), message.watermark


def _is_closed(message: MetricMessage, watermark: datetime) -> bool:
    """An hour of completion is closed when its horizon has passed, and says so. A day of answers
    stays provisional until the books close, months later: here it is closed when it is over.
    """
    if message.period is PeriodKind.HOUR:
        return Flag.PROVISIONAL not in message.flags
    return watermark >= message.period_end
