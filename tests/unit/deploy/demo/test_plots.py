"""What a plot states must be what it means."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from deploy.demo import plots
from deploy.demo.desks import Desk, desks
from deploy.demo.facts import JourneyTruth, Opinion
from deploy.demo.plots import falling_short, reaching
from deploy.demo.story import Sending, Telling
from schemas.catalogue import load
from schemas.vocabulary import COMPLETE_OUTCOMES, Action, Construct, Identity, Outcome

CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted(Path("deploy/catalogue").glob("*.yaml"))
)
PERMIT, CLAIM, PASSPORT = desks(CATALOGUE)
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def tell(plot: plots.Plot, desk: Desk = PASSPORT, seed: int = 1) -> Telling:
    telling = Telling(desk, {"citizen": "1"}, "story", Random(seed))
    plot(telling, BEGIN)
    return telling


def last_time(telling: Telling, *places: str) -> datetime:
    return max(s.time for s in telling.sendings if s.data["touchpoint"] in places)


def test_who_gives_up_is_abandoned_a_gap_after_their_last_act() -> None:
    telling = tell(falling_short.gives_up)
    last = max(s.time for s in telling.sendings)
    truth = telling.told()
    assert (truth.outcome, truth.ended) == (Outcome.ABANDONED, last + timedelta(days=7))
    assert truth.left is not None
    assert truth.left.place == "renewal-start"


def test_a_forgotten_draft_expires_at_the_time_limit() -> None:
    telling = tell(falling_short.forgets_the_draft, CLAIM)
    saved = last_time(telling, "claim-income")
    truth = telling.told()
    assert (truth.outcome, truth.ended) == (Outcome.EXPIRED, saved + timedelta(days=28))


def test_an_agency_that_never_decides_is_overdue_from_the_submission_on() -> None:
    telling = tell(falling_short.is_kept_waiting, CLAIM)
    sent = last_time(telling, "claim-sent")
    truth = telling.told()
    assert (truth.outcome, truth.ended) == (Outcome.UNDECIDED, sent + timedelta(days=42))


def test_a_letter_that_is_left_expires_counted_from_the_letter() -> None:
    telling = tell(falling_short.leaves_the_letter)
    letter = last_time(telling, "photo-refused")
    truth = telling.told()
    assert (truth.outcome, truth.ended) == (Outcome.EXPIRED, letter + timedelta(days=21))


def test_a_won_appeal_corrects_the_outcome_and_not_the_end() -> None:
    telling = tell(reaching.wins_the_appeal, PERMIT)
    first, second = sorted(s.time for s in telling.sendings if s.data["touchpoint"] == "decision")
    truth = telling.told()
    assert first < second
    assert (truth.outcome, truth.ended, truth.decided) == (Outcome.SUCCESS, first, first)


def test_paper_begins_with_its_submission_and_arrives_late_but_within_the_grace() -> None:
    telling = tell(reaching.writes_on_paper, PERMIT)
    paper = telling.sendings[0]
    truth = telling.told()
    assert truth.began == truth.submitted == paper.time
    assert timedelta(0) < paper.delivered - paper.time < PERMIT.windows.grace


def test_only_the_last_answer_counts() -> None:
    stories = [tell(reaching.gets_it, seed=seed) for seed in range(300)]
    changed = [s for s in stories if len(_answers(s)) == 2]
    assert changed
    for story in changed:
        (opinion,) = [o for o in story.told().latest if _is_about_the_journey(o)]
        last = _answers(story)[-1]
        assert (opinion.time, opinion.answer) == (last.time, last.data["feedback"]["answer"])


def _answers(telling: Telling) -> list[Sending]:
    """The answers to the first question about the journey."""
    said = [s for s in telling.sendings if s.data.get("action") == Action.ANSWERED]
    wording = f"{telling.desk.journey_survey}-en-1"
    return [s for s in said if s.data["feedback"]["wording"] == wording]


def _is_about_the_journey(one: Opinion) -> bool:
    return one.instrument == PASSPORT.journey_survey and one.construct is Construct.SATISFACTION


@pytest.mark.parametrize("plot", [plot for plot, _ in plots.PLOTS], ids=lambda p: p.__name__)
@pytest.mark.parametrize("desk", [PERMIT, CLAIM, PASSPORT], ids=lambda d: d.sender)
def test_every_plot_states_a_whole_and_possible_truth(plot: plots.Plot, desk: Desk) -> None:
    for seed in range(20):
        telling = tell(plot, desk, seed)
        truth = telling.told()
        assert truth.outcome is not Outcome.OPEN
        assert truth.identity is Identity.LINKED
        assert sum(stay.count for stay in truth.met.values()) == len(telling.sendings)
        assert _is_ordered(truth)
        assert (truth.began is None) == (truth.outcome is Outcome.INFORMED)
        if truth.began is not None and truth.outcome not in COMPLETE_OUTCOMES:
            assert truth.left is not None
            assert truth.left.place in truth.met


def _is_ordered(truth: JourneyTruth) -> bool:
    times = [t for t in (truth.began, truth.submitted, truth.decided) if t is not None]
    return times == sorted(times) and all(t <= truth.ended for t in times[:1])
