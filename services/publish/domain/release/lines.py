"""The equations as ways from one count to the next: what could hide a count best."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Self

from services.publish.domain.release.count import Count, Equation
from services.publish.domain.release.tables import Tables


@dataclass(frozen=True)
class Lines:
    """Every equation, by each count in it; `known` are the counts that are shown."""

    of_count: Mapping[Count, list[Equation]]
    counts: Mapping[Count, int]
    known: Set[Count] = field(default_factory=frozenset)
    k: int = 0

    @classmethod
    def of(cls, tables: Tables) -> Self:
        """The lines of all tables."""
        lines: dict[Count, list[Equation]] = defaultdict(list)
        for equation in tables.equations:
            for count in _all(equation):
                lines[count].append(equation)
        return cls(dict(lines), tables.counts)

    def among(self, known: Set[Count], k: int) -> Self:
        """The same, where these counts are shown."""
        return replace(self, known=known, k=k)

    def follow(self, known: Set[Count]) -> set[Count]:
        """What is known with these counts, by one subtraction after the other."""
        found, edge = set(known), set(known)
        while edge:
            lines = {line for count in edge for line in self.of_count.get(count, ())}
            missing = (set(_all(line)) - found for line in lines)
            edge = {count for one in missing if len(one) == 1 for count in one}
            found |= edge
        return found

    def beside(self, counts: Set[Count]) -> set[Count]:
        """All that stand in a line with one of these."""
        return {
            one for near in counts for line in self.of_count.get(near, ()) for one in _all(line)
        }

    def nearest(self, count: Count, can_go: Set[Count]) -> Count | None:
        """The count to hide for another's sake: in the nearest lines the one that confines it most,
        and in that the smallest that is worth it.
        """
        reached, edge = {count}, {count}
        while edge:
            lines = {line for near in edge for line in self.of_count.get(near, ())}
            helpful = [line for line in lines if can_go & set(_all(line))]
            if helpful:
                tightest = min(helpful, key=self._room)
                choice = can_go & set(_all(tightest))
                return min(
                    choice, key=lambda one: (self.counts[one] < self.k, self.counts[one], str(one))
                )
            edge = self.beside(edge) - reached
            reached |= edge
        return None

    def _room(self, line: Equation) -> tuple[int, int, str]:
        """How many people the hidden counts of a line are about: among fewer, less is hidden."""
        hidden = sum(self.counts[one] for one in _all(line) if one not in self.known)
        return hidden, len(line.parts), str(line)


def _all(equation: Equation) -> tuple[Count, ...]:
    return (equation.whole, *equation.parts)
