"""How many citizens are behind a number, at least, and of what nobody can tell."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.journey import Bucket, JourneySnapshot
from schemas.metric import MetricMessage, Sums
from schemas.vocabulary import Level, PeriodKind
from services.metrics.domain.behind import told_of
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, contribution
from services.metrics.domain.formulas import BY_SERIES
from services.metrics.domain.inputs import Inputs
from services.metrics.domain.messages import Series
from services.metrics.domain.people import UNCOUNTED
from services.metrics.domain.revisions import as_sent, is_news
from services.metrics.domain.shelves import Shelves
from tests.builders import at, uid
from tests.unit.metrics.scoring import books, by_label, score, told
from tests.unit.metrics.snapshots import START, bucket, ended, journey, rules, step, visit

MARCH, QUARTER = PeriodKind.MONTH, PeriodKind.QUARTER
ENDED_IN_JANUARY, ENDED_IN_MARCH = at("2026-01-20 12:00"), at("2026-03-01 12:00")


def after(ended_at: Any, **changes: Any) -> JourneySnapshot:
    """A journey that ended in March, and opened when another had ended."""
    return ended("2", predecessor={"id": uid("1"), "ended": ended_at}, **changes)


def message(
    people: list[JourneySnapshot | Bucket],
    metric_id: str = "journeys_ended",
    kind: PeriodKind = MARCH,
    start: str = "2026-03-01",
) -> MetricMessage:
    found = [m for m in told(books(people, kind, start)) if m.metric_id == metric_id]
    (one,) = (m for m in found if m.level is not Level.TOUCHPOINT)
    return one


def test_each_of_several_citizens_counts() -> None:
    said = message([ended("1"), ended("2", outcome="error")])
    assert (said.n, said.citizens, said.of_unnamed) == (2, 2, None)
    assert said.of_citizens == Sums(n=2, numerator=2, distribution={"error": 1, "success": 1})


def test_who_had_ended_another_journey_in_the_month_counts_no_more() -> None:
    said = message([ended("1"), after(ENDED_IN_MARCH, outcome="error")])
    assert (said.n, said.citizens) == (2, 1)
    assert said.of_citizens == Sums(n=1, numerator=1, distribution={"success": 1})


def test_who_had_ended_another_in_the_quarter_counts_in_the_month_alone() -> None:
    again = after(ENDED_IN_JANUARY)
    assert message([again]).citizens == 1
    assert message([again], kind=QUARTER, start="2026-01-01").citizens == 0


def test_a_journey_beside_another_counts_nowhere() -> None:
    assert message([ended("1"), ended("2", alone=False)]).citizens == 1


def test_what_comes_in_a_month_after_the_end_is_not_counted_there() -> None:
    """For then the citizen may have begun another journey, and is counted for that."""
    april = visit("desk", first=at("2026-04-02 10:00"), last=at("2026-04-02 10:00"))
    late = ended(touchpoints=(visit(), april))
    (here,) = by_label("touchpoint_journeys", "touchpoint", [late]).values()
    found = told(books([late], MARCH, "2026-04-01"))
    (there,) = (m for m in found if m.metric_id == "touchpoint_journeys")
    assert (here.citizens, there.n, there.citizens) == (1, 1, 0)


def test_an_open_journey_counts_where_it_is() -> None:
    assert message([journey()], "journeys_started").citizens == 1


def test_several_answers_to_one_question_are_one_citizens() -> None:
    survey = tuple(
        step(answer=answer, touchpoint=place, time=START + timedelta(hours=hours))
        for hours, (place, answer) in enumerate([("desk", 5), ("form", 1)], 1)
    )
    said = message([ended(survey=survey)], "satisfaction.linear")
    assert (said.n, said.citizens) == (2, 1)
    assert said.of_citizens is not None
    assert said.of_citizens.distribution == {"5": 1}


@pytest.mark.parametrize("construct", ["satisfaction", "ease"])
def test_several_offers_are_one_citizens(construct: str) -> None:
    again = step("offered", time=START + timedelta(hours=2), construct=construct)
    said = message([ended(survey=(step("offered"), again, step(answer=4)))], "response_rate")
    assert (said.n, said.citizens) == (2, 1)


@pytest.mark.parametrize("identity", ["partial", "unlinked"])
def test_visitors_and_cases_are_told_apart(identity: str) -> None:
    said = message([ended("1"), ended("2", identity=identity)])
    assert (said.n, said.citizens, said.of_unnamed) == (
        2,
        1,
        Sums(n=1, numerator=1, distribution={"success": 1}),
    )


def test_where_nobody_is_linked_no_citizens_are_told() -> None:
    said = message([ended("1", identity="partial")])
    assert said.citizens is None
    assert said.of_unnamed == Sums(n=1, numerator=1, distribution={"success": 1})


def test_answers_of_unlinked_people_are_told_apart() -> None:
    asked = {"about": "journey", "construct": "satisfaction", "scale": "1..5"}
    answers = ({**asked, "instrument": "exit", "wording": "w1", "answer": 2, "count": 3},)
    linked = ended(survey=(step(answer=4),))
    said = message([linked, bucket(answers=answers)], "satisfaction.top2")
    assert (said.n, said.citizens) == (4, 1)
    assert said.of_unnamed == Sums(n=3, numerator=0, distribution={"2": 3})


def test_what_repeats_within_a_journey_is_of_nobody_knows_how_many() -> None:
    from_desk = ended(survey=(step(answer=4),), touchpoints=(visit(), visit("desk")))
    known = {m.metric_id for m in told(books([from_desk])) if m.of_citizens is not None}
    all_told = {m.metric_id for m in told(books([from_desk]))}
    assert {"journeys_ended", "step_dropoff", "channel_mix", "satisfaction.top2"} <= known
    assert {"touchpoint_events", "survey_answered"} <= all_told - known


@pytest.mark.parametrize("kind", [PeriodKind.DAY, PeriodKind.HOUR])
def test_of_shorter_spans_nothing_is_told(kind: PeriodKind) -> None:
    start = "2026-03-02" if kind is PeriodKind.DAY else "2026-03-02T09:00Z"
    found = told(books([journey()], kind, start))
    assert found
    assert {m.of_citizens for m in found} == {None}


def test_where_clocks_or_services_are_added_nobody_knows_who_is_in_both() -> None:
    assert message([ended("1"), ended("2", clock="import-1")]).of_citizens is None
    found = books([ended("1")])
    both = replace(found, scope=replace(found.scope, services=("permit", "passport")))
    series = Series("journeys_ended", Level.SERVICE, "")
    said = told_of(series, BY_SERIES[series.metric_id, series.level], both)
    assert said is not None
    assert (said.n, said.of_citizens) == (1, None)


def test_a_later_state_of_a_journey_replaces_what_it_counted() -> None:
    states = [journey("2", alone=False), after(ENDED_IN_MARCH, alone=False), after(ENDED_IN_MARCH)]
    changes, before = Changes(Shelves(rules(), Closings())), NOTHING
    for state in states:
        now = contribution(state, rules())
        changes.replace(before, now)
        before = now
    once = Changes(Shelves(rules(), Closings()))
    once.replace(NOTHING, contribution(states[-1], rules()))
    assert _held(changes) == _held(once)
    gone = states[-1].model_copy(update={"erased": True})
    changes.replace(before, contribution(gone, rules()))
    assert not _held(changes)


def _held(changes: Changes) -> dict[tuple[object, str], int]:
    return {
        (block, name): n
        for block, cells in changes.cells().items()
        for name, n in cells.items()
        if n and name.startswith(("again.", "quarter_again."))
    }


def test_another_number_of_citizens_is_news_and_no_revision() -> None:
    alone, beside = (score("journeys_ended", [ended(alone=one)]) for one in (True, False))
    assert alone is not None
    assert beside is not None
    now, before = (as_sent(one, has_ended=True) for one in (alone, beside))
    assert is_news(now, before)
    assert now.sums == before.sums


def test_equal_digests_mean_equally_many_citizens() -> None:
    series = Series("channel_mix", Level.SERVICE, "website")
    formula = BY_SERIES[series.metric_id, series.level]
    alone, beside = (books([ended(alone=one)]) for one in (True, False))
    assert Inputs(alone).of(series, formula) != Inputs(beside).of(series, formula)


def test_of_months_that_were_booked_without_people_nothing_is_told_of_any() -> None:
    now = books([ended()])
    (cells,) = now.cells.values()
    before = replace(now, cells={"live": {**cells, UNCOUNTED: 1}})
    known, unknown = ([m for m in told(one) if m.of_citizens] for one in (now, before))
    assert known
    assert not unknown
