"""Running counters: a number that may be revised is two numbers that only grow."""

from collections.abc import Mapping
from typing import NamedTuple


class Pair(NamedTuple):
    """What was ever added to a counter, and what was ever taken back."""

    added: int = 0
    retracted: int = 0

    @property
    def net(self) -> int:
        """What it counts now."""
        return self.added - self.retracted

    def rebased(self, net: int) -> "Pair":
        """The pair that counts `net` with neither side falling."""
        change = net - self.net
        if change > 0:
            return Pair(self.added + change, self.retracted)
        return Pair(self.added, self.retracted - change)

    def at_least(self, other: "Pair") -> "Pair":
        """Each side as large as in either pair."""
        return Pair(max(self.added, other.added), max(self.retracted, other.retracted))


Pairs = Mapping[str, Pair]


def rebased(told: Pairs, nets: Mapping[str, int]) -> dict[str, Pair]:
    """Every counter that was ever told, or that counts something now, at its recomputed net."""
    return {
        name: told.get(name, Pair()).rebased(nets.get(name, 0)) for name in sorted({*told, *nets})
    }


def larger(one: Pairs, other: Pairs) -> dict[str, Pair]:
    """Counter by counter, each side as large as in either."""
    nothing = Pair()
    return {
        name: one.get(name, nothing).at_least(other.get(name, nothing)) for name in {*one, *other}
    }


def missing(told: Pairs, counted: Pairs) -> dict[str, int]:
    """By how much each counter must be lifted, on both sides, so that none is smaller than told."""
    nothing = Pair()
    short = {
        name: max(pair.added - now.added, pair.retracted - now.retracted)
        for name, pair in told.items()
        for now in (counted.get(name, nothing),)
    }
    return {name: by for name, by in short.items() if by > 0}


def grown(told: Pairs, counted: Pairs) -> dict[str, Pair]:
    """The pairs that are larger than what was told; no side ever smaller than it was told."""
    nothing = Pair()
    at_least = {name: pair.at_least(told.get(name, nothing)) for name, pair in counted.items()}
    return {name: pair for name, pair in at_least.items() if told.get(name) != pair}
