"""What was told of many at once is counted as it was told, and moves no score."""

from typing import Any

import pytest

from schemas.journey import Bucket, JourneySnapshot
from schemas.metric import MetricMessage
from schemas.vocabulary import Level, PublishState
from tests.unit.metrics.scoring import books, told
from tests.unit.metrics.snapshots import bucket, ended

PROVENANCES = ("moderated", "estimated")


def group(provenance: str = "moderated", about: str = "touchpoint", n: int = 9) -> Bucket:
    said = {"about": about, "instrument": "exit", "count": n}
    return bucket(
        provenance=provenance,
        actions={"answered": n, "contacted": 40},
        answers=(said | {"construct": "ease", "scale": "1..5", "answer": 4},),
        drivers=(
            said | {"driver": "ease", "chosen": "negative"},
            said | {"driver": "ease", "chosen": None, "count": 2},
            said | {"driver": "employee", "chosen": "positive"},
        ),
        contacts=({"reason": "chase", "avoidable": True, "count": 40},),
    )


def beside(*buckets: Bucket) -> dict[tuple[str, Level, str], MetricMessage]:
    """By id, level and the one word it is cut by."""
    return {
        (m.metric_id, m.level, m.dimensions.driver or m.dimensions.reason or ""): m
        for m in told(books(buckets))
    }


@pytest.mark.parametrize("provenance", PROVENANCES)
def test_it_is_in_no_number_but_those_of_its_own_kind(provenance: str) -> None:
    found = told(books([group(provenance), group(provenance, "journey")]))
    assert {m.metric_id for m in found} == {
        f"{provenance}.{kind}" for kind in ("events", "contacts", "themes", "answers")
    }
    assert {(m.provenance.value, m.ci_method) for m in found} == {(provenance, None)}


@pytest.mark.parametrize("provenance", PROVENANCES)
def test_no_number_that_was_there_before_is_another_with_it(provenance: str) -> None:
    without: list[JourneySnapshot | Bucket] = [ended(), bucket(actions={"visited": 3})]
    before = {m.model_dump_json() for m in told(books(without))}
    after = {m.model_dump_json() for m in told(books([*without, group(provenance)]))}
    assert before - after == set()


def test_what_people_did_is_told_of_the_place_and_of_the_whole() -> None:
    found = beside(group(), group())
    for level in (Level.SERVICE, Level.TOUCHPOINT):
        events = found["moderated.events", level, ""]
        assert (events.n, events.value) == (98, 98)
        assert events.distribution == {"answered": 18, "contacted": 80}
        contacts = found["moderated.contacts", level, "chase"]
        assert (contacts.value, contacts.distribution) == (80, {"yes": 80})
    assert found["moderated.events", Level.TOUCHPOINT, ""].dimensions.touchpoint == "guide"


@pytest.mark.parametrize(
    ("about", "level"), [("touchpoint", Level.TOUCHPOINT), ("journey", Level.SERVICE)]
)
def test_what_people_said_is_told_where_it_is_about(about: str, level: Level) -> None:
    found = beside(group(about=about))
    themes = found["moderated.themes", level, "ease"]
    assert (themes.n, themes.distribution) == (11, {"negative": 9, "neutral": 2})
    answers = found["moderated.answers", level, ""]
    assert (answers.n, answers.distribution) == (9, {"4": 9})
    assert (answers.dimensions.construct, answers.dimensions.scale) == ("ease", "1..5")
    assert {key[1] for key in found if key[0].endswith((".themes", ".answers"))} == {level}


@pytest.mark.parametrize(("n", "state"), [(4, "suppressed"), (5, "low_n"), (30, "ok")])
def test_an_opinion_of_few_about_a_place_is_hidden(n: int, state: str) -> None:
    found = beside(group(n=n))
    assert found["moderated.answers", Level.TOUCHPOINT, ""].state == state


@pytest.mark.parametrize("about", ["touchpoint", "journey"])
def test_what_a_group_says_of_staff_needs_ten(about: str) -> None:
    level = Level.TOUCHPOINT if about == "touchpoint" else Level.SERVICE
    hidden = beside(group(about=about))["moderated.themes", level, "employee"]
    assert hidden.state is PublishState.SUPPRESSED
    shown = beside(group(about=about, n=10))["moderated.themes", level, "employee"]
    assert shown.state is PublishState.LOW_N


@pytest.mark.parametrize("changes", [{"quality": "bot_suspected"}, {"provenance": "observed"}])
def test_what_is_not_valid_or_was_observed_is_not_in_it(changes: dict[str, Any]) -> None:
    found = told(
        books([bucket(**{"provenance": "estimated", "actions": {"visited": 4}} | changes)])
    )
    assert [m for m in found if m.metric_id.startswith("estimated")] == []


def test_an_estimate_and_a_group_are_never_added_up() -> None:
    found = beside(group("moderated"), group("estimated", n=7))
    assert found["moderated.answers", Level.TOUCHPOINT, ""].n == 9
    assert found["estimated.answers", Level.TOUCHPOINT, ""].n == 7
