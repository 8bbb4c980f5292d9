"""How long it takes."""

from datetime import timedelta

import pytest

from schemas.journey import JourneySnapshot
from services.metrics.domain.durations import bucket_of, representative
from tests.unit.metrics.scoring import by_label, numbers, score
from tests.unit.metrics.snapshots import START, ended, journey


def test_submitted_silent_for_fifty_days_and_decided_is_a_decision_after_fifty_days() -> None:
    fifty = timedelta(days=50)
    decided = ended(
        started=START - fifty, submitted=START - fifty, decided=START, ended=START, hours=0
    )
    found = score("time_to_decision.p50", [decided])
    assert found is not None
    assert (found.n, found.distribution) == (1, {"382": 1})
    assert found.value == pytest.approx(fifty.total_seconds(), rel=0.02)
    assert numbers(score("completion_rate.live", [decided])) == (1, 1, 1.0)


def test_fewer_than_ten_completed_journeys_have_no_typical_time() -> None:
    nine = score("time_to_complete.completed.p50", [ended(str(n)) for n in range(9)])
    ten = score("time_to_complete.completed.p50", [ended(str(n)) for n in range(10)])
    assert nine is not None
    assert ten is not None
    assert (nine.n, nine.value) == (9, None)
    assert (ten.n, ten.value) == (10, representative(bucket_of(7200)))


def test_the_ninth_of_ten_is_the_ninetieth_percentile() -> None:
    found = score("time_to_complete.completed.p90", [ended(str(h), h) for h in range(1, 11)])
    assert found is not None
    assert found.value == representative(bucket_of(9 * 3600))


def test_of_a_cohort_half_must_have_completed() -> None:
    done = [ended(str(n)) for n in range(5)]
    going_on = [journey(f"open {n}") for n in range(5)]
    half = score("time_to_complete.started.p50", done + going_on)
    most = score("time_to_complete.started.p90", done + going_on)
    assert half is not None
    assert most is not None
    assert numbers(half) == (5, 10, representative(bucket_of(7200)))
    assert numbers(most) == (5, 10, None)
    assert half.distribution == {bucket_of(7200): 5}


def test_who_gave_up_did_not_complete() -> None:
    gone = [ended(str(n), outcome="abandoned") for n in range(20)]
    assert score("time_to_complete.completed.p50", gone) is None


def test_the_whole_problem_takes_from_the_first_event_of_all() -> None:
    early = START - timedelta(hours=6)
    done = [ended(str(n), opened=early) for n in range(10)]
    lost = [ended(f"lost {n}", opened=early, outcome="abandoned") for n in range(10)]
    found = score("time_to_complete.from_need.p50", done + lost)
    assert found is not None
    assert (found.n, found.value) == (10, representative(bucket_of(8 * 3600)))


def test_a_follow_up_is_timed_from_the_decision_before_it() -> None:
    def decided(ident: str, hours: float) -> JourneySnapshot:
        after = {"stage": "follow_up", "time": START + timedelta(hours=2 + hours)}
        return ended(ident, decided=START + timedelta(hours=2), milestones=(after,))

    found = score("time_to_follow_up.p50", [decided("1", 3), decided("2", -1), decided("3", 0)])
    assert found is not None
    assert (found.n, found.value) == (1, representative(bucket_of(3 * 3600)))


def test_a_stage_lasts_until_the_next_or_until_the_end() -> None:
    begun = [("information", 0), ("transaction", 1), ("follow_up", 9)]
    staged = ended(
        hours=3,
        milestones=[{"stage": s, "time": START + timedelta(hours=h)} for s, h in begun],
    )
    found = by_label("time_in_stage.p50", "stage", [staged])
    assert {stage: m.value for stage, m in found.items()} == {
        "information": representative(bucket_of(3600)),
        "transaction": representative(bucket_of(2 * 3600)),
    }


def test_of_two_stages_that_began_at_one_instant_the_later_told_one_went_on() -> None:
    begun = [("need", 0), ("information", 0), ("transaction", 1)]
    staged = ended(
        hours=3,
        milestones=[{"stage": s, "time": START + timedelta(hours=h)} for s, h in begun],
    )
    found = by_label("time_in_stage.p50", "stage", [staged])
    assert found["need"].value == 0.0
    assert found["information"].value == representative(bucket_of(3600))


def test_a_typical_time_lies_between_two_ranks() -> None:
    found = score("time_to_complete.completed.p50", [ended(str(h), h) for h in range(1, 101)])
    assert found is not None
    # Of a hundred, the 40th and the 61st: scipy.stats.binom.ppf([0.025, 0.975], 100, 0.5) + [0, 1].
    ends = (representative(bucket_of(h * 3600)) for h in (40, 61))
    assert (found.ci_low, found.ci_high, found.ci_method) == (*ends, "binomial_ranks")


def test_the_upper_end_of_a_rare_rank_is_not_reached() -> None:
    found = score("time_to_complete.completed.p90", [ended(str(h), h) for h in range(1, 11)])
    assert found is not None
    assert found.ci_low == representative(bucket_of(7 * 3600))
    assert found.ci_high is None


def test_a_cohort_that_has_not_got_there_has_a_lower_end_at_most() -> None:
    done = [ended(str(n)) for n in range(9)]
    going_on = [journey(f"open {n}") for n in range(11)]
    found = score("time_to_complete.started.p50", done + going_on)
    assert found is not None
    assert (found.value, found.ci_low, found.ci_high) == (
        None,
        representative(bucket_of(7200)),
        None,
    )
    none = score("time_to_complete.started.p50", going_on)
    assert none is not None
    assert (none.value, none.ci_low, none.ci_method) == (None, None, None)
