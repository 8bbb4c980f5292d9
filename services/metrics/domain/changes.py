"""The changes of one batch, summed, as they go into the store in one piece."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemas.journey import Progress
from schemas.vocabulary import RevisionReason
from services.metrics.domain.blocks import Block, Spot
from services.metrics.domain.contribution import Contribution, Counted, minus
from services.metrics.domain.formulas import hourly_shelf
from services.metrics.domain.measures.family import cell
from services.metrics.domain.periods import Shelf
from services.metrics.domain.shelves import Shelves

UNFINAL = cell("unfinal")
"""How many journeys and buckets of a day or month can still change."""

_FLOW = "flow"
_SHELF_OF: dict[str, Shelf | None] = {}


def group_of(cell: str) -> str:
    """Cell measure and labels, without the bin: what one formula reads together."""
    return cell[: cell.rindex("|")]


def flow_cell(counter: str) -> str:
    """The cell that holds a counter's net of one month, so that it is booked with the month."""
    return cell(_FLOW, counter.replace("|", "/"))


def counter_in(name: str) -> str | None:
    """The counter whose cell this is; None for a cell of a measure."""
    measure, labels, _ = name.split("|")
    return labels.replace("/", "|") if measure == _FLOW else None


@dataclass
class Changes:
    """A sum that is being made; a value once it is handed on. What can change no more is left out.

    `added` and `retracted` are never netted: the retracted share is itself a figure. `counted` is
    None for an id of which nothing need be remembered any more.
    """

    shelves: Shelves
    added: dict[str, int] = field(default_factory=dict)
    retracted: dict[str, int] = field(default_factory=dict)
    counted: dict[str, Counted | None] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    _hours: dict[Spot, dict[str, int]] = field(default_factory=dict)
    _revised: dict[Spot, dict[str, RevisionReason]] = field(default_factory=dict)
    _months: dict[Block, dict[str, int]] = field(default_factory=dict)  # counters' nets
    _unfinal: dict[Block, int] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """Of the closings that these changes know of."""
        return self.shelves.closings.token

    def replace(
        self, was: Contribution, now: Contribution, reason: RevisionReason | None = None
    ) -> None:
        """Count `now` instead of `was`."""
        is_same_place = (was.service, was.clock) == (now.service, now.clock)
        for spot, amounts in _by_spot(was, now, is_same_place=is_same_place):
            _sum_into(self._hours.setdefault(spot, {}), amounts)
            if reason is not None:
                marks = self._revised.setdefault(spot, {})
                marks.update({group_of(name): reason for name in amounts})
        self._count_unfinal(was, now)
        before, after = self._month_of(was), self._month_of(now)
        if before == after:
            self._count(after, minus(now.counters, was.counters))
        else:
            self._count(before, minus({}, was.counters))
            self._count(after, now.counters)

    def _month_of(self, made: Contribution) -> Block | None:
        if not made.counters:
            return None
        return self.shelves.of(Spot(made.service, made.clock, made.opened)).month

    def _count(self, month: Block | None, counters: Mapping[str, int]) -> None:
        if month is None or not counters:
            return
        _sum_into(self._months.setdefault(month, {}), counters)
        for name, n in counters.items():
            side = self.added if n > 0 else self.retracted
            side[name] = side.get(name, 0) + abs(n)

    def _count_unfinal(self, was: Contribution, now: Contribution) -> None:
        before, after = self._unfinal_in(was), self._unfinal_in(now)
        if before != after:
            for block in before - after:
                self._unfinal[block] = self._unfinal.get(block, 0) - 1
            for block in after - before:
                self._unfinal[block] = self._unfinal.get(block, 0) + 1

    def _unfinal_in(self, of: Contribution) -> set[Block]:
        found: set[Block] = set()
        if of.is_open:
            for hour in of.hours:
                places = self.shelves.of(Spot(of.service, of.clock, hour))
                found.update(b for b in (places.day, places.month) if b is not None)
        return found

    def cells(self) -> Mapping[Block, Mapping[str, int]]:
        """What every block gets."""
        sums: dict[Block, dict[str, int]] = {}
        for spot, amounts in self._hours.items():
            for block, kept in self._shelved(spot, amounts):
                _sum_into(sums.setdefault(block, {}), kept)
        for block, n in self._unfinal.items():
            if n:
                sums.setdefault(block, {})[UNFINAL] = n
        for month, counters in self._months.items():
            into = sums.setdefault(month, {})
            into.update({flow_cell(name): n for name, n in counters.items() if n})
        return {block: amounts for block, amounts in sums.items() if amounts}

    def revised(self) -> Mapping[Block, Mapping[str, RevisionReason]]:
        """The groups of cells that a snapshot with a reason has changed, by block."""
        marks: dict[Block, dict[str, RevisionReason]] = {}
        for spot, reasons in self._revised.items():
            groups = dict.fromkeys(reasons, 1)
            for block, kept in self._shelved(spot, groups):
                marks.setdefault(block, {}).update({group: reasons[group] for group in kept})
        return {block: groups for block, groups in marks.items() if groups}

    def _shelved(
        self, spot: Spot, amounts: Mapping[str, int]
    ) -> Iterator[tuple[Block, Mapping[str, int]]]:
        places = self.shelves.of(spot)
        for block in (places.day, places.month):
            if block is not None:
                yield block, amounts
        for block, shelf in (
            (places.hour, Shelf.HOUR),
            (places.touchpoint_hour, Shelf.TOUCHPOINT_HOUR),
        ):
            if block is not None:
                kept = {name: n for name, n in amounts.items() if _hourly(name) is shelf}
                if kept:
                    yield block, kept


def _hourly(name: str) -> Shelf | None:
    measure = name.partition("|")[0]
    if measure not in _SHELF_OF:
        _SHELF_OF[measure] = hourly_shelf(measure)
    return _SHELF_OF[measure]


def _by_spot(
    was: Contribution, now: Contribution, *, is_same_place: bool
) -> Iterator[tuple[Spot, Mapping[str, int]]]:
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
