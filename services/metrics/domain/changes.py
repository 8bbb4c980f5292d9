"""The changes of one batch, summed, as they go into the store in one piece."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from schemas.journey import Progress
from schemas.vocabulary import RevisionReason
from services.metrics.domain.contribution import Contribution, Counted, minus
from services.metrics.domain.formulas import hourly_shelf
from services.metrics.domain.measures.family import cell
from services.metrics.domain.periods import Shelf, day_of_hour, hour_name, month_of
from services.metrics.domain.rules import Rules

UNFINAL = cell("unfinal")
"""How many journeys and buckets of a day or month can still change."""


class Block(NamedTuple):
    """The cells of one service, span and clock."""

    service: str
    kind: Shelf
    start: str  # the local date of its first day, or the instant of an hour
    clock: str

    @property
    def name(self) -> str:
        """The block as text, for a store."""
        return "|".join(self)

    @classmethod
    def named(cls, name: str) -> "Block":
        """The block that `name` is the text of."""
        service, kind, start, clock = name.split("|")
        return cls(service, Shelf(kind), start, clock)


class Spot(NamedTuple):
    """An hour of one service and clock."""

    service: str
    clock: str
    hour: int


_Any = TypeVar("_Any")


def group_of(cell: str) -> str:
    """Cell measure and labels, without the bin: what one formula reads together."""
    return cell[: cell.rindex("|")]


@dataclass
class Changes:
    """A sum that is being made; a value once it is handed on.

    `added` and `retracted` are never netted: the retracted share is itself a figure.
    """

    rules: Rules
    added: dict[str, int] = field(default_factory=dict)
    retracted: dict[str, int] = field(default_factory=dict)
    counted: dict[str, Counted] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    _hours: dict[Spot, dict[str, int]] = field(default_factory=dict)
    _revised: dict[Spot, dict[str, RevisionReason]] = field(default_factory=dict)
    _unfinal: dict[Block, int] = field(default_factory=dict)

    def replace(
        self, was: Contribution, now: Contribution, reason: RevisionReason | None = None
    ) -> None:
        """Count `now` instead of `was`."""
        for spot, amounts in _by_spot(was, now):
            _sum_into(self._hours.setdefault(spot, {}), amounts)
            if reason is not None:
                marks = self._revised.setdefault(spot, {})
                marks.update({group_of(name): reason for name in amounts})
        if _touched(was) != _touched(now):
            self._count_unfinal(was, -1)
            self._count_unfinal(now, 1)
        counters = minus(now.counters, was.counters)
        _sum_into(self.added, {name: n for name, n in counters.items() if n > 0})
        _sum_into(self.retracted, {name: -n for name, n in counters.items() if n < 0})

    def _count_unfinal(self, of: Contribution, times: int) -> None:
        if of.is_open:
            spots = (Spot(of.service, of.clock, hour) for hour in of.hours)
            for block in {b for s in spots for b in self._blocks(s) if b.kind in _CLOSED}:
                self._unfinal[block] = self._unfinal.get(block, 0) + times

    def cells(self) -> Mapping[Block, Mapping[str, int]]:
        """What every block gets."""
        sums: dict[Block, dict[str, int]] = {}
        for spot, amounts in self._hours.items():
            for block in self._blocks(spot):
                _sum_into(sums.setdefault(block, {}), _kept(block.kind, amounts))
        for block, n in self._unfinal.items():
            if n:
                sums.setdefault(block, {})[UNFINAL] = n
        return {block: amounts for block, amounts in sums.items() if amounts}

    def revised(self) -> Mapping[Block, Mapping[str, RevisionReason]]:
        """The groups of cells that a snapshot with a reason has changed, by block."""
        marks: dict[Block, dict[str, RevisionReason]] = {}
        for spot, groups in self._revised.items():
            for block in self._blocks(spot):
                kept = {g: groups[g] for g in _kept(block.kind, groups)}
                marks.setdefault(block, {}).update(kept)
        return {block: groups for block, groups in marks.items() if groups}

    def _blocks(self, spot: Spot) -> Iterable[Block]:
        zone = self.rules.services[spot.service].zone
        day = day_of_hour(spot.hour, zone)
        hour = hour_name(spot.hour)
        return (
            Block(spot.service, Shelf.HOUR, hour, spot.clock),
            Block(spot.service, Shelf.TOUCHPOINT_HOUR, hour, spot.clock),
            Block(spot.service, Shelf.DAY, day, spot.clock),
            Block(spot.service, Shelf.MONTH, month_of(day), spot.clock),
        )


_CLOSED = frozenset({Shelf.DAY, Shelf.MONTH})  # hours are never closed, but forgotten


def _kept(shelf: Shelf, cells: Mapping[str, _Any]) -> Mapping[str, _Any]:
    if shelf in _CLOSED:
        return cells
    return {c: n for c, n in cells.items() if hourly_shelf(c.partition("|")[0]) is shelf}


def _touched(of: Contribution) -> object:
    return of.is_open and (of.service, of.clock, of.hours.keys())


def _by_spot(was: Contribution, now: Contribution) -> Iterator[tuple[Spot, Mapping[str, int]]]:
    is_same_place = (was.service, was.clock) == (now.service, now.clock)
    for hour, before in was.hours.items():
        after = now.hours.get(hour, {}) if is_same_place else {}
        if changes := minus(after, before):
            yield Spot(was.service, was.clock, hour), changes
    for hour, after in now.hours.items():
        if after and not (is_same_place and hour in was.hours):
            yield Spot(now.service, now.clock, hour), after


def _sum_into(sums: dict[str, int], amounts: Mapping[str, int]) -> None:
    for name, amount in amounts.items():
        sums[name] = sums.get(name, 0) + amount
