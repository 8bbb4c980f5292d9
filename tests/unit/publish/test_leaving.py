"""Where people leave and why."""

from schemas.metric import MetricMessage
from schemas.vocabulary import PublishState
from services.publish.domain.leaving import Why, leaving
from tests.unit.publish.samples import passport, rate
from tests.unit.publish.view_of import view_of


def left(touchpoint: str, n: int, reached: int, **reasons: int) -> MetricMessage:
    return rate("step_dropoff", n, reached, touchpoint=touchpoint, distribution=reasons)


def test_the_step_that_most_leave_stands_first() -> None:
    view = view_of(left("renewal-start", 3, 90), left("renewal-photo", 9, 90))
    assert [step.name for step in leaving(passport(), view)] == ["Photo", "Start of the renewal"]


def test_reasons_are_shares_of_those_who_left_here() -> None:
    view = view_of(left("renewal-photo", 10, 90, error=2, abandoned=8, withdrawn=0))
    [step] = leaving(passport(), view)
    assert step.reasons == (
        Why("abandoned", "Abandoned", 8, 0.8),
        Why("error", "Failed with an error", 2, 0.2),
    )


def test_who_asked_for_help_stands_beside() -> None:
    helped = rate("help_sought", 4, 10, touchpoint="renewal-photo")
    [step] = leaving(passport(), view_of(left("renewal-photo", 10, 90), helped))
    assert step.help_sought.text == "40.0%"


def test_a_step_nobody_left_is_not_listed() -> None:
    assert leaving(passport(), view_of(left("renewal-photo", 0, 90))) == ()


def test_of_a_hidden_step_no_reason_is_told() -> None:
    hidden = rate(
        "step_dropoff",
        3,
        4,
        touchpoint="renewal-photo",
        distribution={"error": 3},
        state=PublishState.SUPPRESSED,
    )
    [step] = leaving(passport(), view_of(hidden))
    assert (step.reasons, step.drop_off.text) == ((), "hidden")
