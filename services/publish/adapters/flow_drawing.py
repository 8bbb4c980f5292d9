"""The flow between touchpoints, placed: boxes in columns of stages, arrows as wide as their use.

The geometry behind the template's SVG, in its own units. Labels that would cover a box or another
label are left out: every number stands in the table beside the drawing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.publish.adapters.arrows import Arrow, Point, Rect, arrow
from services.publish.domain import words
from services.publish.domain.journey_map import Card, Column
from services.publish.domain.paths import Flow, Move

BOX_WIDTH, BOX_HEIGHT = 204, 64
GAP_X, GAP_Y = 92, 44
MARGIN, TOP = 56, 36
LINE_LENGTH = 24  # letters of a name that fit in a box
MOST_ARROWS, LEAST_SHARE = 24, 0.01
THINNEST, THICKEST = 1.2, 10.0


@dataclass(frozen=True)
class Box:
    """A touchpoint."""

    id: str
    place: Rect
    name: str
    lines: tuple[str, ...]
    people: str
    is_empty: bool
    is_worst: bool


@dataclass(frozen=True)
class Head:
    """The title of a column."""

    x: float
    width: float
    name: str


@dataclass(frozen=True)
class Drawing:
    """The whole picture."""

    width: int
    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawing(columns: tuple[Column, ...], flow: Flow) -> Drawing | None:
    """The picture of a flow; None where no move is told."""
    boxes = {box.id: box for box in _boxes(columns)}
    moves = _shown(flow.moves, boxes)
    if not moves:
        return None
    most = moves[0].journeys
    arrows: list[Arrow] = []
    for move in moves:
        rects = (boxes[move.source].place, boxes[move.target].place)
        width = THINNEST + (THICKEST - THINNEST) * move.journeys / most
        arrows.append(arrow(rects, width, _told(move), words.count(move.journeys)))
    tallest = max(len(column.cards) for column in columns)
    return Drawing(
        width=round(2 * MARGIN + len(columns) * (BOX_WIDTH + GAP_X) - GAP_X),
        height=round(TOP + tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y + 6),
        heads=tuple(Head(_x(i), BOX_WIDTH, column.name) for i, column in enumerate(columns)),
        boxes=tuple(boxes.values()),
        arrows=tuple(_labelled(arrows, [box.place for box in boxes.values()])),
    )


def _x(index: int) -> float:
    return MARGIN + index * (BOX_WIDTH + GAP_X)


def _boxes(columns: tuple[Column, ...]) -> Iterator[Box]:
    for index, column in enumerate(columns):
        for row, card in enumerate(column.cards):
            top = TOP + row * (BOX_HEIGHT + GAP_Y)
            yield _box(card, Rect(_x(index), top, BOX_WIDTH, BOX_HEIGHT))


def _box(card: Card, place: Rect) -> Box:
    left = card.drop_off
    leaving = f", {left.text} left" if left and left.value is not None else ""
    counted = card.people.text if card.people.is_missing else f"{card.people.text} journeys"
    return Box(
        id=card.id,
        place=place,
        name=card.name,
        lines=tuple(_wrapped(card.name)),
        people=f"{counted}{leaving}",
        is_empty=card.people.is_missing,
        is_worst=card.most_leave_here,
    )


def _wrapped(name: str) -> Iterator[str]:
    """At most two lines; what is longer ends in an ellipsis."""
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= LINE_LENGTH or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    shown = lines if len(lines) <= 2 else [lines[0], f"{lines[1]} …"]
    for line in shown:
        yield line if len(line) <= LINE_LENGTH else f"{line[: LINE_LENGTH - 1]}…"


def _shown(moves: Iterable[Move], boxes: dict[str, Box]) -> list[Move]:
    found = [move for move in moves if {move.source, move.target} <= set(boxes)]
    most = max((move.journeys for move in found), default=0)
    return [move for move in found if move.journeys > most * LEAST_SHARE][:MOST_ARROWS]


def _told(move: Move) -> str:
    return f"{move.source_name} to {move.target_name}: {words.count(move.journeys)} journeys"


def _labelled(arrows: list[Arrow], taken: list[Rect]) -> Iterator[Arrow]:
    """Give each arrow the first place along it where its label covers nothing."""
    for made in arrows:
        spot = _free_spot(made, taken)
        if spot:
            taken.append(made.label_box(spot))
        yield made.labelled(spot)


def _free_spot(made: Arrow, taken: list[Rect]) -> Point | None:
    spots = (made.at(t) for t in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78))
    return next(
        (spot for spot in spots if not any(made.label_box(spot).meets(box) for box in taken)), None
    )
