"""The heap of deadlines."""

from hypothesis import given
from hypothesis import strategies as st

from services.journey.domain.deadlines import Deadlines
from tests.unit.journey.builders import day
from tests.unit.journey.strategies import examples


def passed(deadlines: Deadlines, on: float) -> list[bytes]:
    return list(deadlines.passed(day(on)))


def test_a_deadline_has_passed_after_it_and_not_at_it() -> None:
    deadlines = Deadlines()
    deadlines.arm(b"a", day(1))
    assert passed(deadlines, 1) == []
    assert passed(deadlines, 1.01) == [b"a"]


def test_a_deadline_that_moved_on_has_not_passed() -> None:
    deadlines = Deadlines()
    deadlines.arm(b"a", day(1))
    deadlines.arm(b"a", day(5))
    assert passed(deadlines, 2) == []
    assert passed(deadlines, 6) == [b"a"]


def test_a_deadline_that_came_nearer_counts() -> None:
    deadlines = Deadlines()
    deadlines.arm(b"a", day(5))
    deadlines.arm(b"a", day(1))
    assert passed(deadlines, 2) == [b"a"]


def test_a_deadline_taken_away_never_passes() -> None:
    deadlines = Deadlines()
    deadlines.arm(b"a", day(1))
    deadlines.arm(b"a", None)
    assert (passed(deadlines, 9), len(deadlines)) == ([], 0)


def test_looking_takes_nothing_away() -> None:
    deadlines = Deadlines()
    deadlines.arm(b"a", day(1))
    assert passed(deadlines, 2) == passed(deadlines, 2) == [b"a"]


arms = st.tuples(st.sampled_from([b"a", b"b", b"c"]), st.none() | st.integers(0, 9))


@examples
@given(st.lists(st.tuples(arms, st.booleans()), max_size=30), st.integers(0, 10))
def test_whatever_was_armed_last_is_what_passes(
    armed: list[tuple[tuple[bytes, int | None], bool]], on: int
) -> None:
    deadlines, last = Deadlines(), dict[bytes, int | None]()
    for (key, due), settles in armed:
        deadlines.arm(key, None if due is None else day(due))
        last[key] = due
        if settles:
            deadlines.settle()
    due_by_then = {key for key, due in last.items() if due is not None and due < on}
    assert sorted(passed(deadlines, on)) == sorted(due_by_then)
    assert len(deadlines) == sum(due is not None for due in last.values())


@examples
@given(st.dictionaries(st.sampled_from([b"a", b"b", b"c", b"d"]), st.integers(0, 9)), arms)
def test_made_all_at_once_they_are_as_if_armed_one_by_one(
    dues: dict[bytes, int], armed_later: tuple[bytes, int | None]
) -> None:
    at_once, one_by_one = Deadlines.of({key: day(due) for key, due in dues.items()}), Deadlines()
    for key, due in dues.items():
        one_by_one.arm(key, day(due))
    key, later = armed_later
    for deadlines in (at_once, one_by_one):
        deadlines.arm(key, None if later is None else day(later))
        deadlines.settle()
    for on in range(11):
        assert sorted(passed(at_once, on)) == sorted(passed(one_by_one, on))
    assert len(at_once) == len(one_by_one)
