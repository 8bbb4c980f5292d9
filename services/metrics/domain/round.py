"""One round of telling: which periods, and from which cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemas.metric import key_for
from schemas.vocabulary import ROLLING, RevisionReason
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings
from services.metrics.domain.formulas import BY_SERIES
from services.metrics.domain.messages import Books, Series, dimensions_of
from services.metrics.domain.periods import Shelf, Watermarks, calendar
from services.metrics.domain.rules import Rules
from services.metrics.domain.targets import (
    Places,
    Target,
    Window,
    blocks_of,
    by_place,
    crossed,
    is_told,
    levels_gone,
    present,
    targets_of,
    windows,
)

Cells = Mapping[Block, Mapping[str, int]]
Reasons = Mapping[Block | Target, Mapping[str, RevisionReason]]
_ROLLING = sorted(ROLLING)


@dataclass(frozen=True)
class Round:
    """What does not change during one round: what is dirty, all blocks there are, and how far time
    was at the last round and is now.
    """

    rules: Rules
    dirty: frozenset[Block | Target]
    blocks: frozenset[Block]
    before: Watermarks
    watermarks: Watermarks
    closings: Closings

    @cached_property
    def _places(self) -> Places:
        return by_place(self.blocks)

    @cached_property
    def _clocks(self) -> Mapping[str, set[str]]:
        clocks: dict[str, set[str]] = {}
        for block in self.blocks:
            clocks.setdefault(block.service, set()).add(block.clock)
        return clocks

    def calendar(self) -> set[Target]:
        """Periods in which a cell changed, or which time has passed."""
        past = crossed(self.blocks, self.rules, self.before, self.watermarks)
        changed = (t for one in self.dirty.union(past) for t in _concerned(one, self.rules))
        return {target for target in changed if target.kind not in ROLLING}

    def rolling(self) -> Iterator[tuple[Target, object, bool]]:
        """The rolling targets of every scope, what each stands on in time, and whether one of its
        cells has changed.
        """
        blocks = (one for one in self.dirty if isinstance(one, Block))
        changed = {(block.service, (block.kind, block.start)) for block in blocks}
        for name, scope in sorted(self.rules.scopes.items()):
            if not any(service in self._clocks for service in scope.services):
                continue
            for kind in (kind for kind in _ROLLING if is_told(scope, kind)):
                target = Target(name, kind)
                parts = self._windows(target)
                is_changed = target in self.dirty or any(
                    (service, piece) in changed
                    for window in parts
                    for piece in window.period.pieces
                    for service in scope.services
                )
                periods = tuple((w.period.first, w.period.beyond) for w in parts)
                yield target, (periods, self.watermarks.ended), is_changed

    def parts(self, target: Target) -> list[tuple[Window, list[Block]]]:
        """The windows of a target and the blocks of each."""
        scope = self.rules.scopes[target.scope]
        return [(w, blocks_of(w, scope, self._places)) for w in self._windows(target)]

    def books(self, target: Target, cells: Cells) -> Iterator[tuple[Window, Books]]:
        """The books of each window of a target; `cells` has those of all its blocks."""
        scope = self.rules.scopes[target.scope]
        for window, blocks in self.parts(target):
            own, is_booked = _by_clock(blocks, cells), self._is_booked(blocks)
            yield window, Books(scope, window.period, own, self.watermarks, is_booked=is_booked)

    def gone(self, target: Target, told: Iterable[str]) -> list[Series]:
        """Of the series that were told, those whose cells were forgotten."""
        levels = levels_gone(target, self.rules.scopes[target.scope], self.closings)
        return [series for series in map(Series.named, told) if series.level in levels]

    def key_of(self, target: Target, series: Series) -> str:
        """The key of a calendar message."""
        scope, formula = (
            self.rules.scopes[target.scope],
            BY_SERIES[series.metric_id, series.level],
        )
        start = calendar(target.kind, target.start).start(scope.zone)
        return key_for(series.metric_id, dimensions_of(series, formula, scope), target.kind, start)

    def _is_booked(self, blocks: Sequence[Block]) -> bool:
        frozen = self.closings.frozen
        return all(frozen.get(block, False) for block in blocks if block.kind is Shelf.MONTH)

    def _windows(self, target: Target) -> tuple[Window, ...]:
        scope = self.rules.scopes[target.scope]
        found = windows(target, scope, present(scope, self._clocks, self.watermarks))
        gone = levels_gone(target, scope, self.closings)
        return tuple(w.without(gone) for w in found) if gone else found


def by_target(reasons: Reasons, rules: Rules) -> dict[Target, dict[str, RevisionReason]]:
    """The reasons of revising snapshots by target, whatever their clock."""
    found: dict[Target, dict[str, RevisionReason]] = {}
    for marked, groups in reasons.items():
        for target in _concerned(marked, rules):
            found.setdefault(target, {}).update(groups)
    return found


def _concerned(marked: Block | Target, rules: Rules) -> Iterable[Target]:
    """The calendar targets of a block, or the one that was marked itself; none of what the
    catalogue lacks.
    """
    if isinstance(marked, Target):
        return (marked,) if marked.scope in rules.scopes else ()
    return targets_of(marked, rules) if marked.service in rules.services else ()


def _by_clock(blocks: Sequence[Block], cells: Cells) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for block in blocks:
        total = sums.setdefault(block.clock, {})
        for cell, n in cells[block].items():
            total[cell] = total.get(cell, 0) + n
    return sums
