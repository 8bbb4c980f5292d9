"""Costs of the truth worked out by hand, and that a page or answer that differs is told."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from deploy.demo.costs import compare_costs
from deploy.demo.truth.costs import Money, expected_costs
from deploy.demo.truth.numbers import Key
from deploy.demo.truth.scores import Number
from schemas.cost import Cost
from schemas.vocabulary import Level, PeriodKind
from tests.unit.deploy.demo.admission import CATALOGUE

COST = Cost(begins=date(2025, 10, 1), currency="EUR", total=1_200, digital=600)
RENEWAL, NAME = "passport-renewal", "passport-renewal 2025-10-01 All channels"


def truth(months: int) -> dict[str, Money]:
    agencies = tuple(
        agency.model_copy(
            update={
                "services": tuple(
                    one.model_copy(update={"costs": (COST,) if one.id == RENEWAL else ()})
                    for one in agency.services
                )
            }
        )
        for agency in CATALOGUE.agencies
    )
    catalogue = type(CATALOGUE)(agencies=agencies)
    zone = catalogue.services[RENEWAL].zone
    numbers = {
        Key(
            metric="digital_takeup.incl",
            level=Level.SERVICE,
            agency="passport-office",
            service=RENEWAL,
            dimensions=(),
            period=PeriodKind.MONTH,
            start=datetime(day.year, day.month, 1, tzinfo=zone).astimezone(UTC),
        ): Number(10, 0.5, 5, 10)
        for day in COST.months[:months]
    }
    return expected_costs(catalogue, numbers)


def test_twelve_months_of_ten_completions_are_divided_by_all_of_them() -> None:
    assert truth(12) == {
        NAME: Money(10.0, 120, 12),
        "passport-renewal 2025-10-01 Digital channels": Money(10.0, 60, 12),
    }


def test_eleven_months_are_no_year() -> None:
    assert truth(11)[NAME] == Money(None, 110, 11)


MUST = {NAME: Money(10.0, 120, 12)}
PAGE = "/services/passport-renewal?period=2026-09"


def page(value: str = "10.0", n: int = 120, text: str = "EUR 10.00") -> dict[str, str]:
    key = "2025-10-01 All channels"
    return {PAGE: f'<data value="{value}" data-cost="{key}" data-n="{n}">{text}</data>'}


def body(**changes: Any) -> dict[str, dict[str, Any]]:
    said = {"begins": "2025-10-01", "name": "All channels", "value": 10.0, "completed": 120}
    return {RENEWAL: {"costs": [{**said, "text": "EUR 10.00", **changes}]}}


def differences(
    served: dict[str, str], published: dict[str, dict[str, Any]], must: dict[str, Money] = MUST
) -> int:
    return len(compare_costs(must, served, published).differences)


def test_page_and_api_are_compared_with_it() -> None:
    assert differences(page(), body()) == 0
    assert differences(page(value="11.0", text="EUR 11.00"), body()) == 1
    assert differences(page(n=121), body()) == 1
    assert differences(page(text="EUR 10.01"), body()) == 1
    assert differences({PAGE: ""}, body()) == 1
    assert differences(page(), body(value=9.0)) == 1
    assert differences(page(), body(completed=1)) == 1
    assert differences(page(), {RENEWAL: {"costs": []}}) == 1
    assert differences({**page(), f"{PAGE}b": page(n=5)[PAGE]}, body()) == 1


def test_why_nobody_knows_is_compared_too() -> None:
    must = {NAME: replace(MUST[NAME], value=None, measured=11)}
    why = "not yet known: 11 of 12 months measured"
    served = {
        PAGE: f'<span data-cost="2025-10-01 All channels" data-n="120">{why}</span>',
    }
    assert differences(served, body(value=None, text=why), must) == 0
    assert differences(served, body(value=None, text="nobody completed"), must) == 1
    assert differences(page(), body(value=None, text=why), must) == 1
