"""What the numbers of one span are made from, and that of every day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from deploy.demo.facts import Glimpse, JourneyTruth
from deploy.demo.truth import beside, contacts, course, opinion, people, times
from deploy.demo.truth.parts import Dimensions, Part
from deploy.demo.truth.scores import Sums
from deploy.demo.truth.whole import Said, gap_of, said_of, stratum_of
from deploy.demo.truth.windows import Window
from schemas.vocabulary import Level, Provenance, Quality

_OF_JOURNEYS = (course, times, contacts, opinion, people)


@dataclass
class Book:
    """Sums, and what no sum tells: the answers about the whole, and how journeys ended."""

    sums: dict[tuple[str, Level, Dimensions], Sums] = field(
        default_factory=lambda: defaultdict(Sums)
    )
    said: list[Said] = field(default_factory=list)
    strata: Counter[tuple[str, str]] = field(default_factory=Counter)

    def join(self, other: "Book", metrics: Collection[str] | None = None) -> None:
        """All that is in another one, or all of these measures."""
        for cell, sums in other.sums.items():
            if metrics is None or cell[0] in metrics:
                self.sums[cell].join(sums)
        self.said += other.said
        self.strata.update(other.strata)


class Days:
    """The days of one service, filled by facts."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[date, Book] = defaultdict(Book)

    def enter_journey(self, journey: JourneyTruth) -> None:
        """Adds one journey wherever it counts."""
        for module in _OF_JOURNEYS:
            self._add(module.of_journey(journey))
        self._add(gap_of(journey))
        for time, said in said_of(journey):
            self._at(time).said.append(said)
        self._at(journey.ended).strata[stratum_of(journey)] += 1

    def enter_glimpse(self, glimpse: Glimpse) -> None:
        """Adds somebody without a name, or what was told of many."""
        if glimpse.provenance is not Provenance.OBSERVED:
            self._add(beside.of_glimpse(glimpse))
            return
        self._add(people.of_glimpse(glimpse))
        if glimpse.quality is Quality.VALID:
            for module in (course, contacts, opinion):
                self._add(module.of_glimpse(glimpse))

    def months(self) -> dict[date, Book]:
        """By the first day of each."""
        found: dict[date, Book] = defaultdict(Book)
        for day, book in self._days.items():
            found[day.replace(day=1)].join(book)
        return found

    def of(self, window: Window) -> Book:
        """All that is told of a window."""
        found = Book()
        metrics = {cell[0] for book in self._days.values() for cell in book.sums}
        told = {metric for metric in metrics if window.tells_of(metric)}
        for book in self._between(window):
            found.join(book, told)
        return found

    def _between(self, window: Window) -> Iterator[Book]:
        first, beyond = (at.astimezone(self._zone).date() for at in (window.start, window.end))
        for day, book in self._days.items():
            if first <= day < beyond:
                yield book

    def _add(self, parts: Iterable[Part]) -> None:
        for part in parts:
            cell = (part.metric, part.level, part.dimensions)
            self._at(part.time).sums[cell].add(part)

    def _at(self, time: datetime) -> Book:
        return self._days[time.astimezone(self._zone).date()]
