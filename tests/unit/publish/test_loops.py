"""Where people go in circles."""

from schemas.vocabulary import PublishState
from services.publish.domain.loops import loops
from tests.unit.publish.samples import passport, rate
from tests.unit.publish.view_of import view_of


def test_the_place_most_come_back_to_stands_first_under_its_name() -> None:
    made = loops(
        passport(),
        view_of(
            rate("loop_share", 3, 90, touchpoint="guidance"),
            rate("loop_share", 9, 90, touchpoint="renewal-photo"),
            rate("loop_share", 0, 90, touchpoint="renewal-start"),
        ),
    )
    assert made is not None
    assert [(part.name, part.figure.text) for part in made.parts] == [
        ("Photo", "10.0%"),
        ("Photos, fees and times", "3.3%"),
    ]


def test_where_nobody_comes_back_and_where_it_is_hidden_nothing_is_told() -> None:
    hidden = rate("loop_share", 3, 4, touchpoint="guidance", state=PublishState.SUPPRESSED)
    assert loops(passport(), view_of(hidden)) is None
    assert loops(passport(), view_of()) is None
