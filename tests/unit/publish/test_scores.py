"""The table of scores and the outcomes."""

from schemas.metric import MetricMessage
from services.publish.domain.figure import Figure
from services.publish.domain.measures import MEASURES
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING
from services.publish.domain.scores import OutcomeShare, outcomes, scores
from tests.unit.publish.samples import SURVEY, message, passport_year, rate


def rows(*messages: MetricMessage) -> dict[str, list[Figure]]:
    table: dict[str, list[Figure]] = {}
    for group in scores(Numbers.of(messages), ROLLING):
        for row in group.rows:
            table.setdefault(row.formula, []).append(row)
    return table


def ended(**distribution: int) -> Numbers:
    total = sum(distribution.values())
    return Numbers.of([message("journeys_ended", n=total, distribution=distribution)])


def test_every_score_has_a_row_even_when_there_is_no_number() -> None:
    table = rows()
    at_a_touchpoint = {"touchpoint_journeys", "touchpoint_events", "step_dropoff"}
    assert set(table) == {measure.id for measure in MEASURES} - at_a_touchpoint
    assert {row.text for found in table.values() for row in found} == {
        "no journeys",
        "no answers",
        "never offered",
    }


def test_the_groups_stand_in_a_fixed_order() -> None:
    groups = scores(Numbers.of(passport_year()), ROLLING)
    assert [group.name for group in groups] == [
        "Finishing",
        "Opinion",
        "Leaving and waiting",
        "Time",
        "Volume",
    ]


def test_every_survey_has_a_row_of_its_own() -> None:
    other = SURVEY | {"wording": "passport-journey-en-2"}
    table = rows(
        rate("satisfaction.linear", 20, 40, **SURVEY), rate("satisfaction.linear", 20, 90, **other)
    )
    assert [(row.about, row.n) for row in table["satisfaction.linear"]] == [
        ("Survey passport-journey, wording passport-journey-en-2, scale 1..5", "90"),
        ("Survey passport-journey, wording passport-journey-en-1, scale 1..5", "40"),
    ]


def test_what_belongs_to_a_touchpoint_is_not_a_score_of_the_service() -> None:
    table = rows(rate("step_dropoff", 3, 90, touchpoint="guidance"))
    assert "step_dropoff" not in table


def test_a_score_of_a_later_version_is_shown_last() -> None:
    groups = scores(Numbers.of([message("channel_switch_rate", value=0.2)]), ROLLING)
    assert [(group.name, [row.formula for row in group.rows]) for group in groups][-1] == (
        "Other",
        ["channel_switch_rate"],
    )


def test_outcomes_fill_the_bar_from_done_to_lost() -> None:
    assert outcomes(ended(abandoned=1, success=2, error=1), ROLLING) == (
        OutcomeShare("Success", "done", "2", "50.0%", 0.0, 0.5),
        OutcomeShare("Abandoned", "left", "1", "25.0%", 0.5, 0.25),
        OutcomeShare("Failed with an error", "lost", "1", "25.0%", 0.75, 0.25),
    )


def test_an_outcome_of_a_later_version_is_not_left_out() -> None:
    told = [(share.name, share.n) for share in outcomes(ended(success=2, merged=3), ROLLING)]
    assert told == [("Success", "2"), ("merged", "3")]


def test_where_no_journey_ended_there_is_no_bar() -> None:
    assert outcomes(ended(success=0), ROLLING) == outcomes(Numbers.of([]), ROLLING) == ()
