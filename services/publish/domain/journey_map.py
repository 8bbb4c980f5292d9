"""The journey map: stages left to right, in each its touchpoints with people, drop-off, opinion."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemas.catalogue import Service, Touchpoint
from schemas.vocabulary import Initiator, Stage
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period

PEOPLE, CONTACTS, DROP_OFF = "touchpoint_journeys", "touchpoint_events", "step_dropoff"
SATISFACTION = ("satisfaction.linear", "satisfaction.top2")
_STAGES = {
    Stage.NEED: ("Need", "The citizen notices a need"),
    Stage.INFORMATION: ("Information", "Finding out what to do"),
    Stage.TRANSACTION: ("Transaction", "Doing it"),
    Stage.FOLLOW_UP: ("Follow-up", "What comes after"),
}
_ELSEWHERE = ("Elsewhere", "Touchpoints that the catalogue no longer names")


@dataclass(frozen=True)
class Card:
    """One touchpoint. `drop_off` is None where a journey cannot end by falling silent."""

    id: str
    name: str
    channels: str
    acts: str
    people: Figure
    people_share: float
    contacts: Figure
    drop_off: Figure | None
    satisfaction: tuple[Figure, ...]
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


def journey_map(service: Service, numbers: Numbers, period: Period) -> tuple[Column, ...]:
    """The columns of a service; a stage without touchpoints has none."""
    places = _places(service, numbers, period)
    busiest = max((_people(numbers, period, id_) for id_, _ in places), default=0)
    made = [(place, _card(numbers, period, id_, place, busiest)) for id_, place in places]
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


def _places(
    service: Service, numbers: Numbers, period: Period
) -> list[tuple[str, Touchpoint | None]]:
    """The catalogue's touchpoints, then those that only the numbers know."""
    named = [touchpoint.id for touchpoint in service.touchpoints]
    more = sorted(numbers.touchpoints_at(period) - set(named))
    return [(id_, service.by_touchpoint.get(id_)) for id_ in [*named, *more]]


def _people(numbers: Numbers, period: Period, touchpoint: str) -> int:
    message = numbers.first(period, PEOPLE, touchpoint)
    return message.n if message else 0


def _card(
    numbers: Numbers, period: Period, id_: str, place: Touchpoint | None, busiest: int
) -> Card:
    return Card(
        id=id_,
        name=place.name if place else id_,
        channels=_channels(place),
        acts=_acts(place),
        people=figure(numbers.first(period, PEOPLE, id_), PEOPLE),
        people_share=_people(numbers, period, id_) / busiest if busiest else 0,
        contacts=figure(numbers.first(period, CONTACTS, id_), CONTACTS),
        drop_off=_drop_off(numbers, period, id_, place),
        satisfaction=_satisfaction(numbers, period, id_),
    )


def _drop_off(
    numbers: Numbers, period: Period, id_: str, place: Touchpoint | None
) -> Figure | None:
    """Only a transaction can be left half done, and only by the citizen."""
    message = numbers.first(period, DROP_OFF, id_)
    if place is None:
        return figure(message, DROP_OFF) if message else None
    if place.stage is not Stage.TRANSACTION or place.initiator is not Initiator.CITIZEN:
        return None
    return figure(message, DROP_OFF)


def _satisfaction(numbers: Numbers, period: Period, id_: str) -> tuple[Figure, ...]:
    """Both scores of the survey with most answers here; the others stand in the JSON."""
    first = numbers.first(period, SATISFACTION[0], id_)
    found = [figure(first, SATISFACTION[0])]
    if first is not None:
        same = (
            m
            for m in numbers.find(period, SATISFACTION[1], id_)
            if m.dimensions == first.dimensions
        )
        found += [figure(m, SATISFACTION[1]) for m in same]
    return tuple(found)


def _marked(card: Card, worst: float) -> Card:
    if not worst or card.leavers < worst:
        return card
    return replace(card, most_leave_here=True)


def _channels(place: Touchpoint | None) -> str:
    if place is None or len(place.channels) > 4:
        return "any channel"
    return ", ".join(words.plain(channel) for channel in place.channels)


def _acts(place: Touchpoint | None) -> str:
    """Who acts here, when it is not the citizen."""
    if place is None or place.initiator is Initiator.CITIZEN:
        return ""
    return f"by the {place.initiator}"
