"""Where people leave and why: every step that can be left, the one that most leave first."""

from dataclasses import dataclass

from schemas.catalogue import Service
from services.publish.domain.figure import Figure
from services.publish.domain.journey_map import DROP_OFF, HELP
from services.publish.domain.numbers import is_hidden
from services.publish.domain.outcomes import name_of
from services.publish.domain.view import View


@dataclass(frozen=True)
class Why:
    """How many left for one reason; `share` is of those who left here."""

    reason: str
    name: str
    n: int
    share: float


@dataclass(frozen=True)
class Leaving:
    """One step: who ended there incomplete, for which reasons, and who asked for help after it."""

    touchpoint: str
    name: str
    drop_off: Figure
    reasons: tuple[Why, ...]
    help_sought: Figure


def leaving(service: Service, view: View) -> tuple[Leaving, ...]:
    """Every step where somebody left, the most frequent first."""
    ids = sorted(view.numbers.at(view.period).touchpoints)
    found = [made for id_ in ids if (made := _at(service, view.at(id_), id_))]
    return tuple(sorted(found, key=lambda step: -step.drop_off.count))


def _at(service: Service, view: View, id_: str) -> Leaving | None:
    message = view.message(DROP_OFF)
    if message is None or not message.numerator:
        return None
    place = service.by_touchpoint.get(id_)
    return Leaving(
        touchpoint=id_,
        name=place.name if place else id_,
        drop_off=view.figure(DROP_OFF),
        reasons=() if is_hidden(message) else reasons(message.distribution or {}),
        help_sought=view.figure(HELP),
    )


def reasons(distribution: dict[str, int]) -> tuple[Why, ...]:
    """The reasons, the most frequent first."""
    total = sum(distribution.values())
    found = sorted(distribution.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Why(word, name_of(word), n, n / total) for word, n in found if n)
