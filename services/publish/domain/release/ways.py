"""How else the books could read: other counts that agree with every equation.

Whatever such a way changes must be hidden, or it can be ruled out. Found by linear programmes; each
that was found is kept, for it may serve other counts too.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import connected_components

from services.publish.domain.release.count import Count
from services.publish.domain.release.tables import Tables

_SLACK = 1e-6  # of the solver
Vector = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Labels = np.ndarray[Any, np.dtype[np.int32]]


class Need(NamedTuple):
    """A count that must be able to be 0, or else to be k, for all that anybody knows."""

    at: int
    must_reach_k: bool


class Ways:
    """The equations of all tables as a matrix, and the changes to the true counts found so far."""

    def __init__(self, tables: Tables, k: int) -> None:
        self.counts: Sequence[Count] = tuple(tables.counts)
        self.at = {count: number for number, count in enumerate(self.counts)}
        self.exact: Vector = np.array([tables.counts[one] for one in self.counts], dtype=float)
        self._k = k
        self._equations = self._matrix(tables)
        self._part = self._parts(tables)
        self._found: Vector = np.zeros((1, len(self.counts)))

    def needs(self, counts: Iterable[Count]) -> list[Need]:
        """What must be possible of these counts, the greatest change first."""
        needed = [Need(self.at[one], side) for one in counts for side in (False, True)]
        return sorted(needed, key=lambda one: (-abs(self._step(one)), one))

    def near(self, needs: Iterable[Need], count: Count) -> list[Need]:
        """Those on which it can depend whether a count is hidden."""
        part = self._part[self.at[count]]
        return [one for one in needs if self._part[one.at] == part]

    def missing(self, needs: Sequence[Need], known: Mask) -> list[Need]:
        """Those that no way found so far serves without a change to what is known."""
        usable = self._found[~(np.abs(self._found[:, known]) > 0).any(axis=1)]
        least, most = usable.min(axis=0), usable.max(axis=0)
        return [one for one in needs if not self._is_met(one, least, most)]

    def find(self, need: Need, costs: Vector) -> Vector | None:
        """The cheapest way to meet it, a change to a count costing its price for each person;
        infinite is what cannot change. None where there is no way.
        """
        free = np.flatnonzero(np.isfinite(costs) & (self._part == self._part[need.at]))
        (place,) = np.nonzero(free == need.at)
        if not place.size:
            return None
        up: Vector = np.full(len(free), np.inf)
        down, least = self.exact[free].copy(), np.zeros(2 * len(free))
        step = self._step(need)
        (up if step < 0 else down)[place] = 0
        least[place if step > 0 else place + len(free)] = abs(step)
        rows = self._equations[:, free]
        rows = rows[np.diff(rows.indptr) > 0]
        solved = linprog(
            np.tile(costs[free], 2) + _SLACK,
            A_eq=hstack([rows, -rows], format="csr"),
            b_eq=np.zeros(rows.shape[0]),
            bounds=np.column_stack([least, np.concatenate([up, down])]),
            method="highs",
        )
        if solved.status == 2:
            return None
        if solved.status != 0:
            raise ArithmeticError(f"what else to hide was not found: {solved.message}")
        return self._keep(free, solved.x)

    def _keep(self, free: np.ndarray[Any, Any], solution: Vector) -> Vector:
        change: Vector = np.zeros(len(self.counts))
        change[free] = solution[: len(free)] - solution[len(free) :]
        change[np.abs(change) < _SLACK] = 0
        self._found = np.vstack([self._found, change])
        return change

    def _step(self, need: Need) -> float:
        if need.must_reach_k:
            return max(0.0, self._k - float(self.exact[need.at]))
        return -float(self.exact[need.at])

    def _is_met(self, need: Need, least: Vector, most: Vector) -> bool:
        step = self._step(need)
        if need.must_reach_k:
            return bool(most[need.at] >= step - _SLACK)
        return bool(least[need.at] <= step + _SLACK)

    def _matrix(self, tables: Tables) -> csr_array:
        cells = list(self._cells(tables))
        rows, columns, factors = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (len(tables.equations), len(self.counts))
        return csr_array((np.array(factors, dtype=float), (rows, columns)), shape=shape)

    def _parts(self, tables: Tables) -> Labels:
        """Which part each count is in: what is hidden in one changes nothing in another, for no
        chain of equations and statistics joins them.
        """
        told = [[self.at[count] for count in one.tells] for one in tables.statistics.values()]
        joined = [
            *told,
            *([self.at[one] for one in (whole, *parts)] for whole, parts in tables.equations),
        ]
        pairs = np.array([(group[0], one) for group in joined for one in group], dtype=int).reshape(
            -1, 2
        )
        shape = (len(self.counts), len(self.counts))
        parts: Labels
        _, parts = connected_components(csr_array((np.ones(len(pairs)), pairs.T), shape=shape))
        return parts

    def _cells(self, tables: Tables) -> Iterator[tuple[int, int, int]]:
        for row, (whole, parts) in enumerate(tables.equations):
            yield row, self.at[whole], 1
            yield from ((row, self.at[part], -1) for part in parts)
