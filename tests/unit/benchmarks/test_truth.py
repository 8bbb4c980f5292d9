import random
from datetime import UTC, datetime

import pytest

from benchmarks.peers.programs.insertion import Sessions, inserted
from benchmarks.peers.truth import GAP_MILLISECONDS, Verdict, judge, sessions
from benchmarks.peers.visits import Visits

MINUTE = 60_000


def test_a_silence_longer_than_the_gap_begins_another_session() -> None:
    times = [("a", 0), ("a", 29 * MINUTE), ("a", 60 * MINUTE), ("b", 5)]
    assert sessions(times) == {
        ("a", 0, 29 * MINUTE): 2,
        ("a", 60 * MINUTE, 60 * MINUTE): 1,
        ("b", 5, 5): 1,
    }


def test_the_order_of_arrival_changes_no_session() -> None:
    times = list(Visits(2_000, 40, datetime(2026, 1, 5, tzinfo=UTC)).times())
    assert sessions(times) == sessions(sorted(times, key=lambda one: one[1]))


def test_a_silence_of_exactly_the_gap_is_refused_as_engines_differ_on_it() -> None:
    with pytest.raises(ValueError, match="another seed"):
        sessions([("a", 0), ("a", GAP_MILLISECONDS)])


def test_an_event_between_two_sessions_joins_them_for_faust_as_in_the_truth() -> None:
    known = [[0, 0, 1], [40 * MINUTE, 41 * MINUTE, 2]]
    assert inserted(known, 20 * MINUTE) == [[0, 41 * MINUTE, 4]]


def test_what_faust_keeps_is_the_truth_in_any_order() -> None:
    chance = random.Random(7)
    times = [chance.randrange(3000 * MINUTE) for _ in range(200)]
    truth = sessions([("a", time) for time in times])
    chance.shuffle(times)
    known: Sessions = []
    for time in times:
        known = inserted(known, time)
    assert {("a", first, last): count for first, last, count in known} == truth


def test_every_way_to_be_wrong_is_counted_apart() -> None:
    truth = {("a", 1, 2): 3, ("b", 1, 2): 3, ("c", 1, 2): 3}
    found = {("a", 1, 2): 3, ("b", 1, 2): 4, ("c", 1, 9): 3, ("d", 1, 1): 1}
    assert judge(truth, found) == Verdict(3, missing=1, surplus=2, miscounted=1)
    assert judge(truth, found).told() == "wrong: 1 missing, 2 surplus, 1 miscounted of 3"


def test_the_same_sessions_are_right() -> None:
    assert judge({("a", 1, 2): 3}, {("a", 1, 2): 3}).told() == "right"
