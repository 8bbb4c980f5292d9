"""A frozen month as records: it is found whole, or not at all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.adapters.booking import booked_in, records_of
from services.metrics.domain.blocks import Block
from services.metrics.domain.people import UNCOUNTED
from services.metrics.domain.periods import Shelf

MONTH = Block("permit", Shelf.MONTH, "2026-03-01", "live")
CELLS = {"ended||success": 3, "ended||error": 1, "answers|exit/1..5/w1|4": 2, "flow|a/b|": 7}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from("01")).map(
            "|".join
        ),
        st.integers(-3, 2**40),
    )
)
def test_what_is_booked_is_found_again(cells: dict[str, int]) -> None:
    held = {name: n for name, n in cells.items() if n}
    assert booked_in(records_of(MONTH, cells)) == {MONTH: held}


@pytest.mark.parametrize("written", [1, 2, 3])
def test_a_booking_that_was_not_finished_is_none(written: int) -> None:
    records = list(records_of(MONTH, CELLS))
    assert len(records) == 4
    assert booked_in(records[:written]) == {}


def test_a_booking_that_was_begun_over_another_one_is_none_until_it_is_finished() -> None:
    before, after = dict(records_of(MONTH, CELLS)), records_of(MONTH, CELLS | {"ended||error": 2})
    assert booked_in(before.items())
    first = next(after)
    assert booked_in((before | dict([first])).items()) == {}
    assert booked_in((before | dict([first]) | dict(after)).items())[MONTH]["ended||error"] == 2


@pytest.mark.parametrize("people", [b"", b',"people":"less"'])
def test_a_month_in_which_people_were_not_counted_like_today_says_so(people: bytes) -> None:
    *parts, (key, whole) = records_of(MONTH, CELLS)
    older = re.sub(rb',"people":"[0-9a-f]+"', people, whole)
    assert older != whole
    assert booked_in([*parts, (key, older)]) == {MONTH: CELLS | {UNCOUNTED: 1}}


def test_two_processes_that_book_the_same_month_write_the_same() -> None:
    other_order = dict(reversed(CELLS.items())) | {"ended||expired": 0}
    assert list(records_of(MONTH, CELLS)) == list(records_of(MONTH, other_order))


def test_the_key_tells_clock_month_and_measure() -> None:
    keys = [key for key, _ in records_of(MONTH, CELLS)]
    assert keys == [
        b"month/permit|month|2026-03-01|live|answers",
        b"month/permit|month|2026-03-01|live|ended",
        b"month/permit|month|2026-03-01|live|flow",
        b"month/permit|month|2026-03-01|live",
    ]
