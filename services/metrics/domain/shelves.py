"""Which blocks an hour counts in, as long as they can change."""

from typing import NamedTuple

from services.metrics.domain.blocks import Block, Spot
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import Contribution
from services.metrics.domain.periods import Shelf, day_of_hour, hour_name, month_of
from services.metrics.domain.rules import Rules

_SPOTS_KEPT = 200_000


class Places(NamedTuple):
    """The blocks of one hour; None is one that can change no more."""

    hour: Block | None
    touchpoint_hour: Block | None
    day: Block | None
    month: Block | None


CLOSED = Places(None, None, None, None)


class Shelves:
    """By rules and closings; remembers what it was asked, since snapshots share their hours."""

    def __init__(self, rules: Rules, closings: Closings) -> None:
        self.closings = closings
        self._rules = rules
        self._places: dict[Spot, Places] = {}

    def of(self, spot: Spot) -> Places:
        """Where an hour counts. Raises KeyError for a service that the catalogue lacks."""
        places = self._places.get(spot)
        if places is None:
            if len(self._places) >= _SPOTS_KEPT:
                self._places.clear()
            places = self._places[spot] = self._found(spot)
        return places

    def can_change(self, made: Contribution) -> bool:
        """Whether anything of a contribution could still be taken back."""
        hours = (made.opened, *made.hours)
        return any(self.of(Spot(made.service, made.clock, hour)) is not CLOSED for hour in hours)

    def _found(self, spot: Spot) -> Places:
        service, clock, hour = spot
        day = day_of_hour(hour, self._rules.services[service].zone)
        month = Block(service, Shelf.MONTH, month_of(day), clock)
        is_frozen = month in self.closings.frozen
        if is_frozen and not self.closings.is_being_made:
            return CLOSED
        places = Places(
            self._kept(spot, Shelf.HOUR, hour_name(hour)),
            self._kept(spot, Shelf.TOUCHPOINT_HOUR, hour_name(hour)),
            self._kept(spot, Shelf.DAY, day),
            None if is_frozen else month,
        )
        return CLOSED if places == CLOSED else places

    def _kept(self, spot: Spot, shelf: Shelf, start: str) -> Block | None:
        if self.closings.has_forgotten(spot.service, (shelf, start)):
            return None
        return Block(spot.service, shelf, start, spot.clock)
