"""The bodies of the JSON API."""

from datetime import date, timedelta
from typing import Any

from schemas.metric import MetricMessage
from schemas.vocabulary import PeriodKind, PublishState
from services.publish.adapters import answers
from services.publish.adapters.cards import Cards
from services.publish.domain.figure import figure
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from services.publish.publish import Publication
from tests.unit.publish.samples import (
    AUTHORITY,
    NOW,
    PAGE,
    catalogue,
    message,
    of_month,
    progress,
    rate,
)
from tests.unit.publish.year import passport_year

MAY = Period(PeriodKind.MONTH, date(2026, 5, 1))


def told(sent: MetricMessage) -> dict[str, Any]:
    """What is given of a message."""
    return sent.model_dump(mode="json", exclude={"of_citizens", "of_unnamed"})


def test_every_service_is_listed_with_its_periods() -> None:
    cards = Cards(catalogue(), Publication.of(passport_year()), AUTHORITY)
    listed = answers.services(cards)["services"]
    assert [(one["id"], one["periods"][2:6]) for one in listed] == [
        ("passport-renewal", ["rolling_28d", "rolling_365d", "2026-Q3", "2026-Q2"]),
        ("lost-passport", []),
    ]
    [agency] = answers.agencies(cards)["agencies"]
    assert (agency["id"], agency["services"], agency["periods"][-1]) == (
        "passport-office",
        ["passport-renewal", "lost-passport"],
        "2026-01",
    )


def test_a_message_is_given_as_it_is_with_null_for_what_it_has_not() -> None:
    sent = message("satisfaction.linear", n=0, **PAGE, touchpoint="guidance")
    [given] = answers.metrics(Numbers.of([sent]), None, None)["metrics"]
    assert given == told(sent)
    assert (given["value"], given["ci_low"], given["n"]) == (None, None, 0)


def test_of_a_suppressed_message_nothing_but_its_existence_is_given() -> None:
    few = {"touchpoint": "guidance", "state": PublishState.SUPPRESSED, "distribution": {"5": 3}}
    people = {"of_citizens": {"n": 2}, "of_unnamed": {"n": 1}}
    sent = rate("satisfaction.linear", 3, 3, **PAGE, **few, **people)
    [given] = answers.metrics(Numbers.of([sent]), None, None)["metrics"]
    hidden = ("value", "ci_low", "ci_high", "ci_method", "numerator", "denominator", "n")
    assert given == told(sent) | dict.fromkeys((*hidden, "distribution", "citizens"))


def test_what_is_known_of_who_is_behind_a_number_is_for_a_release_alone() -> None:
    """One citizen and four whom nobody could name: what the one said is nobody's business."""
    people = {"of_citizens": {"n": 1, "distribution": {"1": 1}}, "of_unnamed": {"n": 4}}
    sent = rate("satisfaction.linear", 5, 5, **PAGE, touchpoint="guidance", **people)
    [given] = answers.metrics(Numbers.of([sent]), None, None)["metrics"]
    assert not {"of_citizens", "of_unnamed"} & given.keys()


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


def test_days_and_hours_are_given_only_when_they_are_asked_for() -> None:
    day = message(**(of_month(date(2026, 5, 1)) | {"period": PeriodKind.DAY}))
    numbers = Numbers.of([day, message()])
    assert len(answers.metrics(numbers, None, None)["metrics"]) == 1
    asked = answers.metrics(numbers, Period(PeriodKind.DAY, date(2026, 5, 1)), None)
    assert len(asked["metrics"]) == 1


def test_a_figure_is_given_as_numbers_and_as_the_page_words_it() -> None:
    shown = figure(rate("satisfaction.linear", 10, 17, **PAGE), "satisfaction.linear")
    given = answers.card(shown)
    assert (given["metric_id"], given["unit"], given["n"], given["of"]) == (
        "satisfaction.linear",
        "0..1",
        17,
        "answers",
    )
    assert (given["value"], given["text"]) == (10 / 17, "58.8%")
    assert given["notes"] == [{"kind": "low_n", "text": "Few: only 17, read with care"}]


def test_of_a_hidden_figure_nothing_is_given() -> None:
    few = {"touchpoint": "guidance", "state": PublishState.SUPPRESSED}
    given = answers.card(figure(rate("satisfaction.linear", 3, 3, **PAGE, **few), "x"))
    assert (given["value"], given["low"], given["high"], given["n"]) == (None, None, None, None)
