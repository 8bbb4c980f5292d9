"""The people behind a message, at least: told of months and quarters of one service and clock.

Where services or clocks are added up the same citizen may be in several; a window may lie in two
months, and an hour or a day is never released: of those nothing is told.
"""

from collections.abc import Mapping
from dataclasses import replace

from schemas.metric import MetricMessage, Sums
from schemas.vocabulary import Level, PeriodKind
from services.metrics.domain.formulas import TOLD
from services.metrics.domain.measures.family import Formula, Groups, Reading, Score
from services.metrics.domain.messages import Books, Series, message_of, reading_of
from services.metrics.domain.people import AGAIN, COUNTED, QUARTER_AGAIN, UNCOUNTED, UNNAMED

_AGAIN_IN = {PeriodKind.MONTH: (AGAIN,), PeriodKind.QUARTER: (AGAIN, QUARTER_AGAIN)}
_Cells = Mapping[str, Mapping[str, int]]


def _of_beside(formula: Formula, beside: str) -> Formula:
    """The formula that reads the cells beside those of another."""
    return replace(
        formula,
        reads=tuple(beside + measure for measure in formula.reads),
        beside=tuple(beside + measure for measure in formula.beside),
    )


_BESIDE: Mapping[tuple[str, Level], Mapping[str, Formula]] = {
    (formula.metric_id, formula.level): {
        beside: _of_beside(formula, beside) for beside in (AGAIN, QUARTER_AGAIN, UNNAMED)
    }
    for formula in TOLD
    if COUNTED.issuperset((*formula.reads, *formula.beside))
}


def formulas_beside(formula: Formula, books: Books) -> tuple[Formula, ...]:
    """What else is read to know the people behind a number; nothing where they are not known."""
    again = _AGAIN_IN.get(books.period.kind, ())
    if not again or len(books.scope.services) != 1 or len(books.cells) != 1:
        return ()
    if any(cells.get(UNCOUNTED) for cells in books.cells.values()):
        return ()
    found = _BESIDE.get((formula.metric_id, formula.level), {})
    return tuple(found[beside] for beside in (UNNAMED, *again) if beside in found)


def told_of(series: Series, formula: Formula, books: Books) -> MetricMessage | None:
    """The message of one series, with the people behind it where they are known."""
    message, others = message_of(series, formula, books), formulas_beside(formula, books)
    if message is None or not others:
        return message
    unnamed, *again = (_plain(reading_of(series, one, books), one) for one in others)
    if not any(map(_holds_something, (unnamed, *again))):
        linked, named_not = _sums(message), None
    else:
        counted = reading_of(series, formula, books)
        linked = _scored(formula, _less(counted, (unnamed, *again)))
        named_not = _scored(formula, unnamed) if _holds_something(unnamed) else None
    is_known = linked.n > 0 or named_not is None
    update = {
        "citizens": linked.n if is_known else None,
        "of_citizens": linked,
        "of_unnamed": named_not,
    }
    return message.model_copy(update=update)


def _plain(reading: Reading, formula: Formula) -> Reading:
    """Cells beside others under the names of those."""

    def plain(measure: str) -> str:
        return measure.partition(".")[2]

    counts = {plain(measure): reading.counts[measure] for measure in formula.reads}
    beside = {plain(measure): reading.beside[measure] for measure in formula.beside}
    return replace(reading, counts=counts, beside=beside)


def _holds_something(reading: Reading) -> bool:
    groups = [reading.counts, *reading.beside.values()]
    return any(n for bins in groups for counts in bins.values() for n in counts.values())


def _less(counted: Reading, others: tuple[Reading, ...]) -> Reading:
    counts, beside = counted.counts, dict(counted.beside)
    for other in others:
        counts = _minus(counts, other.counts)
        beside = {name: _minus(groups, other.groups(name)) for name, groups in beside.items()}
    return replace(counted, counts=counts, beside=beside)


def _minus(cells: _Cells, others: _Cells) -> Groups:
    return {
        name: {bin_: n - others.get(name, {}).get(bin_, 0) for bin_, n in counts.items()}
        for name, counts in cells.items()
    }


def _scored(formula: Formula, reading: Reading) -> Sums:
    score = formula.score(reading) or Score(0)
    return _sums(score)


def _sums(told: MetricMessage | Score) -> Sums:
    distribution = None if told.distribution is None else dict(told.distribution)
    return Sums(n=told.n, numerator=told.numerator, distribution=distribution)
