"""The improvement register."""

from datetime import date
from typing import Any

from schemas.catalogue import Service
from schemas.improvement import Change
from schemas.metric import MetricMessage
from services.publish.domain import improvements as register
from services.publish.domain.improvements import Catalogued, Improvement, improvements
from services.publish.domain.numbers import Numbers
from tests.unit.publish.samples import catalogue, of_month, passport, rate

CHANGE = {
    "id": "photo-help",
    "date": date(2026, 5, 18),
    "touchpoint": "renewal-photo",
    "owner": "Photo team",
    "finding": {"metric_id": "step_dropoff", "period": "2026-03"},
    "changed": "A picture of what will be refused.",
}


def left(month: int, n: int, **changes: Any) -> MetricMessage:
    where = {"touchpoint": "renewal-photo"} | changes | of_month(date(2026, month, 1))
    return rate("step_dropoff", n, 1_000, **where)


def entered(
    *messages: MetricMessage, elsewhere: tuple[MetricMessage, ...] = (), **changes: Any
) -> Improvement:
    service = passport().model_copy(update={"changes": (Change(**(CHANGE | changes)),)})
    other: Service = catalogue().services["lost-passport"]
    [made] = improvements(
        service, Numbers.of(messages), lambda _: Catalogued(other, Numbers.of(elsewhere))
    )
    return made


def test_the_number_is_that_of_the_whole_months_before_and_after() -> None:
    made = entered(left(3, 170), left(4, 160), left(5, 120), left(6, 90))
    assert (made.found.text, made.found_in) == ("17.0%", "March 2026")
    assert (made.here.before.text, made.before_month) == ("16.0%", "April 2026")
    assert (made.here.after.text, made.after_month) == ("9.0%", "June 2026")
    assert made.here.moved is not None
    assert made.here.moved.is_better is True


def test_without_a_comparison_it_is_an_association() -> None:
    made = entered(left(4, 160), left(6, 90))
    assert (made.verdict, made.comparison, made.effect) == (register.ASSOCIATION, None, None)


def test_with_a_comparison_the_difference_between_both_is_told() -> None:
    nowhere = {"touchpoint": None, "service": "lost-passport"}
    made = entered(
        left(4, 160),
        left(6, 90),
        elsewhere=(left(4, 160, **nowhere), left(6, 150, **nowhere)),
        comparison="lost-passport",
    )
    assert made.verdict == register.COMPARED
    assert made.effect is not None
    assert round(made.effect.value, 3) == -0.06


def test_a_comparison_without_a_number_leaves_it_an_association() -> None:
    made = entered(left(4, 160), left(6, 90), comparison="lost-passport")
    assert (made.verdict, made.effect) == (register.NOT_YET, None)


def test_months_that_are_not_there_yet_are_no_numbers() -> None:
    made = entered(left(4, 160))
    assert (made.here.after.value, made.here.moved) == (None, None)


def test_a_change_in_december_is_followed_by_january() -> None:
    made = entered(date=date(2026, 12, 31))
    assert (made.before_month, made.after_month) == ("November 2026", "January 2027")


def test_a_month_that_is_none_has_no_number() -> None:
    made = entered(finding={"metric_id": "step_dropoff", "period": "2026-13"})
    assert made.found.value is None


def test_changes_are_numbered_by_their_date() -> None:
    made = improvements(passport(), Numbers.of([]), lambda _: Catalogued(passport(), Numbers({})))
    assert [(one.number, one.id) for one in made] == [(1, "photo-help"), (2, "phone-menu")]
