"""One arrow between two boxes: a cubic curve, its head, and where its label may stand."""

from dataclasses import dataclass, replace
from typing import NamedTuple

LETTER_WIDTH, LABEL_HEIGHT = 7.2, 14.0
BULGE, BULGE_STEP, MOST_BULGE = 24.0, 0.05, 44.0
HEAD = 9.0


class Point(NamedTuple):
    """A place on the drawing."""

    x: float
    y: float


class Rect(NamedTuple):
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def meets(self, other: "Rect") -> bool:
        """Whether the two have a point in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True)
class Arrow:
    """A curve by its four points. `label` stands at `spot`, or nowhere."""

    points: tuple[Point, Point, Point, Point]
    tip: Point
    width: float
    is_back: bool
    told: str
    label: str
    spot: Point | None = None

    @property
    def path(self) -> str:
        """The curve as an SVG path."""
        start, *bends = (f"{point.x:.1f} {point.y:.1f}" for point in self.points)
        return f"M{start} C{', '.join(bends)}"

    @property
    def head(self) -> str:
        """The head as the corners of a triangle, its tip on the box and its base on the curve."""
        base, half = self.points[3], HEAD / 2 + self.width * 0.55
        if self.tip.x == base.x:
            sides = (Point(base.x - half, base.y), Point(base.x + half, base.y))
        else:
            sides = (Point(base.x, base.y - half), Point(base.x, base.y + half))
        return " ".join(f"{corner.x:.1f},{corner.y:.1f}" for corner in (self.tip, *sides))

    def at(self, t: float) -> Point:
        """The point of the curve at 0 (its start) to 1 (its end)."""
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        return Point(
            sum(w * p.x for w, p in zip(weights, self.points, strict=True)),
            sum(w * p.y for w, p in zip(weights, self.points, strict=True)),
        )

    def label_box(self, spot: Point) -> Rect:
        """What the label covers when its middle is there."""
        width = len(self.label) * LETTER_WIDTH
        return Rect(spot.x - width / 2, spot.y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)

    def labelled(self, spot: Point | None) -> "Arrow":
        """The same arrow with its label there."""
        return replace(self, spot=spot)


class Course(NamedTuple):
    """Where an arrow begins and ends, and the two points that bend it."""

    start: Point
    first: Point
    second: Point
    tip: Point


def arrow(boxes: tuple[Rect, Rect], width: float, told: str, label: str) -> Arrow:
    """From one box to another: down between neighbours, round the side within a column, across
    between columns. Against the direction of reading it is a way back.
    """
    source, target = boxes
    is_back = target.x < source.x or (target.x == source.x and target.y < source.y)
    course = _course(source, target)
    return Arrow(_up_to_the_head(course), course.tip, width, is_back, told, label)


def _course(source: Rect, target: Rect) -> Course:
    if source.x != target.x:
        return _across(source, target)
    if 0 < target.y - source.bottom < source.height:
        return _down(source, target)
    return _round(source, target)


def _up_to_the_head(course: Course) -> tuple[Point, Point, Point, Point]:
    """The curve without the length of the head; every course ends level or upright."""
    tip, bend = course.tip, course.second
    if tip.x == bend.x:
        base = Point(tip.x, tip.y - (HEAD if tip.y > bend.y else -HEAD))
    else:
        base = Point(tip.x - (HEAD if tip.x > bend.x else -HEAD), tip.y)
    return course.start, course.first, bend, base


def _down(source: Rect, target: Rect) -> Course:
    start, tip = Point(source.middle.x, source.bottom), Point(target.middle.x, target.y)
    third = (tip.y - start.y) / 3
    return Course(start, Point(start.x, start.y + third), Point(tip.x, tip.y - third), tip)


def _round(source: Rect, target: Rect) -> Course:
    """Onwards at the right, back at the left."""
    is_back = target.y < source.y
    bulge = min(BULGE + BULGE_STEP * abs(target.y - source.y), MOST_BULGE) * 4 / 3
    side = -bulge if is_back else bulge
    start = Point(source.x if is_back else source.right, source.middle.y + source.height / 5)
    tip = Point(target.x if is_back else target.right, target.middle.y - target.height / 5)
    return Course(start, Point(start.x + side, start.y), Point(tip.x + side, tip.y), tip)


def _across(source: Rect, target: Rect) -> Course:
    is_back = target.x < source.x
    shift = source.height / 4 if is_back else 0.0
    start = Point(source.x if is_back else source.right, source.middle.y + shift)
    tip = Point(target.right if is_back else target.x, target.middle.y + shift)
    half = (tip.x - start.x) / 2
    return Course(start, Point(start.x + half, start.y), Point(tip.x - half, tip.y), tip)
