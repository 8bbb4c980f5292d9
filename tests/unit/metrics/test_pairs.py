"""Running pairs: totals are kept while neither side falls."""

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.pairs import Pair, grown, larger, missing, rebased

counts = st.integers(0, 10**9)
pairs = st.builds(Pair, counts, counts)


@given(pairs, st.integers(-(10**9), 10**9))
def test_a_pair_is_brought_to_any_net_without_a_side_falling(pair: Pair, net: int) -> None:
    found = pair.rebased(net)
    assert found.net == net
    assert found.added >= pair.added
    assert found.retracted >= pair.retracted


def test_a_rebuild_goes_on_from_what_was_told_and_knows_what_is_gone() -> None:
    told = {"a": Pair(10, 2), "b": Pair(5, 0), "gone": Pair(3, 1)}
    assert rebased(told, {"a": 9, "b": 4, "new": 3}) == {
        "a": Pair(11, 2),
        "b": Pair(5, 1),
        "gone": Pair(3, 3),
        "new": Pair(3, 0),
    }


def test_the_larger_of_two_accounts_is_taken_side_by_side() -> None:
    one, other = {"a": Pair(3, 1), "b": Pair(1, 0)}, {"a": Pair(2, 2)}
    assert larger(one, other) == {"a": Pair(3, 2), "b": Pair(1, 0)}


def test_only_what_grew_is_told_and_nothing_lower_than_before() -> None:
    told = {"same": Pair(1, 1), "grown": Pair(1, 0), "behind": Pair(9, 0)}
    counted = {"same": Pair(1, 1), "grown": Pair(2, 0), "behind": Pair(8, 1), "new": Pair(1, 0)}
    assert grown(told, counted) == {"grown": Pair(2, 0), "behind": Pair(9, 1), "new": Pair(1, 0)}


def test_what_is_missing_lifts_both_sides_so_that_no_side_falls_and_the_net_stays() -> None:
    told = {"same": Pair(2, 1), "gone": Pair(1, 1), "lower": Pair(3, 1), "one side": Pair(2, 2)}
    counted = {"same": Pair(2, 1), "lower": Pair(1, 0), "one side": Pair(5, 1), "new": Pair(1)}
    assert missing(told, counted) == {"gone": 1, "lower": 2, "one side": 1}
