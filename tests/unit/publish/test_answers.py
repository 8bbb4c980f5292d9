"""The bodies of the JSON API."""

from datetime import date, timedelta

from schemas.vocabulary import PeriodKind, PublishState
from services.publish.adapters import answers
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from services.publish.publish import Publication
from tests.unit.publish.samples import (
    NOW,
    PAGE,
    catalogue,
    message,
    of_month,
    passport_year,
    progress,
    rate,
)

MAY = Period(PeriodKind.MONTH, date(2026, 5, 1))


def test_every_service_is_listed_with_its_periods() -> None:
    listed = answers.services(catalogue(), Publication.of(passport_year()))["services"]
    assert [(one["id"], one["periods"][:2]) for one in listed] == [
        ("passport-renewal", ["rolling_28d", "2026-09"]),
        ("lost-passport", []),
    ]


def test_a_message_is_given_as_it_is_with_null_for_what_it_has_not() -> None:
    sent = message("satisfaction.linear", n=0, **PAGE, touchpoint="guidance")
    [given] = answers.metrics(Numbers.of([sent]), None, None)["metrics"]
    assert given == sent.model_dump(mode="json")
    assert (given["value"], given["ci_low"], given["n"]) == (None, None, 0)


def test_of_a_suppressed_message_nothing_but_its_existence_is_given() -> None:
    few = {"touchpoint": "guidance", "state": PublishState.SUPPRESSED, "distribution": {"5": 3}}
    sent = rate("satisfaction.linear", 3, 3, **PAGE, **few)
    [given] = answers.metrics(Numbers.of([sent]), None, None)["metrics"]
    hidden = ("value", "ci_low", "ci_high", "ci_method", "numerator", "denominator", "n")
    assert given == sent.model_dump(mode="json") | dict.fromkeys(
        (*hidden, "distribution", "citizens")
    )


def test_period_and_metric_id_narrow_what_is_given() -> None:
    numbers = Numbers.of([message("a"), message("b"), message("a", **of_month(date(2026, 5, 1)))])
    narrowed = {
        (period, id_): len(answers.metrics(numbers, period, id_)["metrics"])
        for period in (None, ROLLING, MAY)
        for id_ in (None, "a")
    }
    assert narrowed == {
        (None, None): 3,
        (None, "a"): 2,
        (ROLLING, None): 2,
        (ROLLING, "a"): 1,
        (MAY, None): 1,
        (MAY, "a"): 1,
    }


def test_progress_says_whether_it_is_stale() -> None:
    silent = progress(clock="archive", sent_at=NOW - timedelta(minutes=2))
    given = answers.progress(Publication.of([], [progress(), silent]), NOW)["progress"]
    assert {one["clock"]: one["stale"] for one in given} == {"archive": True, "live": False}
