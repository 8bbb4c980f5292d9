"""The ways people take: the most frequent paths, and from them who goes from where to where."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from schemas.catalogue import Service
from schemas.metric import MetricMessage
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.numbers import is_hidden
from services.publish.domain.view import View

SHARE, COMPLETION, SATISFACTION = "path_share", "path_completion", "path_satisfaction"
OTHER, CUT, CAME_BACK = "other", "…", "*"
SHOWN = 10


@dataclass(frozen=True)
class Step:
    """One touchpoint on a path; the last may stand for more that followed."""

    touchpoint: str
    name: str
    came_back: bool


@dataclass(frozen=True)
class Path:
    """One way through the service, in the order of the first visits."""

    steps: tuple[Step, ...]
    is_cut: bool
    share: Figure
    completion: Figure
    satisfaction: Figure | None


@dataclass(frozen=True)
class Move:
    """How many journeys went from one touchpoint straight to another."""

    source: str
    target: str
    source_name: str
    target_name: str
    journeys: int


@dataclass(frozen=True)
class Flow:
    """The moves, the most frequent first, and of how many journeys they tell."""

    moves: tuple[Move, ...]
    told: int
    ended: int

    @property
    def covered(self) -> str:
        """Of which part of the journeys the paths are told."""
        return words.percent(self.told / self.ended) if self.ended else ""


def paths(service: Service, view: View) -> tuple[Path, ...]:
    """The most frequent paths of a period; none where none is told."""
    found = [message for message in view.parts(SHARE) if _label(message) != OTHER]
    found.sort(key=lambda message: (-(message.numerator or 0), _label(message)))
    return tuple(_path(service, view, message) for message in found[:SHOWN])


def flow(service: Service, view: View) -> Flow:
    """Who goes from where to where, added up from every path that is told."""
    counted: Counter[tuple[str, str]] = Counter()
    told = 0
    shown = [message for message in view.parts(SHARE) if not is_hidden(message)]
    for message in shown:
        if _label(message) == OTHER:
            continue
        journeys = int(message.numerator or 0)
        told += journeys
        for move in pairwise(_touchpoints(_label(message))):
            counted[move] += journeys
    moves = (_move(service, *move, n) for move, n in counted.most_common())
    ended = max((message.n for message in shown), default=0)
    return Flow(tuple(moves), told, ended)


def _path(service: Service, view: View, message: MetricMessage) -> Path:
    label = _label(message)
    of_label = {id_: _of(view, id_, label) for id_ in (COMPLETION, SATISFACTION)}
    satisfied = of_label[SATISFACTION]
    return Path(
        steps=tuple(_step(service, part) for part in label.split(" > ") if part != CUT),
        is_cut=label.endswith(CUT),
        share=figure(message, SHARE),
        completion=figure(of_label[COMPLETION], COMPLETION),
        satisfaction=figure(satisfied, SATISFACTION) if satisfied else None,
    )


def _of(view: View, metric_id: str, label: str) -> MetricMessage | None:
    return next((one for one in view.parts(metric_id) if _label(one) == label), None)


def _label(message: MetricMessage) -> str:
    return message.dimensions.path or OTHER


def _touchpoints(label: str) -> list[str]:
    return [part.removesuffix(CAME_BACK) for part in label.split(" > ") if part != CUT]


def _step(service: Service, part: str) -> Step:
    id_ = part.removesuffix(CAME_BACK)
    return Step(id_, _name(service, id_), came_back=part.endswith(CAME_BACK))


def _move(service: Service, source: str, target: str, journeys: int) -> Move:
    return Move(source, target, _name(service, source), _name(service, target), journeys)


def _name(service: Service, touchpoint: str) -> str:
    place = service.by_touchpoint.get(touchpoint)
    return place.name if place else touchpoint
