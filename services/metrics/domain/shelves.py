"""Which blocks an hour counts in, as long as they can change."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.control import LIVE
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import Contribution
from services.metrics.domain.periods import Shelf, day_of_hour, hour_name, month_of
from services.metrics.domain.rules import Rules

_HOURS_KEPT = 100_000


class Places(NamedTuple):
    """The blocks of one hour; None is one that can change no more, or is not kept: hours are for
    who watches what happens now, so those of a history that is read in have no blocks.
    """

    hour: Block | None
    touchpoint_hour: Block | None
    day: Block | None
    month: Block | None


CLOSED = Places(None, None, None, None)


class Hours(dict[int, Places]):
    """The places of every hour of one service and clock; what was asked once is remembered."""

    def __init__(self, service: str, clock: str, zone: ZoneInfo, closings: Closings) -> None:
        super().__init__()
        self._service, self._clock = service, clock
        self._zone, self._closings = zone, closings

    def __missing__(self, hour: int) -> Places:
        """Where an hour counts."""
        if len(self) >= _HOURS_KEPT:
            self.clear()
        places = self[hour] = self._found(hour)
        return places

    def _found(self, hour: int) -> Places:
        day = day_of_hour(hour, self._zone)
        month = Block(self._service, Shelf.MONTH, month_of(day), self._clock)
        is_frozen = month in self._closings.frozen
        if is_frozen and not self._closings.is_being_made:
            return CLOSED
        is_live = self._clock == LIVE
        places = Places(
            self._kept(Shelf.HOUR, hour_name(hour)) if is_live else None,
            self._kept(Shelf.TOUCHPOINT_HOUR, hour_name(hour)) if is_live else None,
            self._kept(Shelf.DAY, day),
            None if is_frozen else month,
        )
        return CLOSED if places == CLOSED else places

    def _kept(self, shelf: Shelf, start: str) -> Block | None:
        if self._closings.has_forgotten(self._service, (shelf, start)):
            return None
        return Block(self._service, shelf, start, self._clock)


class Shelves:
    """By rules and closings."""

    def __init__(self, rules: Rules, closings: Closings) -> None:
        self.closings = closings
        self._rules = rules
        self._hours: dict[tuple[str, str], Hours] = {}

    def of(self, service: str, clock: str) -> Hours:
        """Where the hours of a clock count. Raises KeyError for a service the catalogue lacks."""
        hours = self._hours.get((service, clock))
        if hours is None:
            zone = self._rules.services[service].zone
            hours = self._hours[service, clock] = Hours(service, clock, zone, self.closings)
        return hours

    def can_change(self, made: Contribution) -> bool:
        """Whether anything of a contribution could still be taken back."""
        hours = self.of(made.service, made.clock)
        if hours[made.opened] is not CLOSED:
            return True
        return any(hours[hour] is not CLOSED for hour in made.hours)
