"""What a number is made from, as a digest: where it is the same, so is the number.

Most of what is looked at in a round has not changed: a journey that ended touches a few of the
hundred numbers of its day. Comparing what they read costs a tenth of computing them.
"""

from dataclasses import dataclass, field
from hashlib import blake2b

from services.metrics.domain.behind import formulas_beside
from services.metrics.domain.grouping import ByMeasure
from services.metrics.domain.measures.family import Formula
from services.metrics.domain.messages import Books, Series


def digest(values: object) -> str:
    """Of a value that is written the same by every process."""
    return blake2b(repr(values).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Inputs:
    """Of one period; what several formulas read is digested once."""

    books: Books
    _digests: dict[object, str] = field(default_factory=dict)

    def of(self, series: Series, formula: Formula) -> str:
        """The digest of all that this number depends on."""
        books = self.books
        ended = tuple(books.watermarks.reached(clock, books.end) for clock in sorted(books.cells))
        rest = (formula.version, books.is_provisional(formula), ended, books.period.first)
        read = (formula, *formulas_beside(formula, books))
        cells = [(self._cells(series, one), self._beside(one)) for one in read]
        return digest((cells, rest))

    def _cells(self, series: Series, formula: Formula) -> str:
        key = (formula.reads, formula.labels, formula.most, series.labels)
        if key not in self._digests:
            groups = self.books.groups_of(formula)
            self._digests[key] = digest(
                [
                    (clock, measure, sorted(groups[clock][measure][series.labels].items()))
                    for clock in sorted(groups)
                    for measure in formula.reads
                    if series.labels in groups[clock].get(measure, ())
                ]
            )
        return self._digests[key]

    def _beside(self, formula: Formula) -> str:
        if not formula.beside:
            return ""
        if formula.beside not in self._digests:
            groups = self.books.groups
            self._digests[formula.beside] = digest(
                [(clock, _whole(groups[clock], formula)) for clock in sorted(groups)]
            )
        return self._digests[formula.beside]


def _whole(groups: ByMeasure, formula: Formula) -> list[object]:
    return [
        (measure, labels, sorted(bins.items()))
        for measure in formula.beside
        for labels, bins in sorted(groups.get(measure, {}).items())
    ]
