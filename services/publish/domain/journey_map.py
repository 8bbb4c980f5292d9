"""The journey map: stages left to right, in each its touchpoints with people, drop-off, opinion."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemas.catalogue import Service, Touchpoint
from schemas.vocabulary import Channel, Initiator, Stage
from services.publish.domain.figure import Figure
from services.publish.domain.numbers import is_hidden
from services.publish.domain.view import View

PEOPLE, EVENTS, DROP_OFF = "touchpoint_journeys", "touchpoint_events", "step_dropoff"
HELP, SATISFACTION, TRUST = "help_sought", "satisfaction.linear", "trust.positive"
_STAGES = {
    Stage.NEED: ("Need", "The citizen notices a need"),
    Stage.INFORMATION: ("Information", "Finding out what to do"),
    Stage.TRANSACTION: ("Transaction", "Doing it"),
    Stage.FOLLOW_UP: ("Follow-up", "What comes after"),
}
_ELSEWHERE = ("Elsewhere", "Touchpoints that the catalogue no longer names")


@dataclass(frozen=True)
class Card:
    """One touchpoint. `drop_off` and `help_sought` are None where a journey cannot end by falling
    silent; `people_share` is the journeys here as a share of those at the busiest place.
    """

    id: str
    name: str
    channels: tuple[Channel, ...]
    acts: str
    people: Figure
    people_share: float
    events: Figure
    drop_off: Figure | None
    help_sought: Figure | None
    satisfaction: Figure
    trust: Figure | None
    most_leave_here: bool = False

    @property
    def leavers(self) -> float:
        """How many journeys ended here incomplete."""
        return self.drop_off.count if self.drop_off else 0


@dataclass(frozen=True)
class Column:
    """One stage with its touchpoints in the catalogue's order."""

    name: str
    meaning: str
    cards: tuple[Card, ...]


def journey_map(service: Service, view: View) -> tuple[Column, ...]:
    """The columns of a service; a stage without touchpoints has none."""
    places = _places(service, view)
    busiest = max((_people(view.at(id_)) for id_, _ in places), default=0)
    made = [(place, _card(view.at(id_), id_, place, busiest)) for id_, place in places]
    worst = max((card.leavers for _, card in made), default=0)
    cards = [(place, _marked(card, worst)) for place, card in made]
    columns = [
        Column(*told, tuple(card for place, card in cards if place and place.stage is stage))
        for stage, told in _STAGES.items()
    ]
    columns.append(Column(*_ELSEWHERE, tuple(card for place, card in cards if place is None)))
    return tuple(column for column in columns if column.cards)


def cards_of(columns: Iterable[Column]) -> list[Card]:
    """All cards of a map, left to right."""
    return [card for column in columns for card in column.cards]


def stage_name(stage: Stage) -> str:
    """How a stage is called on a page."""
    return _STAGES[stage][0]


def can_be_left(place: Touchpoint | None) -> bool:
    """Whether a journey can end here by falling silent: only a transaction can be left half done,
    and only by the citizen. Of a place that left the catalogue nobody knows any more.
    """
    if place is None:
        return True
    return place.stage is Stage.TRANSACTION and place.initiator is Initiator.CITIZEN


def acts(place: Touchpoint | None) -> str:
    """Who acts here, when it is not the citizen."""
    if place is None or place.initiator is Initiator.CITIZEN:
        return ""
    return f"by the {place.initiator}"


def _places(service: Service, view: View) -> list[tuple[str, Touchpoint | None]]:
    """The catalogue's touchpoints, then those that only the numbers know."""
    named = [touchpoint.id for touchpoint in service.touchpoints]
    more = sorted(view.numbers.at(view.period).touchpoints - set(named))
    return [(id_, service.by_touchpoint.get(id_)) for id_ in [*named, *more]]


def _people(view: View) -> int:
    message = view.message(PEOPLE)
    return 0 if message is None or is_hidden(message) else message.n


def _card(view: View, id_: str, place: Touchpoint | None, busiest: int) -> Card:
    return Card(
        id=id_,
        name=place.name if place else id_,
        channels=place.channels if place else (),
        acts=acts(place),
        people=view.figure(PEOPLE),
        people_share=_people(view) / busiest if busiest else 0,
        events=view.figure(EVENTS),
        drop_off=_of_leaving(view, DROP_OFF, place),
        help_sought=_of_leaving(view, HELP, place),
        satisfaction=view.figure(SATISFACTION),
        trust=view.figure(TRUST) if view.message(TRUST) else None,
    )


def _of_leaving(view: View, metric_id: str, place: Touchpoint | None) -> Figure | None:
    is_known = place is not None or view.message(metric_id) is not None
    return view.figure(metric_id) if is_known and can_be_left(place) else None


def _marked(card: Card, worst: float) -> Card:
    if not worst or card.leavers < worst:
        return card
    return replace(card, most_leave_here=True)
