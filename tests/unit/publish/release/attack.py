"""An attacker with a solver. He knows nothing of how a release is decided: he has the finest groups
of people there are, and every record ever published as a sum over some of them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from schemas.public_metric import PublicMetric

Group = tuple[str, ...]
"""The finest group of people, by what they have in common."""


class Fact(NamedTuple):
    """Together these groups are between so many people."""

    groups: frozenset[Group]
    low: float
    high: float


class Range(NamedTuple):
    """What a number may be, for all the attacker knows."""

    low: float
    high: float


def about(groups: Iterable[Group], rounded: int, base: int, k: int) -> Fact:
    """What a published count says: nothing between 1 and k - 1 is ever shown."""
    half = base // 2
    low = max(k, rounded - half) if rounded else 0
    return Fact(frozenset(groups), low, rounded + half if rounded else 0)


class Attacker:
    """Solves the system of all facts; what he finds for one target is possible for all others."""

    def __init__(self, facts: Sequence[Fact], universe: Iterable[Group]) -> None:
        self._column = {group: number for number, group in enumerate(universe)}
        bounds: dict[frozenset[Group], tuple[float, float]] = {}
        for groups, low, high in facts:
            before = bounds.get(groups, (0.0, float("inf")))
            bounds[groups] = max(low, before[0]), min(high, before[1])
        rows = [[self._column[group] for group in groups] for groups in bounds]
        ends = [(i, j) for i, columns in enumerate(rows) for j in columns]
        shape = (len(rows), len(self._column))
        above = csr_array(([1.0] * len(ends), tuple(zip(*ends, strict=True))), shape=shape)
        self._rows = vstack([above, -above])
        self._sums = [*(high for _, high in bounds.values()), *(-low for low, _ in bounds.values())]
        self._possible: list[list[float]] = []

    def finds_out(self, target: frozenset[Group], k: int) -> bool:
        """Whether the target cannot be 0, or cannot be k."""
        return not (self._can_be(target, 1, 0) and self._can_be(target, -1, -k))

    def range_of(self, target: frozenset[Group]) -> Range:
        """The least and the most the target can be."""
        low, high = self._extreme(target, 1), self._extreme(target, -1)
        return Range(
            self._sum(target, low) if low else 0.0,
            self._sum(target, high) if high else float("inf"),
        )

    def _can_be(self, target: frozenset[Group], sign: int, end: float) -> bool:
        if any(sign * self._sum(target, one) <= end + 1e-6 for one in self._possible):
            return True
        found = self._extreme(target, sign)
        return found is None or sign * self._sum(target, found) <= end + 1e-6

    def _extreme(self, target: frozenset[Group], sign: int) -> list[float] | None:
        goal = [0.0] * len(self._column)
        for group in target:
            goal[self._column[group]] = float(sign)
        found = linprog(goal, A_ub=self._rows, b_ub=self._sums, method="highs")
        assert found.status in {0, 3}, found.message
        if found.status == 0:
            self._possible.append(list(found.x))
        return None if found.status == 3 else list(found.x)

    def _sum(self, target: frozenset[Group], possible: list[float]) -> float:
        return sum(possible[self._column[group]] for group in target)


def suppressed(records: Iterable[PublicMetric]) -> list[PublicMetric]:
    """The records that tell nothing."""
    return [record for record in records if record.state == "suppressed"]
