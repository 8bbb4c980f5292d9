"""Cells of a period by measure, labels and bin, and the labels that a formula is told of."""

from collections import Counter
from collections.abc import Callable, Mapping

from services.metrics.domain.measures.family import Formula, Groups

ByMeasure = Mapping[str, Groups]
"""Cell measure -> labels -> bin -> count."""
THE_REST = "other"


def grouped(cells: Mapping[str, int]) -> ByMeasure:
    """The cells of one clock, their names taken apart."""
    groups: dict[str, dict[str, dict[str, int]]] = {}
    for cell, count in cells.items():
        measure, labels, bin_ = cell.split("|")
        groups.setdefault(measure, {}).setdefault(labels, {})[bin_] = count
    return groups


def as_told(formula: Formula, clocks: Mapping[str, ByMeasure]) -> Mapping[str, ByMeasure]:
    """By clock, the measures a formula reads, with the labels that it adds up added up."""
    if formula.labels:
        kept = most_frequent(formula, clocks)
        return _renamed(formula, clocks, lambda labels: labels if labels in kept else THE_REST)
    return _renamed(formula, clocks, lambda _: "")


def most_frequent(formula: Formula, clocks: Mapping[str, ByMeasure]) -> frozenset[str]:
    """The `most` labels with the largest counts of the first measure, over all clocks; of equal
    ones those that come first in the alphabet, so that a recount tells the same.
    """
    counts: Counter[str] = Counter()
    for groups in clocks.values():
        for labels, bins in groups.get(formula.reads[0], {}).items():
            counts[labels] += sum(bins.values())
    ranked = sorted(counts, key=lambda labels: (-counts[labels], labels))
    return frozenset(labels for labels in ranked[: formula.most] if counts[labels] > 0)


def _renamed(
    formula: Formula, clocks: Mapping[str, ByMeasure], named: Callable[[str], str]
) -> Mapping[str, ByMeasure]:
    return {
        clock: {
            measure: _added_up(groups[measure], named)
            for measure in formula.reads
            if measure in groups
        }
        for clock, groups in clocks.items()
    }


def _added_up(groups: Groups, named: Callable[[str], str]) -> Groups:
    sums: dict[str, dict[str, int]] = {}
    for labels, bins in groups.items():
        into = sums.setdefault(named(labels), {})
        for bin_, n in bins.items():
            into[bin_] = into.get(bin_, 0) + n
    return sums
