"""Which periods of which services are to be told anew, and from which blocks of cells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.control import LIVE
from schemas.vocabulary import PeriodKind
from services.metrics.domain.changes import Block
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import Formula
from services.metrics.domain.periods import (
    NEVER_ENDS,
    Period,
    Watermarks,
    calendar,
    rolling,
    rolling_before,
)
from services.metrics.domain.rules import Rules, ServiceRules

_HORIZONS = tuple(sorted({f.horizon for f in FORMULAS if f.horizon is not None}))


class Target(NamedTuple):
    """One service and period; a rolling window has no start in its name, it overwrites itself."""

    service: str
    kind: PeriodKind
    start: str = ""

    @property
    def name(self) -> str:
        """The target as text, for a store."""
        return "|".join(self)


@dataclass(frozen=True)
class Window:
    """A period to be summed, and the formulas that read it. Two may be of the same days."""

    period: Period
    formulas: tuple[Formula, ...]


def target_of(block: Block) -> Target:
    """The calendar period a block belongs to."""
    return Target(block.service, block.kind, block.start)


def emptied(target: Target) -> Block:
    """A block of no clock: it marks a period that may have no block any more."""
    return Block(target.service, target.kind, target.start, "")


def windows(target: Target, service: ServiceRules, now: datetime | None) -> tuple[Window, ...]:
    """What a target is made of: a calendar period is one window; a rolling one has another for
    each horizon, since what must mature is looked at later. `now` is the watermark it ends at.
    """
    if target.kind is not PeriodKind.ROLLING_28D:
        return (Window(calendar(target.kind, target.start), FORMULAS),)
    if now is None:
        return ()
    current = tuple(f for f in FORMULAS if f.horizon is None)
    return (
        Window(rolling(now, service.zone), current),
        *(
            Window(
                rolling_before(now, horizon, service.zone),
                tuple(f for f in FORMULAS if f.horizon == horizon),
            )
            for horizon in _HORIZONS
        ),
    )


def blocks_of(window: Window, service: str, known: Mapping[str, Iterable[Block]]) -> list[Block]:
    """The blocks in a window. `known` has all of a service's by `kind|start`."""
    kind, first = window.period.kind, window.period.first.isoformat()
    if kind is not PeriodKind.ROLLING_28D:
        return list(known.get(f"{service}|{kind}|{first}", ()))
    names = (f"{service}|{PeriodKind.DAY}|{day}" for day in window.period.days)
    return [block for name in names for block in known.get(name, ())]


def by_place(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Blocks by `service|kind|start`: those of one place differ in their clock only."""
    places: dict[str, list[Block]] = {}
    for block in sorted(blocks):
        places.setdefault(f"{block.service}|{block.kind}|{block.start}", []).append(block)
    return places


def present(service: str, blocks: Iterable[Block], watermarks: Watermarks) -> datetime | None:
    """Where a service's rolling windows end: at the live watermark where there is one, else at
    the newest of its clocks.
    """
    live = watermarks.times.get(LIVE)
    if live is not None:
        return live
    clocks = {block.clock for block in blocks if block.service == service}
    times = [time for c in clocks if (time := watermarks.times.get(c)) is not None]
    return max(times, default=None)


def crossed(
    blocks: Iterable[Block], rules: Rules, before: Watermarks, now: Watermarks
) -> Iterator[Block]:
    """Blocks whose standing changes because time went on: their period ended, a horizon passed,
    or their books could be closed.
    """
    moved = {
        clock: (_reach(clock, before), _reach(clock, now))
        for clock in now.times
        if _reach(clock, before) != _reach(clock, now)
    }
    for block in blocks:
        if block.clock in moved and block.service in rules.services:
            earlier, later = moved[block.clock]
            instants = _thresholds(block, rules.services[block.service])
            if any(_is_between(instant, earlier, later) for instant in instants):
                yield block


def _reach(clock: str, watermarks: Watermarks) -> datetime | None:
    return NEVER_ENDS if clock in watermarks.ended else watermarks.times.get(clock)


def _is_between(instant: datetime, earlier: datetime | None, later: datetime | None) -> bool:
    is_past = later is not None and instant <= later
    return is_past and (earlier is None or earlier < instant)


def _thresholds(block: Block, service: ServiceRules) -> Iterator[datetime]:
    end = calendar(block.kind, block.start).end(service.zone)
    for span in (timedelta(0), *_HORIZONS, service.grace):
        yield end + span
