"""What is taken of a chunk, given where the log left off."""

from dataclasses import dataclass

import pytest

from services.journey.adapters.offset_rule import HoleInTheLog, fitting


@dataclass(frozen=True)
class At:
    offset: int


def chunk(*offsets: int) -> list[At]:
    return [At(offset) for offset in offsets]


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (10, [10, 11, 12]),  # it goes on exactly here
        (12, [12]),  # its beginning is applied already
        (13, []),  # all of it is
        (9, []),  # something before it is missing
    ],
)
def test_only_what_goes_on_where_the_log_left_off_is_taken(wanted: int, taken: list[int]) -> None:
    assert list(fitting(wanted, chunk(10, 11, 12))) == chunk(*taken)


def test_a_hole_in_the_log_itself_stops() -> None:
    with pytest.raises(HoleInTheLog, match=r"1 records missing in 10\.\.12"):
        fitting(10, chunk(10, 12))
