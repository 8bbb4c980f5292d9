"""The drawing of the flow: nothing covers anything, and what is thick is much."""

from itertools import combinations

import pytest

from services.publish.adapters.arrows import Arrow, Rect, arrow
from services.publish.adapters.flow_drawing import Drawing, drawing
from services.publish.domain.journey_map import journey_map
from services.publish.domain.paths import Flow, Move, flow
from tests.unit.publish.samples import message, passport
from tests.unit.publish.view_of import view_of
from tests.unit.publish.year import passport_year

YEAR = view_of(*(m for m in passport_year() if m.dimensions.service))


def drawn() -> Drawing:
    made = drawing(journey_map(passport(), YEAR), flow(passport(), YEAR))
    assert made is not None
    return made


def test_boxes_stand_apart_and_inside_the_drawing() -> None:
    made = drawn()
    assert not [1 for a, b in combinations(made.boxes, 2) if a.place.meets(b.place)]
    assert all(
        box.place.right < made.width and box.place.bottom < made.height for box in made.boxes
    )


def test_no_label_covers_a_box_or_another_label() -> None:
    made = drawn()
    labels = [one.label_box(one.spot) for one in made.arrows if one.spot]
    assert labels
    assert not [1 for a, b in combinations(labels, 2) if a.meets(b)]
    assert not [1 for label in labels for box in made.boxes if label.meets(box.place)]


def test_labels_of_arrows_that_cross_stand_apart() -> None:
    crossing = (
        Move("guidance", "renewal-photo", "", "", 1_000),
        Move("help-phone", "renewal-start", "", "", 1_000),
    )
    made = drawing(journey_map(passport(), view_of()), Flow(crossing, 1_000, 1_000))
    assert made is not None
    first, second = (one.label_box(one.spot) for one in made.arrows if one.spot)
    assert not first.meets(second)


def test_the_most_frequent_move_is_the_thickest() -> None:
    widths = [one.width for one in drawn().arrows]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == pytest.approx(10)


def test_a_move_to_what_is_not_on_the_map_and_a_rare_one_are_left_to_the_table() -> None:
    columns = journey_map(passport(), view_of())
    moves = (
        Move("guidance", "renewal-start", "", "", 1_000),
        Move("guidance", "help-phone", "", "", 3),
        Move("guidance", "fax", "", "", 900),
    )
    made = drawing(columns, Flow(moves, 1_000, 1_000))
    assert made is not None
    assert len(made.arrows) == 1


def test_a_long_name_is_cut_to_two_lines_and_kept_whole_beside() -> None:
    long = "A very long name of a touchpoint that goes on and on beyond any box"
    first, *others = passport().touchpoints
    service = passport().model_copy(
        update={"touchpoints": (first.model_copy(update={"name": long}), *others)}
    )
    made = drawing(journey_map(service, YEAR), flow(service, YEAR))
    assert made is not None
    assert (made.boxes[0].name, len(made.boxes[0].lines)) == (long, 2)
    assert made.boxes[0].lines[-1].endswith("…")


def test_without_a_move_there_is_no_drawing() -> None:
    view = view_of(message("touchpoint_journeys", touchpoint="guidance", value=3.0))
    assert drawing(journey_map(passport(), view), flow(passport(), view)) is None


UP, DOWN, BELOW, RIGHT = (Rect(x, y, 100, 40) for x, y in ((0, 0), (0, 70), (0, 210), (200, 0)))


def between(source: Rect, target: Rect) -> Arrow:
    return arrow((source, target), 2.0, "", "9")


@pytest.mark.parametrize(
    ("source", "target", "is_back"),
    [
        (UP, DOWN, False),
        (DOWN, UP, True),
        (UP, BELOW, False),
        (UP, RIGHT, False),
        (RIGHT, UP, True),
    ],
)
def test_an_arrow_ends_at_the_side_of_its_box_and_knows_its_way(
    source: Rect, target: Rect, *, is_back: bool
) -> None:
    made = between(source, target)
    on_edge = made.tip.x in {target.x, target.right} or made.tip.y in {target.y, target.bottom}
    assert (made.is_back, on_edge) == (is_back, True)


def test_an_arrow_past_a_neighbour_goes_round_it() -> None:
    assert between(UP, BELOW).at(0.5).x > UP.right
    assert between(BELOW, UP).at(0.5).x < UP.x
