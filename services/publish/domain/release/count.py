"""One number of journeys, offers or answers: what it is called, and what adds up to what."""

from datetime import datetime
from typing import NamedTuple

from schemas.vocabulary import PeriodKind

ALL = "all"


class Place(NamedTuple):
    """Whose it is: an agency's, a service's or a touchpoint's."""

    agency: str
    service: str | None = None
    touchpoint: str | None = None


class Span(NamedTuple):
    """A calendar period."""

    kind: PeriodKind
    start: datetime
    end: datetime


class Table(NamedTuple):
    """Counts that share what they are counts of, where and when. `ground` says of what: ended
    journeys, or the answers to one question.
    """

    ground: str
    place: Place
    span: Span


class Count(NamedTuple):
    """One count of a table by its name: `all`, an outcome, those completed within a day."""

    table: Table
    name: str


class Equation(NamedTuple):
    """What everybody may know of the true counts: the whole is the sum of its parts."""

    whole: Count
    parts: tuple[Count, ...]

    @property
    def is_over_time(self) -> bool:
        """Whether the parts are months of a quarter."""
        return any(part.table.span != self.whole.table.span for part in self.parts)

    @property
    def is_over_services(self) -> bool:
        """Whether the parts are services of an agency."""
        is_agency = self.whole.table.place.service is None
        return is_agency and any(part.table.place.service for part in self.parts)


def rest(whole: str, part: str) -> str:
    """The name of what is in the whole and not in the part."""
    return f"{whole} less {part}"
