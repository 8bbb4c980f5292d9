"""Every formula at every level it is told at, and which cells are kept by hours for them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from schemas.vocabulary import Level, PeriodKind
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import FROM_DAYS, Formula
from services.metrics.domain.periods import Shelf

# What is told of a service is told of its agency too, but for hours: whoever watches them watches a
# service, and they are most of all messages.
TOLD: tuple[Formula, ...] = (
    *FORMULAS,
    *(
        replace(f, level=Level.AGENCY, periods=f.periods & FROM_DAYS)
        for f in FORMULAS
        if f.level is Level.SERVICE
    ),
)
BY_SERIES = {(formula.metric_id, formula.level): formula for formula in TOLD}
HORIZONS = tuple(sorted({f.horizon for f in FORMULAS if f.horizon is not None}))
_HOURLY = frozenset({PeriodKind.HOUR, PeriodKind.ROLLING_1H})


@cache
def formulas_of(levels: frozenset[Level], kind: PeriodKind) -> tuple[Formula, ...]:
    """What is told of a period at these levels."""
    return tuple(f for f in TOLD if f.level in levels and kind in f.periods)


def _read_by_hours(formulas: Iterable[Formula]) -> frozenset[str]:
    return frozenset(
        measure for f in formulas if f.periods & _HOURLY for measure in (*f.reads, *f.beside)
    )


_OF_SERVICES = _read_by_hours(f for f in FORMULAS if f.level is Level.SERVICE)
_OF_TOUCHPOINTS = _read_by_hours(f for f in FORMULAS if f.level is Level.TOUCHPOINT)


def hourly_shelf(measure: str) -> Shelf | None:
    """Where a cell measure is kept by hours; None where no formula reads it so."""
    if measure in _OF_SERVICES:
        return Shelf.HOUR
    return Shelf.TOUCHPOINT_HOUR if measure in _OF_TOUCHPOINTS else None
