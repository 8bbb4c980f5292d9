"""What can change no more: months whose books are frozen, and spans that were forgotten.

A month of a clock is frozen when its watermark has passed the month's end and the grace, and no
journey in it can change. It is then written to our own memory, booked, and never computed again.
Hours and days are forgotten some time after their end; what one clock has forgotten is forgotten
for all, since a sum without it would be another number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from schemas.vocabulary import PeriodKind
from services.metrics.domain.blocks import Block
from services.metrics.domain.periods import KEPT, Piece, Shelf, Watermarks, calendar
from services.metrics.domain.rules import Rules

KIND = {
    Shelf.TOUCHPOINT_HOUR: PeriodKind.HOUR,
    Shelf.HOUR: PeriodKind.HOUR,
    Shelf.DAY: PeriodKind.DAY,
    Shelf.MONTH: PeriodKind.MONTH,
}
Stretch = tuple[str, Shelf, str]
"""Service, shelf and clock."""
Stretches = Mapping[Stretch, tuple[str, str]]
"""The first and the last span of each that was forgotten."""


@dataclass(frozen=True)
class Closings:
    """As of one instant, which `token` names: what is counted by older closings is refused.

    `frozen` says of each month whether it is booked. While a generation is made, the hours and
    days of frozen months are counted too: it has none yet.
    """

    token: str = ""
    frozen: Mapping[Block, bool] = field(default_factory=dict)
    forgotten: Stretches = field(default_factory=dict)
    is_being_made: bool = False

    @cached_property
    def _by_shelf(self) -> Mapping[tuple[str, Shelf], list[tuple[str, str]]]:
        found: dict[tuple[str, Shelf], list[tuple[str, str]]] = {}
        for (service, shelf, _), span in self.forgotten.items():
            found.setdefault((service, shelf), []).append(span)
        return found

    def has_forgotten(self, service: str, piece: Piece) -> bool:
        """Whether this span of a service is counted and told no more."""
        shelf, start = piece
        spans = self._by_shelf.get((service, shelf), ())
        return any(first <= start <= last for first, last in spans)

    @property
    def unbooked(self) -> list[Block]:
        """Frozen, but not yet where it outlives the store."""
        return sorted(block for block, is_booked in self.frozen.items() if not is_booked)


@lru_cache(100_000)
def end_of(shelf: Shelf, start: str, zone: ZoneInfo) -> datetime:
    """The first instant after a span."""
    return calendar(KIND[shelf], start).end(zone)


def due(
    blocks: Iterable[Block], closings: Closings, watermarks: Watermarks, rules: Rules
) -> list[Block]:
    """Months that time allows to be frozen; whether a journey in them can change is to be seen."""
    found = []
    for block in blocks:
        service = rules.services.get(block.service)
        if block.kind is Shelf.MONTH and service is not None and block not in closings.frozen:
            closing = end_of(block.kind, block.start, service.zone) + service.grace
            if watermarks.reached(block.clock, closing):
                found.append(block)
    return sorted(found)


def old(
    blocks: Iterable[Block], watermarks: Watermarks, rules: Rules
) -> tuple[list[Block], Stretches]:
    """Blocks that are kept no longer, by the watermark of their own clock, with all that lies
    beside them on other clocks; and the stretches they are in.
    """
    known = [b for b in blocks if b.kind in KEPT and b.service in rules.services]
    past = [b for b in known if _is_old(b, watermarks, rules)]
    places = {(b.service, b.kind, b.start) for b in past}
    spans: dict[Stretch, tuple[str, str]] = {}
    for block in past:
        key = (block.service, block.kind, block.clock)
        first, last = spans.get(key, (block.start, block.start))
        spans[key] = min(first, block.start), max(last, block.start)
    return sorted(b for b in known if (b.service, b.kind, b.start) in places), spans


def _is_old(block: Block, watermarks: Watermarks, rules: Rules) -> bool:
    now = watermarks.times.get(block.clock)
    zone = rules.services[block.service].zone
    return now is not None and now >= end_of(block.kind, block.start, zone) + KEPT[block.kind]
