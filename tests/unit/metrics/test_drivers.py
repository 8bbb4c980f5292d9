"""Drivers: of those that a form offered, which were chosen as good or as bad."""

from collections.abc import Sequence
from typing import Any

import pytest

from schemas.journey import Bucket, JourneySnapshot
from schemas.metric import MetricMessage
from tests.unit.metrics.scoring import books, numbers, told
from tests.unit.metrics.snapshots import bucket, journey, step

Mentions = tuple[dict[str, Any], ...]


def mention(driver: str, polarity: str, chosen: int) -> dict[str, Any]:
    return {"driver": driver, "polarity": polarity, "chosen": chosen}


def form(ident: str, *drivers: dict[str, Any], **changes: Any) -> JourneySnapshot:
    return journey(ident, survey=(step(answer=5, drivers=drivers, **changes),))


def forms(times: int, *drivers: dict[str, Any], **changes: Any) -> list[JourneySnapshot]:
    return [form(f"{drivers} {n}", *drivers, **changes) for n in range(times)]


def balances(snapshots: Sequence[JourneySnapshot | Bucket]) -> dict[str, MetricMessage]:
    return {
        str(message.dimensions.driver): message
        for message in told(books(snapshots))
        if message.metric_id == "driver_balance"
    }


def test_the_balance_is_good_less_bad_of_all_that_were_offered_it() -> None:
    found = balances(
        forms(5, mention("ease", "positive", 1))
        + forms(2, mention("ease", "negative", 1))
        + forms(3, mention("ease", "positive", 0))
    )
    assert numbers(found["ease"]) == (3, 10, 0.3)
    assert found["ease"].distribution == {"negative": 2, "neutral": 3, "positive": 5}
    assert found["ease"].ci_method == "adjusted_net"


def test_a_driver_that_no_form_offered_has_no_number() -> None:
    assert balances(forms(3)) == {}
    assert set(balances(forms(3, mention("ease", "positive", 0)))) == {"ease"}


def test_a_driver_offered_on_both_sides_of_a_form_is_offered_once() -> None:
    shown = (mention("ease", "positive", 0), mention("ease", "negative", 1))
    assert numbers(balances(forms(4, *shown))["ease"]) == (-4, 4, -1.0)
    contradicted = (mention("ease", "positive", 1), mention("ease", "negative", 1))
    assert numbers(balances(forms(4, *contradicted))["ease"]) == (0, 4, 0.0)


def test_the_answers_to_one_form_offer_its_drivers_once() -> None:
    drivers = (mention("ease", "positive", 1),)
    both = (step(answer=5, drivers=drivers), step(answer=1, construct="trust", drivers=drivers))
    without = step(answer=2, construct="ease")
    assert numbers(balances([journey(survey=(*both, without))])["ease"]) == (1, 1, 1.0)


def test_drivers_about_a_touchpoint_are_of_that_touchpoint() -> None:
    found = balances(
        forms(5, mention("humanity", "positive", 1), about="touchpoint", touchpoint="desk")
    )
    assert found["humanity"].level == "touchpoint"
    assert found["humanity"].dimensions.touchpoint == "desk"


@pytest.mark.parametrize("about", ["journey", "touchpoint"])
@pytest.mark.parametrize(("answers", "state"), [(9, "suppressed"), (10, "low_n"), (30, "ok")])
def test_what_is_said_of_staff_needs_ten_answers_everywhere(
    about: str, answers: int, state: str
) -> None:
    found = balances(forms(answers, mention("employee", "positive", 1), about=about))
    assert found["employee"].state == state


@pytest.mark.parametrize(("answers", "state"), [(4, "suppressed"), (5, "low_n")])
def test_other_drivers_at_a_touchpoint_need_five_answers(answers: int, state: str) -> None:
    found = balances(forms(answers, mention("ease", "positive", 1), about="touchpoint"))
    assert found["ease"].state == state


def test_what_was_moderated_is_in_no_balance() -> None:
    assert balances(forms(3, mention("ease", "positive", 1), provenance="moderated")) == {}


def offered(count: int, chosen: str | None, **changes: Any) -> dict[str, Any]:
    ordinary = {"about": "journey", "instrument": "exit", "driver": "ease"}
    return ordinary | {"chosen": chosen, "count": count} | changes


def test_unlinked_people_count_as_linked_ones_do() -> None:
    unlinked = bucket(drivers=(offered(3, "positive"), offered(1, "negative"), offered(5, None)))
    found = balances([*forms(1, mention("ease", "positive", 1)), unlinked])
    assert numbers(found["ease"]) == (3, 10, 0.3)


def test_unlinked_drivers_about_a_touchpoint_are_of_where_they_were_told() -> None:
    found = balances([bucket(drivers=(offered(5, None, about="touchpoint"),))])
    assert found["ease"].dimensions.touchpoint == "guide"


@pytest.mark.parametrize("changes", [{"provenance": "moderated"}, {"quality": "bot_suspected"}])
def test_unlinked_drivers_that_are_not_valid_are_in_no_balance(changes: dict[str, Any]) -> None:
    assert balances([bucket(drivers=(offered(9, "positive"),), **changes)]) == {}
