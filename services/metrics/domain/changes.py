"""The changes of one batch, summed, as they go into the store in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.journey import Progress
from schemas.vocabulary import PeriodKind, RevisionReason
from services.metrics.domain.contribution import Counted, Difference
from services.metrics.domain.periods import month_of


class Block(NamedTuple):
    """The cells of one service, calendar period and clock."""

    service: str
    kind: PeriodKind
    start: str  # the local date of its first day
    clock: str

    @property
    def name(self) -> str:
        """The block as text, for a store."""
        return "|".join(self)

    @classmethod
    def named(cls, name: str) -> "Block":
        """The block that `name` is the text of."""
        service, kind, start, clock = name.split("|")
        return cls(service, PeriodKind(kind), start, clock)


def group_of(cell: str) -> str:
    """Cell measure and labels, without the bin: what one formula reads together."""
    return cell[: cell.rindex("|")]


@dataclass
class Changes:
    """A sum that is being made; a value once it is handed on.

    `revised` names, per block, the groups of cells that a snapshot with a reason has changed.
    """

    cells: dict[Block, dict[str, int]] = field(default_factory=dict)
    revised: dict[Block, dict[str, RevisionReason]] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    retracted: dict[str, int] = field(default_factory=dict)
    counted: dict[str, Counted] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)

    def add(self, change: Difference, reason: RevisionReason | None) -> None:
        """Take one journey's difference in: by day, and by the month the day is in."""
        for (service, clock, day), amounts in change.cells.items():
            for kind, start in ((PeriodKind.DAY, day), (PeriodKind.MONTH, month_of(day))):
                block = Block(service, kind, start, clock)
                _sum_into(self.cells.setdefault(block, {}), amounts)
                if reason is not None:
                    marks = self.revised.setdefault(block, {})
                    marks.update({group_of(cell): reason for cell in amounts})
        _sum_into(self.added, change.added)
        _sum_into(self.retracted, change.retracted)


def _sum_into(sums: dict[str, int], amounts: Mapping[str, int]) -> None:
    for name, amount in amounts.items():
        sums[name] = sums.get(name, 0) + amount
