"""Where people go in circles: the touchpoints that they come back to, most of them first."""

from schemas.catalogue import Service
from services.publish.domain.breakdown import Breakdown, Part
from services.publish.domain.measures import measure_of
from services.publish.domain.view import View

LOOPS = "loop_share"
SHOWN = 8


def loops(service: Service, view: View) -> Breakdown | None:
    """The touchpoints that somebody came back to; None where nobody did."""
    found = [
        _part(service, id_, view.at(id_))
        for id_ in sorted(view.numbers.at(view.period).touchpoints)
        if view.at(id_).message(LOOPS)
    ]
    circles = [part for part in found if part.figure.value]
    circles.sort(key=lambda part: -(part.figure.value or 0))
    if not circles:
        return None
    return Breakdown(LOOPS, measure_of(LOOPS), "touchpoint", "", tuple(circles[:SHOWN]))


def _part(service: Service, id_: str, view: View) -> Part:
    place, shown = service.by_touchpoint.get(id_), view.figure(LOOPS)
    return Part(id_, place.name if place else id_, shown, shown.value)
