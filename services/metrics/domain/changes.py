"""The changes of one batch, summed, as they go into the store in one piece."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from schemas.journey import Progress
from schemas.vocabulary import RevisionReason
from services.metrics.domain.blocks import Block
from services.metrics.domain.contribution import NOTHING, Contribution, Counted, minus
from services.metrics.domain.formulas import hourly_shelf
from services.metrics.domain.measures.family import cell
from services.metrics.domain.periods import Shelf
from services.metrics.domain.shelves import Hours, Places, Shelves

UNFINAL = cell("unfinal")
"""How many journeys and buckets of a day or month can still change."""

_FLOW = "flow"
_NO_CELLS: dict[str, int] = {}
_Line = tuple[str, str]  # service and clock


def group_of(cell: str) -> str:
    """Cell measure and labels, without the bin: what one formula reads together."""
    return cell[: cell.rindex("|")]


@lru_cache(100_000)
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
    _hours: dict[_Line, dict[int, dict[str, int]]] = field(default_factory=dict)
    _revised: dict[_Line, dict[int, dict[str, RevisionReason]]] = field(default_factory=dict)
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
        line = (now.service, now.clock)
        if was is not NOTHING and (was.service, was.clock) != line:
            self.replace(was, was.taken_back(), reason)
            was = NOTHING
        places, sums = self.shelves.of(*line), self._hours.setdefault(line, {})
        for hour, amounts in _changed(was.hours, now.hours):
            if hour in sums:
                _sum_into(sums[hour], amounts)
            else:
                sums[hour] = amounts
            if reason is not None:
                marks = self._revised.setdefault(line, {}).setdefault(hour, {})
                marks.update({group_of(name): reason for name in amounts})
        self._count_unfinal(places, was, now)
        self._count_counters(places, was, now)

    def _count_counters(self, places: Hours, was: Contribution, now: Contribution) -> None:
        before = places[was.opened].month if was.counters else None
        after = places[now.opened].month if now.counters else None
        if before == after:
            self._count(after, minus(now.counters, was.counters))
        else:
            self._count(before, minus({}, was.counters))
            self._count(after, now.counters)

    def _count(self, month: Block | None, counters: Mapping[str, int]) -> None:
        if month is None or not counters:
            return
        _sum_into(self._months.setdefault(month, {}), counters)
        for name, n in counters.items():
            side = self.added if n > 0 else self.retracted
            side[name] = side.get(name, 0) + abs(n)

    def _count_unfinal(self, places: Hours, was: Contribution, now: Contribution) -> None:
        if was.is_open and now.is_open and was.hours.keys() == now.hours.keys():
            return
        before, after = _days_and_months(places, was), _days_and_months(places, now)
        for block in before - after:
            self._unfinal[block] = self._unfinal.get(block, 0) - 1
        for block in after - before:
            self._unfinal[block] = self._unfinal.get(block, 0) + 1

    def cells(self) -> Mapping[Block, Mapping[str, int]]:
        """What every block gets."""
        sums: dict[Block, dict[str, int]] = {}
        for (service, clock), hours in self._hours.items():
            places = self.shelves.of(service, clock)
            for hour, amounts in hours.items():
                for block, kept in _shelved(places[hour], amounts):
                    _sum_into(sums.setdefault(block, {}), kept)
        for block, n in self._unfinal.items():
            if n:
                sums.setdefault(block, {})[UNFINAL] = n
        for month, counters in self._months.items():
            into = sums.setdefault(month, {})
            into.update({flow_cell(name): n for name, n in counters.items() if n})
        return sums

    def revised(self) -> Mapping[Block, Mapping[str, RevisionReason]]:
        """The groups of cells that a snapshot with a reason has changed, by block."""
        marks: dict[Block, dict[str, RevisionReason]] = {}
        for (service, clock), hours in self._revised.items():
            places = self.shelves.of(service, clock)
            for hour, reasons in hours.items():
                for block, kept in _shelved(places[hour], dict.fromkeys(reasons, 1)):
                    marks.setdefault(block, {}).update({g: reasons[g] for g in kept})
        return marks


def _changed(
    was: Mapping[int, dict[str, int]], now: Mapping[int, dict[str, int]]
) -> Iterator[tuple[int, dict[str, int]]]:
    for hour, before in was.items():
        after = now.get(hour, _NO_CELLS)
        if after != before:
            yield hour, minus(after, before)
    for hour, after in now.items():
        if after and hour not in was:
            yield hour, after.copy()


def _days_and_months(places: Hours, of: Contribution) -> set[Block]:
    if not of.is_open:
        return set()
    found = {block for hour in of.hours for block in places[hour][2:]}
    found.discard(None)
    return found  # type: ignore[return-value]


def _shelved(
    places: Places, amounts: Mapping[str, int]
) -> Iterator[tuple[Block, Mapping[str, int]]]:
    """Days and months hold every cell, the others those that some formula reads by hours."""
    hour, touchpoint_hour, day, month = places
    if day is not None:
        yield day, amounts
    if month is not None:
        yield month, amounts
    if hour is not None and (kept := _by_hours(amounts, Shelf.HOUR)):
        yield hour, kept
    if touchpoint_hour is not None and (kept := _by_hours(amounts, Shelf.TOUCHPOINT_HOUR)):
        yield touchpoint_hour, kept


def _by_hours(amounts: Mapping[str, int], shelf: Shelf) -> dict[str, int]:
    return {name: n for name, n in amounts.items() if _hourly(name) is shelf}


@lru_cache(100_000)
def _hourly(name: str) -> Shelf | None:
    return hourly_shelf(name.partition("|")[0])


def _sum_into(sums: dict[str, int], amounts: Mapping[str, int]) -> None:
    for name, amount in amounts.items():
        sums[name] = sums.get(name, 0) + amount
