"""Cells of one period become metric messages: scores, state, flags. Revisions come after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from schemas.metric import Dimensions, MetricMessage
from schemas.vocabulary import ROLLING, Flag, Level, PeriodKind, PublishState
from services.metrics.domain.changes import UNFINAL
from services.metrics.domain.grouping import ByMeasure, as_told, grouped
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import Formula, Reading, Score
from services.metrics.domain.periods import Period, Watermarks
from services.metrics.domain.rules import Scope

_HOURS = (PeriodKind.HOUR, PeriodKind.ROLLING_1H)


class Series(NamedTuple):
    """One message's place: which formula, for which labels."""

    metric_id: str
    level: Level
    labels: str

    @property
    def name(self) -> str:
        """The series as text, for a store."""
        return "|".join(self)

    @classmethod
    def named(cls, name: str) -> "Series":
        """The series that `name` is the text of."""
        metric_id, level, labels = name.split("|")
        return cls(metric_id, Level(level), labels)


@dataclass(frozen=True)
class Books:
    """The cells of one scope and period, by clock; `is_booked` says that the months in it are where
    nothing can change them.
    """

    scope: Scope
    period: Period
    cells: Mapping[str, Mapping[str, int]]
    watermarks: Watermarks
    is_booked: bool = True

    @cached_property
    def groups(self) -> Mapping[str, ByMeasure]:
        """By clock: cell measure, labels, bin."""
        return {clock: grouped(cells) for clock, cells in self.cells.items()}

    def groups_of(self, formula: Formula) -> Mapping[str, ByMeasure]:
        """The same, of what a formula reads and under the labels it is told of."""
        if not formula.adds_up:
            return self.groups
        key = (formula.reads, formula.labels, formula.most)
        if key not in self._added_up:
            self._added_up[key] = as_told(formula, self.groups)
        return self._added_up[key]

    @cached_property
    def _added_up(self) -> dict[tuple[object, ...], Mapping[str, ByMeasure]]:
        return {}

    @cached_property
    def end(self) -> datetime:
        """The first instant after the period."""
        return self.period.end(self.scope.zone)

    @cached_property
    def are_closed(self) -> bool:
        """Whether nothing can change this period any more, on any clock in it. Of an hour nobody
        counts who may still change it: it is forgotten before most could be closed.
        """
        if self.period.kind in _HOURS or not self.is_booked:
            return False
        closing = self.end + self.scope.grace
        return all(
            self.watermarks.reached(clock, closing) and cells.get(UNFINAL, 0) <= 0
            for clock, cells in self.cells.items()
        )

    def is_provisional(self, formula: Formula) -> bool:
        """Whether this formula's number may still grow into its final one."""
        if formula.horizon is None:
            return not self.are_closed
        if self.period.kind in ROLLING:
            return False
        settled = self.end + formula.horizon
        return not all(self.watermarks.reached(clock, settled) for clock in self.cells)


def series_of(books: Books, formulas: Iterable[Formula] = FORMULAS) -> Iterator[Series]:
    """What there is to say of a period: every formula and labels that ever had a cell."""
    for formula in formulas:
        labels = {
            found
            for groups in books.groups_of(formula).values()
            for measure in formula.reads
            for found in groups.get(measure, ())
        }
        for found in sorted(labels):
            yield Series(formula.metric_id, formula.level, found)


def message_of(series: Series, formula: Formula, books: Books) -> MetricMessage | None:
    """The message of one series, as if it were the first; None where the formula does not apply."""
    reading = reading_of(series, formula, books)
    score = formula.score(reading)
    if score is None:
        return None
    clocks = _clocks(series, formula, books)
    scope, period = books.scope, books.period
    return MetricMessage(
        metric_id=series.metric_id,
        formula_version=formula.version,
        period=period.kind,
        period_start=period.start(scope.zone),
        period_end=books.end,
        time_zone=scope.zone.key,
        watermark=_smallest(clocks, books.watermarks),
        level=series.level,
        dimensions=Dimensions.model_validate(dimensions_of(series, formula, scope)),
        state=_state(formula, score),
        flags=(Flag.PROVISIONAL,) if reading.is_provisional else (),
        provenance=formula.provenance,
        clocks=clocks,
        **_numbers(score),
    )


def reading_of(series: Series, formula: Formula, books: Books) -> Reading:
    """What a formula is given of a series."""
    counts: dict[str, dict[str, int]] = {measure: defaultdict(int) for measure in formula.reads}
    for groups in books.groups_of(formula).values():
        for measure in formula.reads:
            for bin_, n in groups.get(measure, {}).get(series.labels, {}).items():
                counts[measure][bin_] += n
    values = series.labels.split("/") if formula.labels else []
    labels = dict(zip(formula.labels, values, strict=True))
    return Reading(counts, labels, books.is_provisional(formula), _beside(formula, books))


def _beside(formula: Formula, books: Books) -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = {measure: {} for measure in formula.beside}
    for groups in books.groups.values():
        for measure, of_labels in found.items():
            for labels, bins in groups.get(measure, {}).items():
                sums = of_labels.setdefault(labels, {})
                for bin_, n in bins.items():
                    sums[bin_] = sums.get(bin_, 0) + n
    return found


def _clocks(series: Series, formula: Formula, books: Books) -> tuple[str, ...]:
    return tuple(
        sorted(
            clock
            for clock, groups in books.groups_of(formula).items()
            if any(series.labels in groups.get(measure, {}) for measure in formula.reads)
        )
    )


def _smallest(clocks: tuple[str, ...], watermarks: Watermarks) -> datetime | None:
    times = [watermarks.times.get(clock) for clock in clocks]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def dimensions_of(series: Series, formula: Formula, scope: Scope) -> dict[str, str]:
    """What the numbers of a series are of."""
    of_scope = {"agency": scope.agency}
    if scope.service is not None:
        of_scope["service"] = scope.service
    return of_scope | dict(formula.constants) | _named(series, formula)


def _named(series: Series, formula: Formula) -> dict[str, str]:
    values = series.labels.split("/") if formula.labels else []
    return {name: value for name, value in zip(formula.labels, values, strict=True) if value}


def _numbers(score: Score) -> dict[str, object]:
    return {
        "n": score.n,
        "numerator": score.numerator,
        "denominator": score.denominator,
        "value": score.value,
        "ci_low": score.low,
        "ci_high": score.high,
        "ci_method": score.method,
        "distribution": score.distribution,
    }


def _state(formula: Formula, score: Score) -> PublishState:
    if score.n < max(formula.floor, score.floor):
        return PublishState.SUPPRESSED
    return PublishState.LOW_N if score.n < formula.few else PublishState.OK
