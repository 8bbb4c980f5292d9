"""What an attacker can find out: the range of every hidden count, given all that is shown.

The attacker is assumed to see the shown counts exactly, as if nothing were rounded: whatever is
hidden from him is hidden from everybody who sees less, in this release and all others together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from scipy.optimize import linprog
from scipy.sparse import csr_array

from services.publish.domain.release.count import Count, Equation
from services.publish.domain.release.tables import Tables

_SLACK = 1e-6  # of the solver


@dataclass
class _Part:
    """Equations that hang together by counts that are not shown."""

    rows: list[dict[int, int]] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    unknown: dict[Count, int] = field(default_factory=dict)
    is_told_of: bool = False


def exposed(tables: Tables, shown: Set[Count], hidden: Set[Count], k: int) -> Iterator[Count]:
    """The hidden counts whose range excludes 0 or is narrower than k. Whoever is free stays so
    when more is hidden.
    """
    for part in _parts(tables.counts, tables.equations, shown):
        looked_at = [count for count in part.unknown if count in hidden]
        if part.is_told_of and looked_at:
            yield from _confined(part, looked_at, tables.counts, k)


def _confined(
    part: _Part, looked_at: Iterable[Count], counts: Mapping[Count, int], k: int
) -> Iterator[Count]:
    """Those that cannot be 0 or cannot be k; all between is possible for the others. The truth
    agrees with what is shown, and so does each solution that was found for another count.
    """
    possible = [[float(counts[count]) for count in part.unknown]]
    matrix = _matrix(part)
    for count in looked_at:
        column = part.unknown[count]
        for sign, end in ((1, 0), (-1, -k)):
            if not any(sign * one[column] <= end + _SLACK for one in possible):
                found = _extreme(part, matrix, column, sign)
                if found is not None and sign * found[column] > end + _SLACK:
                    yield count
                    break
                if found is not None:
                    possible.append(found)


def _extreme(part: _Part, matrix: csr_array, column: int, sign: int) -> list[float] | None:
    """What agrees with all that is shown and has the least of `sign` times one count; None where
    there is no end to it.
    """
    goal = [0] * len(part.unknown)
    goal[column] = sign
    found = linprog(goal, A_eq=matrix, b_eq=part.sums, method="highs")
    if found.status not in {0, 3}:
        raise ArithmeticError(f"the range of a count was not found: {found.message}")
    return None if found.status == 3 else list(found.x)


def _matrix(part: _Part) -> csr_array:
    factors = [factor for row in part.rows for factor in row.values()]
    rows = [number for number, row in enumerate(part.rows) for _ in row]
    columns = [column for row in part.rows for column in row]
    return csr_array((factors, (rows, columns)), shape=(len(part.rows), len(part.unknown)))


def _parts(
    counts: Mapping[Count, int], equations: Iterable[Equation], shown: Set[Count]
) -> Iterable[_Part]:
    groups: dict[Count, Count] = {}
    kept = [equation for equation in equations if _unknown(equation, shown)]
    for equation in kept:
        first, *others = _unknown(equation, shown)
        for other in others:
            groups[_root(groups, other)] = _root(groups, first)
    parts: dict[Count, _Part] = defaultdict(_Part)
    for equation in kept:
        part = parts[_root(groups, _unknown(equation, shown)[0])]
        _add(part, equation, counts, shown)
    return parts.values()


def _add(part: _Part, equation: Equation, counts: Mapping[Count, int], shown: Set[Count]) -> None:
    row: dict[int, int] = {}
    total = 0
    for count, factor in ((equation.whole, 1), *((one, -1) for one in equation.parts)):
        if count in shown:
            part.is_told_of = True
            total -= factor * counts[count]
        else:
            row[part.unknown.setdefault(count, len(part.unknown))] = factor
    part.rows.append(row)
    part.sums.append(total)


def _unknown(equation: Equation, shown: Set[Count]) -> list[Count]:
    return [count for count in (equation.whole, *equation.parts) if count not in shown]


def _root(groups: dict[Count, Count], count: Count) -> Count:
    while groups.setdefault(count, count) != count:
        count = groups[count]
    return count
