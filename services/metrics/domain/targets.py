"""Which periods of which services and agencies are to be told anew, and from which cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.control import LIVE
from schemas.vocabulary import ROLLING, Level, PeriodKind
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import KIND, Closings, end_of
from services.metrics.domain.formulas import HORIZONS, formulas_of
from services.metrics.domain.measures.family import Formula
from services.metrics.domain.periods import (
    Period,
    Piece,
    Shelf,
    Watermarks,
    calendar,
    quarter_of,
    rolling,
    rolling_before,
)
from services.metrics.domain.rules import Rules, Scope


class Target(NamedTuple):
    """One scope and period; a rolling window has no start in its name, it overwrites itself."""

    scope: str
    kind: PeriodKind
    start: str = ""

    @property
    def name(self) -> str:
        """The target as text, for a store."""
        return "|".join(self)

    @classmethod
    def named(cls, name: str) -> "Target":
        """The target that `name` is the text of."""
        scope, kind, start = name.split("|")
        return cls(scope, PeriodKind(kind), start)


@dataclass(frozen=True)
class Window:
    """A period to be summed, and the formulas that read it. Two may be of the same days."""

    period: Period
    formulas: tuple[Formula, ...]

    def without(self, levels: frozenset[Level]) -> "Window":
        """The same for what is not told at these levels."""
        kept = tuple(f for f in self.formulas if f.level not in levels)
        return Window(self.period, kept)


def targets_of(block: Block, rules: Rules) -> Iterator[Target]:
    """The calendar periods a block belongs to: of its service and of the service's agency."""
    for scope in rules.names_of(block.service):
        if is_told(rules.scopes[scope], KIND[block.kind]):
            yield Target(scope, KIND[block.kind], block.start)
        if block.kind is Shelf.MONTH:
            yield Target(scope, PeriodKind.QUARTER, quarter_of(block.start))


def is_told(scope: Scope, kind: PeriodKind) -> bool:
    """Whether anything is told of such periods."""
    return bool(formulas_of(scope.levels, kind))


def levels_gone(target: Target, scope: Scope, closings: Closings) -> frozenset[Level]:
    """The levels at which a calendar period is told no more, because cells of it were forgotten."""
    if target.kind in ROLLING:
        return frozenset()
    shelves = {
        shelf
        for shelf, start in calendar(target.kind, target.start).pieces
        for service in scope.services
        if closings.has_forgotten(service, (shelf, start))
    }
    if shelves == {Shelf.TOUCHPOINT_HOUR}:
        return frozenset({Level.TOUCHPOINT})
    return frozenset(Level) if shelves else frozenset()


def windows(target: Target, scope: Scope, now: datetime | None) -> tuple[Window, ...]:
    """What a target is made of: a calendar period is one window; a rolling one has another for
    each horizon, since what must mature is looked at later. `now` is the watermark it ends at.
    """
    formulas = formulas_of(scope.levels, target.kind)
    if target.kind not in ROLLING:
        return (Window(calendar(target.kind, target.start), formulas),)
    if now is None:
        return ()
    current = tuple(f for f in formulas if f.horizon is None)
    return (
        Window(rolling(target.kind, now, scope.zone), current),
        *(
            Window(
                rolling_before(target.kind, now, horizon, scope.zone),
                tuple(f for f in formulas if f.horizon == horizon),
            )
            for horizon in HORIZONS
        ),
    )


Places = Mapping[tuple[str, Piece], Sequence[Block]]


def blocks_of(window: Window, scope: Scope, places: Places) -> list[Block]:
    """The blocks in a window, of all services of a scope."""
    return [
        block
        for piece in window.period.pieces
        for service in scope.services
        for block in places.get((service, piece), ())
    ]


def by_place(blocks: Iterable[Block]) -> Places:
    """Blocks by service and span: those of one place differ in their clock only."""
    places: dict[tuple[str, Piece], list[Block]] = {}
    for block in sorted(blocks):
        places.setdefault((block.service, (block.kind, block.start)), []).append(block)
    return places


def present(scope: Scope, clocks: Mapping[str, set[str]], now: Watermarks) -> datetime | None:
    """Where a scope's rolling windows end: at the live watermark where there is one, else at the
    newest of its clocks. `clocks` has those that each service was counted on.
    """
    live = now.times.get(LIVE)
    if live is not None:
        return live
    own = {clock for service in scope.services for clock in clocks.get(service, ())}
    return max((time for c in own if (time := now.times.get(c)) is not None), default=None)


def crossed(
    blocks: Iterable[Block], rules: Rules, before: Watermarks, now: Watermarks
) -> Iterator[Block]:
    """Blocks whose standing changes because time went on: their period ended, a horizon passed,
    or their books could be closed.
    """
    moved = {
        clock: (before.reach(clock), now.reach(clock))
        for clock in now.times
        if before.reach(clock) != now.reach(clock)
    }
    for block in blocks:
        if block.clock in moved and block.service in rules.services:
            earlier, later = moved[block.clock]
            for scope in rules.names_of(block.service):
                instants = _thresholds(block, rules.scopes[scope])
                if any(_is_between(instant, earlier, later) for instant in instants):
                    yield block
                    break


def _is_between(instant: datetime, earlier: datetime | None, later: datetime | None) -> bool:
    is_past = later is not None and instant <= later
    return is_past and (earlier is None or earlier < instant)


def _thresholds(block: Block, scope: Scope) -> Iterator[datetime]:
    for end in _ends(block.kind, block.start, scope.zone):
        for span in (timedelta(0), *HORIZONS, scope.grace):
            yield end + span


def _ends(shelf: Shelf, start: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    end = end_of(shelf, start, zone)
    if shelf is not Shelf.MONTH:
        return (end,)
    return end, calendar(PeriodKind.QUARTER, quarter_of(start)).end(zone)
