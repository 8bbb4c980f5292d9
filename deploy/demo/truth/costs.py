"""What each completed journey cost, where the catalogue has a cost: money over people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.demo.truth.numbers import Key
from deploy.demo.truth.scores import Number
from schemas.catalogue import Catalogue, Service
from schemas.cost import Cost
from schemas.vocabulary import Level, PeriodKind

_ALL, _DIGITAL = "All channels", "Digital channels"
_YEAR = 12


@dataclass(frozen=True)
class Money:
    """What a completed journey cost, and how many there were; without all of the twelve months
    nobody knows.
    """

    value: float | None
    n: int
    measured: int


def expected_costs(catalogue: Catalogue, truth: Mapping[Key, Number]) -> dict[str, Money]:
    """By service, first month and channels."""
    return {
        f"{service.id} {cost.begins} {name}": money
        for service in catalogue.services.values()
        for cost in service.costs
        for name, money in _of(cost, _completed(catalogue, service, cost, truth))
    }


def _of(cost: Cost, completed: list[Number]) -> Iterator[tuple[str, Money]]:
    yield _ALL, _money(cost.total, [month.denominator or 0 for month in completed])
    if cost.digital is not None:
        yield _DIGITAL, _money(cost.digital, [month.numerator or 0 for month in completed])


def _money(amount: float, completed: list[float]) -> Money:
    n = int(sum(completed))
    is_known = len(completed) == _YEAR and n > 0
    return Money(amount / n if is_known else None, n, len(completed))


def _completed(
    catalogue: Catalogue, service: Service, cost: Cost, truth: Mapping[Key, Number]
) -> list[Number]:
    """Of each month in which anybody completed, how many did and how many digitally."""
    agency = catalogue.agency_of[service.id]
    keys = (
        Key(
            "digital_takeup.incl",
            Level.SERVICE,
            agency,
            service.id,
            (),
            PeriodKind.MONTH,
            datetime(day.year, day.month, 1, tzinfo=service.zone).astimezone(UTC),
        )
        for day in cost.months
    )
    return [truth[key] for key in keys if key in truth]
