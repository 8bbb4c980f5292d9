"""The expected numbers: plain sums over what the stories state, by month, quarter and window.

Nothing here reads an event or knows a deadline: a story has already said when and how it ended.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from deploy.demo.facts import Glimpse, JourneyTruth
from deploy.demo.truth.book import Book, Days
from deploy.demo.truth.gates import state_of
from deploy.demo.truth.parts import Dimensions
from deploy.demo.truth.scores import Number, number_of
from deploy.demo.truth.ways import MOST_WAYS, most_frequent
from deploy.demo.truth.whole import adjusted, impacts
from deploy.demo.truth.windows import Window, windows
from schemas.catalogue import Catalogue
from schemas.vocabulary import ROLLING, Level, PeriodKind

CALENDAR = (PeriodKind.MONTH, PeriodKind.QUARTER)
PERIODS = (*CALENDAR, *sorted(ROLLING))


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
    """A service's numbers of one period, or those of an agency; of a window it may be one of
    several.
    """

    agency: str
    service: str | None
    period: PeriodKind
    start: datetime
    window: Window | None = None

    def key(self, metric: str, level: Level, dimensions: Dimensions) -> Key:
        level = Level.AGENCY if self.service is None else level
        return Key(metric, level, self.agency, self.service, dimensions, self.period, self.start)


def expected(
    catalogue: Catalogue,
    journeys: Iterable[JourneyTruth],
    glimpses: Iterable[Glimpse],
    now: datetime | None = None,
) -> dict[Key, Number]:
    """Every number of a month or a quarter that must come out, and of the windows up to `now`."""
    days = {name: Days(service.zone) for name, service in catalogue.services.items()}
    for journey in journeys:
        days[journey.service].enter_journey(journey)
    for glimpse in glimpses:
        days[glimpse.service].enter_glimpse(glimpse)
    books: dict[_Scope, Book] = defaultdict(Book)
    for name, own in days.items():
        zone, agency = catalogue.services[name].zone, catalogue.agency_of[name]
        spans = () if now is None else windows(now, zone)
        for scope, book in (*_calendar(own, agency, zone), *_rolling(own, agency, spans)):
            books[replace(scope, service=name)].join(book)
            books[scope].join(book)
    told = (number for scope, book in books.items() for number in _told(scope, book))
    return {key: number for key, number in told if number.says_something}


def _calendar(days: Days, agency: str, zone: ZoneInfo) -> Iterator[tuple[_Scope, Book]]:
    """A month counts in itself and in its quarter."""
    for month, book in days.months().items():
        for period in CALENDAR:
            yield _Scope(agency, None, period, _first_instant(month, period, zone)), book


def _rolling(days: Days, agency: str, spans: Iterable[Window]) -> Iterator[tuple[_Scope, Book]]:
    for window in spans:
        yield _Scope(agency, None, window.kind, window.start, window), days.of(window)


def _first_instant(month: date, period: PeriodKind, zone: ZoneInfo) -> datetime:
    number = month.month if period is PeriodKind.MONTH else month.month - (month.month - 1) % 3
    return datetime(month.year, number, 1, tzinfo=zone).astimezone(UTC)


def _told(scope: _Scope, book: Book) -> Iterator[tuple[Key, Number]]:
    window = scope.window
    for metric, level, dimensions, number in _of_book(scope, book):
        if window is None or window.tells_of(metric):
            key = scope.key(metric, level, dimensions)
            state = state_of(metric, key.level, dimensions, number.n)
            yield key, replace(number, state=state)


def _of_book(scope: _Scope, book: Book) -> Iterator[tuple[str, Level, Dimensions, Number]]:
    ended = book.strata.total()
    for (metric, level, dimensions), sums in most_frequent(book.sums, MOST_WAYS).items():
        if scope.service is not None or level is not Level.TOUCHPOINT:
            yield metric, level, dimensions, number_of(metric, dimensions, sums, ended)
    for asked, number in adjusted(book.said, book.strata):
        yield "satisfaction.linear.adjusted", Level.SERVICE, asked, number
    if scope.service is not None:
        for where, number in impacts(book.said):
            yield "touchpoint_impact", Level.TOUCHPOINT, where, number
