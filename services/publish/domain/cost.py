"""What one completed transaction cost, where the catalogue says what the service cost.

The only number that is made here: what comes in as events knows no money. A month that was not
measured is no month without completions: with eleven of twelve there is no value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.catalogue import Service
from schemas.cost import Cost
from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PeriodKind
from services.publish.domain import words
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period, month_title

METRIC_ID = "cost_per_transaction"
FORMULA_VERSION = 1
MEANS = (
    "Twelve months' cost by the catalogue, for each journey that was completed in them; of digital "
    "channels for each that was completed digitally, with or without help. Told of the twelve "
    "months to the end of a quarter, when all of them were measured."
)
COMPLETED = "digital_takeup.incl"
"""Of it the denominator is who completed, the numerator who did so digitally."""
_MONTHS = 12


@dataclass(frozen=True)
class CostFigure:
    """One number of money. `value` is None where there is none: `text` then says why."""

    metric_id: str
    formula_version: int
    name: str
    begins: date
    span: str
    currency: str
    cost: float
    completed: int
    measured: int
    value: float | None
    text: str
    is_provisional: bool


def cost_per_transaction(cost: float, completed: Sequence[int | None]) -> float | None:
    """A twelve-month cost for each completion, from those of each month; None is a month that was
    not measured.
    """
    known = [n for n in completed if n is not None]
    if len(known) != _MONTHS or not sum(known):
        return None
    return cost / sum(known)


def costs(service: Service, numbers: Numbers) -> tuple[CostFigure, ...]:
    """Every cost the catalogue has for a service, the newest first."""
    newest = sorted(service.costs, key=lambda cost: cost.begins, reverse=True)
    return tuple(figure for cost in newest for figure in _figures(cost, numbers))


def _figures(cost: Cost, numbers: Numbers) -> Iterator[CostFigure]:
    told = [numbers.first(Period(PeriodKind.MONTH, month), COMPLETED) for month in cost.months]
    everybody = [None if one is None else int(one.denominator or 0) for one in told]
    yield _figure(cost, "All channels", cost.total, told, everybody)
    if cost.digital is not None:
        digitally = [None if one is None else int(one.numerator or 0) for one in told]
        yield _figure(cost, "Digital channels", cost.digital, told, digitally)


def _figure(
    cost: Cost,
    name: str,
    amount: float,
    told: Sequence[MetricMessage | None],
    completed: Sequence[int | None],
) -> CostFigure:
    measured = sum(n is not None for n in completed)
    value = cost_per_transaction(amount, completed)
    return CostFigure(
        metric_id=METRIC_ID,
        formula_version=FORMULA_VERSION,
        name=name,
        begins=cost.begins,
        span=f"{month_title(cost.months[0])} to {month_title(cost.months[-1])}",
        currency=cost.currency,
        cost=amount,
        completed=sum(n or 0 for n in completed),
        measured=measured,
        value=value,
        text=_text(cost.currency, value, measured),
        is_provisional=any(one is not None and Flag.PROVISIONAL in one.flags for one in told),
    )


def _text(currency: str, value: float | None, measured: int) -> str:
    if value is not None:
        return words.money(currency, value)
    if measured < _MONTHS:
        return f"not yet known: {measured} of 12 months measured"
    return "nobody completed"
