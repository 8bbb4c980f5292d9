"""The themes of a page."""

from schemas.metric import MetricMessage
from schemas.vocabulary import Construct, Level, PeriodKind
from services.publish.domain.figure import Figure
from services.publish.domain.measures import MEASURES
from services.publish.domain.measures.beside import BESIDE
from services.publish.domain.period import Period
from services.publish.domain.sections import (
    Section,
    asked_about_journeys,
    asked_about_touchpoints,
    sections,
)
from services.publish.domain.view import View
from tests.unit.publish.samples import SURVEY, message, passport, rate
from tests.unit.publish.view_of import view_of

EVERYTHING = frozenset(Construct)


def themes(view: View, asked: frozenset[Construct] = EVERYTHING) -> dict[str, Section]:
    return {section.id: section for section in sections(view, asked)}


def rows(*messages: MetricMessage) -> dict[str, list[Figure]]:
    table: dict[str, list[Figure]] = {}
    for section in sections(view_of(*messages), EVERYTHING):
        for row in section.rows:
            table.setdefault(row.formula, []).append(row)
    return table


def test_every_score_of_a_service_has_a_row_even_when_there_is_no_number() -> None:
    told_as_a_whole = {
        measure.id for measure in MEASURES if Level.SERVICE in measure.levels and not measure.cut_by
    }
    chain = {"survey_offered", "survey_answered", "survey_dismissed"}
    beside = {measure.id for measure in BESIDE}
    assert set(rows()) == told_as_a_whole - chain - beside
    assert {row.value for found in rows().values() for row in found} == {None}


def test_themes_stand_in_a_fixed_order_and_empty_ones_are_left_out() -> None:
    at_touchpoint = themes(view_of().at("guidance"))
    assert list(themes(view_of()))[:3] == ["finishing", "leaving", "paths"]
    assert "time" not in at_touchpoint
    assert "other" not in at_touchpoint


def test_every_survey_has_a_row_of_its_own() -> None:
    other = SURVEY | {"wording": "passport-journey-en-2"}
    table = rows(
        rate("satisfaction.linear", 20, 40, **SURVEY), rate("satisfaction.linear", 20, 90, **other)
    )
    assert [(row.about, row.n) for row in table["satisfaction.linear"]] == [
        ("Survey passport-journey, wording passport-journey-en-2, scale 1..5", 90),
        ("Survey passport-journey, wording passport-journey-en-1, scale 1..5", 40),
    ]


def test_what_belongs_to_a_touchpoint_is_not_a_score_of_the_service() -> None:
    view = view_of(rate("step_dropoff", 3, 90, touchpoint="guidance"))
    whole = [row.formula for row in themes(view)["leaving"].rows]
    here = {row.formula: row.n for row in themes(view.at("guidance"))["leaving"].rows}
    assert "step_dropoff" not in whole
    assert here["step_dropoff"] == 90


def test_what_no_survey_asks_is_said_once_and_is_no_row() -> None:
    opinion = themes(view_of(), frozenset({Construct.SATISFACTION}))["opinion"]
    assert "satisfaction.linear" in [row.formula for row in opinion.rows]
    assert "trust.positive" not in [row.formula for row in opinion.rows]
    assert opinion.not_asked[:2] == ("trust", "trust gained or lost")


def test_an_answer_to_what_no_survey_asks_any_more_is_still_shown() -> None:
    view = view_of(rate("trust.positive", 30, 60, **SURVEY))
    opinion = themes(view, frozenset())["opinion"]
    assert [row.formula for row in opinion.rows if row.value] == ["trust.positive"]


def test_parts_are_told_as_parts_and_only_a_whole_has_a_row() -> None:
    part = rate("channel_mix", 30, 60, channel="phone")
    channels = themes(view_of(part))["channels"]
    assert "channel_mix" not in [row.formula for row in channels.rows]
    assert [cut.id for cut in channels.breakdowns] == ["channel_mix"]
    whole = themes(view_of(part, message("channel_mix", value=1.0)))["channels"]
    assert "channel_mix" in [row.formula for row in whole.rows]


def test_a_measure_of_a_later_version_stands_last_under_its_id() -> None:
    told = sections(view_of(message("measure.of_next_year", value=0.2)), EVERYTHING)
    assert (told[-1].title, [row.formula for row in told[-1].rows]) == (
        "Other",
        ["measure.of_next_year"],
    )


def test_of_a_span_that_is_too_short_for_a_measure_it_says_so() -> None:
    hour = view_of(period=Period(PeriodKind.ROLLING_1H))
    texts = {
        row.formula: row.text for section in sections(hour, EVERYTHING) for row in section.rows
    }
    assert texts["start_rate"] == "not told of hours"
    assert texts["digital_takeup.incl"] == "only told of longer periods"
    assert texts["completion_rate.live"] == "no journeys"


def test_what_is_asked_is_what_the_catalogues_surveys_ask_about_this_place() -> None:
    assert asked_about_journeys([passport()]) == {
        Construct.SATISFACTION,
        Construct.TRUST,
        Construct.REUSE_INTENT,
    }
    assert asked_about_touchpoints(passport()) == {Construct.SATISFACTION, Construct.TRUST}
