"""The page of one touchpoint: its scores, why people leave here, where they come from and go."""

from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Service
from schemas.vocabulary import Channel
from services.publish.domain.figure import Figure
from services.publish.domain.heading import Heading, heading
from services.publish.domain.improvements import Improvement
from services.publish.domain.journey_map import Card, acts, cards_of, journey_map, stage_name
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
    card, previous, following = _neighbours(service, view)
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
        headlines=_headlines(card),
        reasons=_reasons(view),
        came_from=tuple(move for move in moves if move.target == id_)[:SHOWN_MOVES],
        went_to=tuple(move for move in moves if move.source == id_)[:SHOWN_MOVES],
        sections=shown,
        trends=trends_at(view.numbers, id_, events(here)),
        improvements=here,
        previous=previous,
        following=following,
    )


def _neighbours(service: Service, view: View) -> tuple[Card, Card | None, Card | None]:
    """The touchpoint's card on the map, and those before and after it."""
    cards = cards_of(journey_map(service, View(view.numbers, view.period)))
    at = next(index for index, card in enumerate(cards) if card.id == view.touchpoint)
    return cards[at], cards[at - 1] if at else None, cards[at + 1] if at + 1 < len(cards) else None


def _headlines(card: Card) -> tuple[Figure, ...]:
    found = (card.people, card.drop_off, card.help_sought, card.satisfaction, card.trust)
    return tuple(figure for figure in found if figure is not None)


def _reasons(view: View) -> tuple[Why, ...]:
    message = view.message("step_dropoff")
    if message is None or is_hidden(message):
        return ()
    return reasons(message.distribution or {})
