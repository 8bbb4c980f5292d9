"""The expected numbers: plain sums over what the stories state, by month and by quarter.

Nothing here reads an event or knows a deadline: a story has already said when and how it ended.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from deploy.demo.facts import Glimpse, JourneyTruth
from deploy.demo.truth import contacts, course, opinion, people, times
from deploy.demo.truth.gates import state_of
from deploy.demo.truth.parts import Dimensions, Part
from deploy.demo.truth.scores import Number, Sums, number_of
from deploy.demo.truth.ways import MOST_WAYS, most_frequent
from deploy.demo.truth.whole import Said, adjusted, gap_of, impacts, said_of, stratum_of
from schemas.catalogue import Catalogue
from schemas.vocabulary import Level, PeriodKind, Quality

PERIODS = (PeriodKind.MONTH, PeriodKind.QUARTER)
_OF_JOURNEYS = (course, times, contacts, opinion, people)


@dataclass(frozen=True, order=True)
class Key:
    """Which number: of an agency where `service` is None. `start` is the period's, in UTC."""

    metric: str
    level: Level
    agency: str
    service: str | None
    dimensions: Dimensions
    period: PeriodKind
    start: datetime


@dataclass(frozen=True)
class _Scope:
    """A service's numbers of one period, or those of an agency."""

    agency: str
    service: str | None
    period: PeriodKind
    start: datetime

    def key(self, metric: str, level: Level, dimensions: Dimensions) -> Key:
        level = Level.AGENCY if self.service is None else level
        return Key(metric, level, self.agency, self.service, dimensions, self.period, self.start)


@dataclass
class _Book:
    """What one scope is summed up from."""

    sums: dict[tuple[str, Level, Dimensions], Sums] = field(
        default_factory=lambda: defaultdict(Sums)
    )
    said: list[Said] = field(default_factory=list)
    strata: Counter[tuple[str, str]] = field(default_factory=Counter)

    def join(self, other: "_Book") -> None:
        """All that is in another one."""
        for cell, sums in other.sums.items():
            self.sums[cell].join(sums)
        self.said += other.said
        self.strata.update(other.strata)


class Books:
    """The months of all services of a catalogue, filled by facts."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._months: dict[tuple[str, datetime], _Book] = defaultdict(_Book)
        self._of_day: dict[tuple[str, date], _Book] = {}

    def enter_journey(self, journey: JourneyTruth) -> None:
        """Adds one journey wherever it counts."""
        service = journey.service
        for module in _OF_JOURNEYS:
            self._add(service, module.of_journey(journey))
        self._add(service, gap_of(journey))
        for time, said in said_of(journey):
            self._at(service, time).said.append(said)
        self._at(service, journey.ended).strata[stratum_of(journey)] += 1

    def enter_glimpse(self, glimpse: Glimpse) -> None:
        """Adds somebody without a name."""
        self._add(glimpse.service, people.of_glimpse(glimpse))
        if glimpse.quality is Quality.VALID:
            for module in (course, contacts, opinion):
                self._add(glimpse.service, module.of_glimpse(glimpse))

    def numbers(self) -> dict[Key, Number]:
        """Every number that says something."""
        books: dict[_Scope, _Book] = defaultdict(_Book)
        for (service, month), book in self._months.items():
            for scope in self._scopes(service, month):
                books[scope].join(book)
        return {
            key: replace(number, state=state_of(key.metric, key.level, key.dimensions, number.n))
            for scope, book in books.items()
            for key, number in _told(scope, book)
            if number.says_something
        }

    def _add(self, service: str, parts: Iterable[Part]) -> None:
        for part in parts:
            cell = (part.metric, part.level, part.dimensions)
            self._at(service, part.time).sums[cell].add(part)

    def _at(self, service: str, time: datetime) -> _Book:
        local = time.astimezone(self._catalogue.services[service].zone)
        day = (service, local.date())
        if day not in self._of_day:
            self._of_day[day] = self._months[service, _first_day(local, PeriodKind.MONTH)]
        return self._of_day[day]

    def _scopes(self, service: str, month: datetime) -> Iterator[_Scope]:
        """A month counts in itself and in its quarter, of the service and of its agency."""
        agency = self._catalogue.agency_of[service]
        for period in PERIODS:
            start = _first_day(month, period).astimezone(UTC)
            for name in (service, None):
                yield _Scope(agency, name, period, start)


def expected(
    catalogue: Catalogue, journeys: Iterable[JourneyTruth], glimpses: Iterable[Glimpse]
) -> dict[Key, Number]:
    """Every number of a month or a quarter that must come out."""
    books = Books(catalogue)
    for journey in journeys:
        books.enter_journey(journey)
    for glimpse in glimpses:
        books.enter_glimpse(glimpse)
    return books.numbers()


def _first_day(local: datetime, period: PeriodKind) -> datetime:
    """The first instant of the month or quarter that a local time lies in."""
    month = local.month if period is PeriodKind.MONTH else local.month - (local.month - 1) % 3
    return local.replace(month=month, day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)


def _told(scope: _Scope, book: _Book) -> Iterator[tuple[Key, Number]]:
    ended = book.strata.total()
    kept = most_frequent(book.sums, MOST_WAYS)
    for (metric, level, dimensions), sums in kept.items():
        if scope.service is None and level is Level.TOUCHPOINT:
            continue
        yield scope.key(metric, level, dimensions), number_of(metric, dimensions, sums, ended)
    for asked, number in adjusted(book.said, book.strata):
        yield scope.key("satisfaction.linear.adjusted", Level.SERVICE, asked), number
    if scope.service is not None:
        for where, number in impacts(book.said):
            yield scope.key("touchpoint_impact", Level.TOUCHPOINT, where), number
