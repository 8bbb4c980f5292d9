"""One round of telling: which periods, and from which cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemas.vocabulary import PeriodKind, RevisionReason
from services.metrics.domain.changes import Block
from services.metrics.domain.messages import Books
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.rules import Rules
from services.metrics.domain.targets import (
    Target,
    Window,
    blocks_of,
    by_place,
    crossed,
    present,
    target_of,
    windows,
)

Cells = Mapping[Block, Mapping[str, int]]
Reasons = Mapping[Block, Mapping[str, RevisionReason]]


@dataclass(frozen=True)
class Round:
    """What does not change during one round: the blocks that are dirty, all blocks there are, and
    how far time was at the last round and is now.
    """

    rules: Rules
    dirty: frozenset[Block]
    blocks: frozenset[Block]
    before: Watermarks
    watermarks: Watermarks

    @cached_property
    def _places(self) -> Mapping[str, Sequence[Block]]:
        return by_place(self.blocks)

    def calendar(self) -> set[Target]:
        """Days and months in which a cell changed, or which time has passed."""
        past = crossed(self.blocks, self.rules, self.before, self.watermarks)
        changed = self.dirty.union(past)
        return {target_of(b) for b in changed if b.service in self.rules.services}

    def rolling(self) -> Iterator[tuple[Target, object, bool]]:
        """The rolling target of every service, what it stands on in time, and whether one of the
        service's cells has changed.
        """
        changed = {block.service for block in self.dirty}
        for service in sorted({b.service for b in self.blocks} & self.rules.services.keys()):
            target = Target(service, PeriodKind.ROLLING_28D)
            yield target, (self._windows(target), self.watermarks.ended), service in changed

    def parts(self, target: Target) -> list[tuple[Window, list[Block]]]:
        """The windows of a target and the blocks of each."""
        return [(w, blocks_of(w, target.service, self._places)) for w in self._windows(target)]

    def books(self, target: Target, cells: Cells) -> Iterator[tuple[Window, Books]]:
        """The books of each window of a target; `cells` has those of all its blocks."""
        service = self.rules.services[target.service]
        for window, blocks in self.parts(target):
            yield window, Books(service, window.period, _by_clock(blocks, cells), self.watermarks)

    def _windows(self, target: Target) -> tuple[Window, ...]:
        now = present(target.service, self.blocks, self.watermarks)
        return windows(target, self.rules.services[target.service], now)


def by_target(reasons: Reasons) -> dict[Target, dict[str, RevisionReason]]:
    """The reasons of revising snapshots by calendar target, whatever their clock."""
    found: dict[Target, dict[str, RevisionReason]] = {}
    for block, groups in reasons.items():
        found.setdefault(target_of(block), {}).update(groups)
    return found


def _by_clock(blocks: Sequence[Block], cells: Cells) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for block in blocks:
        total = sums.setdefault(block.clock, {})
        for cell, n in cells[block].items():
            total[cell] = total.get(cell, 0) + n
    return sums
