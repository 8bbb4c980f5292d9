"""What every page says first: whose numbers, of which period, how far they go."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.publish.domain import words
from services.publish.domain.as_of import AsOf, as_of
from services.publish.domain.choices import Choices, choices
from services.publish.domain.figure import Figure
from services.publish.domain.view import View


@dataclass(frozen=True)
class Heading:
    """The period that is shown, its dates, the choices of others, and how far every clock is."""

    period: str
    title: str
    span: str
    as_of: tuple[AsOf, ...]
    choices: tuple[Choices, ...]
    is_provisional: bool
    is_revised: bool


def heading(view: View, zone: ZoneInfo, now: datetime, figures: tuple[Figure, ...]) -> Heading:
    """The heading of a page that shows these figures. `now` only tells whether progress comes."""
    return Heading(
        period=view.period.name,
        title=view.period.title,
        span=_span(view, zone),
        as_of=as_of(view.numbers, zone, now),
        choices=choices(view.numbers, view.period),
        is_provisional=any(figure.is_provisional for figure in figures),
        is_revised=any(figure.is_revised for figure in figures),
    )


def _span(view: View, zone: ZoneInfo) -> str:
    """The dates of the period; they are the same in all its messages that are not shifted."""
    numbers, period = view.numbers, view.period
    found = numbers.first(period, "journeys_ended") or next(iter(numbers.at(period)), None)
    return words.span(found.period_start, found.period_end, zone) if found else ""
