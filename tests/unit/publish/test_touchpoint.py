"""The page of one touchpoint."""

from services.publish.adapters.cards import Cards
from services.publish.domain.touchpoint import TouchpointCard
from services.publish.publish import Publication
from tests.unit.publish.samples import AUTHORITY, NOW, catalogue, progress
from tests.unit.publish.year import passport_year

CARDS = Cards(catalogue(), Publication.of(passport_year(), [progress()]), AUTHORITY)


def touchpoint(id_: str) -> TouchpointCard:
    return CARDS.touchpoint("passport-renewal", id_, None, NOW)


def test_the_headlines_are_those_of_its_card_on_the_map() -> None:
    assert [figure.formula for figure in touchpoint("renewal-photo").headlines] == [
        "touchpoint_journeys",
        "step_dropoff",
        "help_sought",
        "satisfaction.linear",
        "trust.positive",
    ]
    assert "step_dropoff" not in [f.formula for f in touchpoint("guidance").headlines]


def test_it_tells_why_people_left_and_from_where_they_came() -> None:
    photo = touchpoint("renewal-photo")
    assert [why.reason for why in photo.reasons] == ["abandoned", "expired", "error"]
    assert [move.source for move in photo.came_from] == ["renewal-start"]
    assert [move.target for move in photo.went_to] == ["renewal-payment"]


def test_only_the_improvements_made_here_are_told_and_marked() -> None:
    assert [one.id for one in touchpoint("renewal-photo").improvements] == ["photo-help"]
    assert [e.number for e in touchpoint("renewal-photo").trends[0].events] == [1]
    assert touchpoint("guidance").improvements == ()


def test_its_neighbours_on_the_map_are_one_step_away() -> None:
    first, last = touchpoint("expiry-reminder"), touchpoint("collection")
    assert first.previous is None
    assert first.following is not None
    assert first.following.id == "guidance"
    assert last.previous is not None
    assert last.following is None


def test_where_everything_else_lands_has_a_page_even_when_nothing_did() -> None:
    other = touchpoint("other")
    assert (other.name, other.previous, other.following) == ("Other", None, None)
    assert {figure.value for figure in other.headlines} == {None}
