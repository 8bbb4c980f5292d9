"""How journeys ended."""

from schemas.vocabulary import PublishState
from services.publish.domain.outcomes import OutcomeShare, informed, outcomes
from services.publish.domain.view import View
from tests.unit.publish.samples import message
from tests.unit.publish.view_of import view_of


def ended(**distribution: int) -> View:
    total = sum(distribution.values())
    return view_of(message("journeys_ended", n=total, distribution=distribution))


def test_outcomes_fill_the_bar_from_done_to_lost() -> None:
    assert outcomes(ended(abandoned=1, success=2, error=1)) == (
        OutcomeShare("Success", "done", 2, "50.0%", 0.0, 0.5),
        OutcomeShare("Abandoned", "left", 1, "25.0%", 0.5, 0.25),
        OutcomeShare("Failed with an error", "lost", 1, "25.0%", 0.75, 0.25),
    )


def test_an_outcome_of_a_later_version_is_not_left_out() -> None:
    told = [(share.name, share.n_text) for share in outcomes(ended(success=2000, merged=3))]
    assert told == [("Success", "2,000"), ("Merged", "3")]


def test_where_no_journey_ended_there_is_no_bar() -> None:
    assert outcomes(ended(success=0)) == outcomes(view_of()) == ()


def test_who_only_looked_for_information_is_counted_apart() -> None:
    assert (informed(ended(success=2, informed=5)), informed(view_of())) == (5, 0)


def test_of_hidden_outcomes_nothing_is_told() -> None:
    few = {"distribution": {"success": 3, "informed": 1}, "state": PublishState.SUPPRESSED}
    hidden = view_of(message("journeys_ended", n=4, **few))
    assert (outcomes(hidden), informed(hidden)) == ((), 0)
