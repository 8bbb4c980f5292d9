"""The page of one touchpoint: its scores, why people leave here, where they come from and go."""

from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Service, Touchpoint
from schemas.vocabulary import Channel
from services.publish.domain.beside import Beside, beside
from services.publish.domain.figure import Figure
from services.publish.domain.heading import Heading, heading
from services.publish.domain.improvements import Improvement
from services.publish.domain.journey_map import (
    DROP_OFF,
    HELP,
    PEOPLE,
    SATISFACTION,
    TRUST,
    Card,
    acts,
    can_be_left,
    cards_of,
    journey_map,
    stage_name,
)
from services.publish.domain.leaving import Why, reasons
from services.publish.domain.numbers import is_hidden
from services.publish.domain.paths import Move, flow
from services.publish.domain.scorecard import events, figures_of
from services.publish.domain.sections import Section, asked_about_touchpoints, sections
from services.publish.domain.trend import Trend, trends_at
from services.publish.domain.view import View

SHOWN_MOVES = 6


@dataclass(frozen=True)
class TouchpointCard:
    """Everything about one touchpoint in one period."""

    service_id: str
    service_name: str
    id: str
    name: str
    stage: str
    channels: tuple[Channel, ...]
    acts: str
    heading: Heading
    headlines: tuple[Figure, ...]
    reasons: tuple[Why, ...]
    came_from: tuple[Move, ...]
    went_to: tuple[Move, ...]
    sections: tuple[Section, ...]
    beside: tuple[Beside, ...]
    trends: tuple[Trend, ...]
    improvements: tuple[Improvement, ...]
    previous: Card | None
    following: Card | None


def touchpoint_card(
    service: Service, view: View, made: tuple[Improvement, ...], now: datetime
) -> TouchpointCard:
    """The page of the touchpoint of the view, which is one of the service's catalogue."""
    id_ = view.touchpoint or ""
    place = service.by_touchpoint[id_]
    previous, following = _neighbours(service, view)
    shown = sections(view, asked_about_touchpoints(service))
    here = tuple(one for one in made if one.touchpoint == id_)
    moves = flow(service, View(view.numbers, view.period)).moves
    return TouchpointCard(
        service_id=service.id,
        service_name=service.name,
        id=id_,
        name=place.name,
        stage=stage_name(place.stage),
        channels=place.channels,
        acts=acts(place),
        heading=heading(view, service.zone, now, figures_of(shown)),
        headlines=_headlines(view, place),
        reasons=_reasons(view),
        came_from=tuple(move for move in moves if move.target == id_)[:SHOWN_MOVES],
        went_to=tuple(move for move in moves if move.source == id_)[:SHOWN_MOVES],
        sections=shown,
        beside=beside(view),
        trends=trends_at(view.numbers, id_, events(here)),
        improvements=here,
        previous=previous,
        following=following,
    )


def _neighbours(service: Service, view: View) -> tuple[Card | None, Card | None]:
    """The touchpoints before and after it on the map; none of one that is not on it."""
    cards = cards_of(journey_map(service, View(view.numbers, view.period)))
    ids = [card.id for card in cards]
    if view.touchpoint not in ids:
        return None, None
    at = ids.index(view.touchpoint)
    return cards[at - 1] if at else None, cards[at + 1] if at + 1 < len(cards) else None


def _headlines(view: View, place: Touchpoint) -> tuple[Figure, ...]:
    """The same scores as on the map; trust only where somebody was asked."""
    leaving = (DROP_OFF, HELP) if can_be_left(place) else ()
    trust = (TRUST,) if view.message(TRUST) else ()
    return tuple(view.figure(id_) for id_ in (PEOPLE, *leaving, SATISFACTION, *trust))


def _reasons(view: View) -> tuple[Why, ...]:
    message = view.message(DROP_OFF)
    if message is None or is_hidden(message):
        return ()
    return reasons(message.distribution or {})
