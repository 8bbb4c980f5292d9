"""A shelf is a list of journeys that unpacks only what is read."""

import msgspec
import pytest

from schemas.vocabulary import Action
from services.journey.domain.journey import Journey
from services.journey.domain.shelf import Shelf, in_hand
from tests.unit.journey.builders import day, entry, folded

encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
JOURNEYS = folded(*(entry(Action.COMPLETED, day(50 * n)) for n in range(3)))


@pytest.fixture
def shelf() -> Shelf:
    """Three packed journeys."""
    return Shelf(msgspec.msgpack.decode(encode(JOURNEYS), type=list[msgspec.Raw]))


def test_it_is_the_list_that_was_packed(shelf: Shelf) -> None:
    assert len(JOURNEYS) == len(shelf) == 3
    assert shelf == JOURNEYS
    assert list(reversed(shelf)) == JOURNEYS[::-1]


def test_only_what_was_read_is_in_hand(shelf: Shelf) -> None:
    assert in_hand(shelf) == []
    latest = next(iter(reversed(shelf)))
    assert in_hand(shelf) == [latest] == JOURNEYS[2:]
    shelf.append(JOURNEYS[0])
    assert in_hand(shelf) == [latest, JOURNEYS[0]]


def test_all_of_an_ordinary_list_is_in_hand() -> None:
    assert in_hand(JOURNEYS) == JOURNEYS


def test_a_change_of_what_was_read_is_kept_and_the_rest_packed_as_it_was(shelf: Shelf) -> None:
    shelf[1].visits = 7
    assert shelf[1].visits == 7
    changed = msgspec.msgpack.decode(encode(shelf), type=list[Journey])
    assert [one.visits for one in changed] == [1, 7, 1]
    assert [changed[0], changed[2]] == [JOURNEYS[0], JOURNEYS[2]]
    assert len(in_hand(shelf)) == 1
