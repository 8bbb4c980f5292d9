"""What a completed journey cost: 12 months' money over 12 months' completions."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.catalogue import Catalogue, Service
from schemas.cost import Cost
from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PeriodKind
from services.publish.adapters.cards import Cards
from services.publish.adapters.pages import Pages
from services.publish.domain.cost import COMPLETED, CostFigure, cost_per_transaction, costs
from services.publish.domain.numbers import Numbers
from services.publish.publish import Publication
from tests.unit.publish.markup import parse
from tests.unit.publish.samples import AUTHORITY, NOW, catalogue, message

COST = Cost(begins=date(2025, 10, 1), currency="EUR", total=1_200_000, digital=300_000)


def of(*made: Cost) -> Service:
    place = {"id": "form", "name": "Form", "stage": "transaction", "channels": ["website"]}
    return Service.model_validate(
        {
            "id": "passport-renewal",
            "name": "Passport renewal",
            "owner": "Desk",
            "time_zone": "UTC",
            "touchpoints": (place,),
            "costs": made,
        }
    )


def month(first: date, **changes: Any) -> MetricMessage:
    start = datetime(first.year, first.month, 1, tzinfo=UTC)
    values = {"n": 5_000, "numerator": 3_000, "denominator": 5_000, "time_zone": "UTC"}
    return message(COMPLETED, period=PeriodKind.MONTH, period_start=start, **values | changes)


def told(*messages: MetricMessage) -> tuple[CostFigure, ...]:
    return costs(of(COST), Numbers.of(messages))


@pytest.mark.parametrize(
    ("completed", "value"),
    [
        ([5_000] * 12, 20.0),
        ([60_000, *[0] * 11], 20.0),
        ([5_000] * 11, None),
        ([5_000] * 11 + [None], None),
        ([0] * 12, None),
    ],
)
def test_the_golden_values(completed: list[int | None], value: float | None) -> None:
    assert cost_per_transaction(1_200_000, completed) == value


def test_all_channels_and_the_digital_ones_each_by_their_own_completions() -> None:
    everything, digital = told(*(month(first) for first in COST.months))
    assert (everything.name, everything.value, everything.completed) == (
        "All channels",
        20.0,
        60_000,
    )
    assert (digital.name, digital.completed, digital.text) == (
        "Digital channels",
        36_000,
        "EUR 8.33",
    )
    assert everything.span == "October 2025 to September 2026"
    assert (everything.metric_id, everything.formula_version) == ("cost_per_transaction", 1)


def test_a_month_that_was_not_measured_is_not_a_month_without_completions() -> None:
    for one in told(*(month(first) for first in COST.months[:5])):
        assert one.value is None
        assert one.text == "not yet known: 5 of 12 months measured"


def test_months_beside_the_twelve_change_nothing() -> None:
    (alone, _), (beside, _) = (
        told(*(month(first) for first in (*COST.months, *more)))
        for more in ((), (date(2025, 9, 1), date(2026, 10, 1)))
    )
    assert alone == beside


def test_it_can_change_while_one_of_its_months_can() -> None:
    closed = [month(first) for first in COST.months[:-1]]
    last = month(COST.months[-1], flags=(Flag.PROVISIONAL,))
    assert told(*closed, last)[0].is_provisional
    assert not told(*closed, month(COST.months[-1]))[0].is_provisional


def test_nobody_who_completed_is_said_so() -> None:
    nobody = [month(first, n=0, numerator=0, denominator=0) for first in COST.months]
    assert told(*nobody)[0].text == "nobody completed"


def test_the_newest_cost_comes_first_and_where_there_is_none_nothing_does() -> None:
    newer = COST.model_copy(update={"begins": date(2026, 1, 1), "digital": None})
    found = costs(of(COST, newer), Numbers.of(()))
    assert [one.begins for one in found] == [newer.begins, COST.begins, COST.begins]
    assert costs(of(), Numbers.of(())) == ()


def page(*made: Cost) -> str:
    (agency,) = catalogue().agencies
    services = tuple(
        one.model_copy(update={"costs": made}) if one.id == "passport-renewal" else one
        for one in agency.services
    )
    known = Catalogue(agencies=(agency.model_copy(update={"services": services}),))
    messages = [month(first) for first in COST.months]
    pages = Pages(Cards(known, Publication.of(messages), AUTHORITY))
    return pages.service("passport-renewal", None, NOW)


def test_the_page_says_what_it_cost_and_how_many_that_were() -> None:
    (shown, digital) = [
        one for one in parse(page(COST)).all("data") if "data-cost" in one.attributes
    ]
    assert shown.text == "EUR 20.00"
    assert shown.attributes["data-n"] == "60000"
    assert digital.attributes["data-cost"] == "2025-10-01 Digital channels"
    assert "EUR 1,200,000" in page(COST)


def test_where_the_catalogue_has_no_cost_the_page_has_none() -> None:
    assert "cost_per_transaction" not in page()
    assert 'id="costs"' not in page()
