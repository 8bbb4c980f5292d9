"""What a cost in the catalogue is refused for."""

from datetime import date
from typing import Any

import pytest

from schemas.cost import Cost
from tests.unit.schemas.test_catalogue import catalogue, refusal, text

COST = {"begins": date(2025, 10, 1), "currency": "EUR", "total": 1_200_000}


def refused(**changes: Any) -> str:
    return refusal(("a.yaml", text(costs=[COST | changes])))


def test_a_cost_is_of_twelve_months_from_the_beginning_of_a_quarter() -> None:
    (cost,) = catalogue(costs=[COST]).services["permit"].costs
    assert cost.months[0] == date(2025, 10, 1)
    assert cost.months[3] == date(2026, 1, 1)
    assert cost.months[-1] == date(2026, 9, 1)
    assert len(cost.months) == 12
    assert Cost(begins=date(2026, 1, 1), currency="GBP", total=1).months[-1] == date(2026, 12, 1)


@pytest.mark.parametrize("begins", [date(2025, 11, 1), date(2025, 10, 2)])
def test_other_months_are_refused(begins: date) -> None:
    assert f"cost from {begins}: twelve months begin with a quarter" in refused(begins=begins)


def test_digital_is_a_part_of_the_total() -> None:
    assert "digital (2e+06) is a part of total (1.2e+06)" in refused(digital=2_000_000)
    (cost,) = catalogue(costs=[COST | {"digital": 1_200_000}]).services["permit"].costs
    assert cost.digital == cost.total


def test_a_currency_is_a_code_and_nothing_is_free() -> None:
    assert "services.permit.costs.0.currency" in refused(currency="euro")
    assert "services.permit.costs.0.total" in refused(total=0)


def test_the_same_months_are_declared_once() -> None:
    told = refusal(("a.yaml", text(costs=[COST, COST | {"total": 5}])))
    assert "cost from '2025-10-01' is declared twice" in told
