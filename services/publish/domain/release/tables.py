"""All counts of the numbers that may become public, and every equation between them.

The lattice: outcomes, channels and answers add up to their table, months to quarters, services to
their agency, those lost at touchpoints to those a service lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from schemas.metric import MetricMessage, key_of
from schemas.vocabulary import PeriodKind
from services.publish.domain.release.cell import Cell, Told
from services.publish.domain.release.count import Count, Equation, Place, Span, Table, rest
from services.publish.domain.release.lattice import holds, lattice, lost_elsewhere
from services.publish.domain.release.measures import CHAINS, MEASURES, SUMS
from services.publish.domain.release.people import People, people_of

CALENDAR = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER})


@dataclass(frozen=True)
class Statistic:
    """One number to be released or hidden as a whole. `message` is the internal one it is from,
    with the dimension of its part where it is one part of that.
    """

    key: str
    message: MetricMessage
    table: Table
    cell: Cell

    @property
    def shows(self) -> tuple[Count, ...]:
        """The counts that would be published."""
        return tuple(Count(self.table, name) for name in self.cell.shows)

    @property
    def tells(self) -> tuple[Count, ...]:
        """Those, and the ones that anybody could subtract from them."""
        return (*self.shows, *(Count(self.table, name) for name in self.cell.gives_away))

    @property
    def secret(self) -> tuple[Count, ...]:
        """The counts that stay hidden with it."""
        return tuple(Count(self.table, name) for name in self.cell.secret)


@dataclass(frozen=True)
class Proportion:
    """A count that is told as a part of another."""

    part: Count
    whole: Count
    left: Count


@dataclass(frozen=True)
class Tables:
    """Exact counts, what holds between them, and what could be released of them. `people` has who
    is behind a count where that was told, and `at_agencies` what follows of it from their services:
    the least there are, but not how many of them came or went.
    """

    counts: Mapping[Count, int]
    equations: tuple[Equation, ...]
    statistics: Mapping[str, Statistic]
    proportions: tuple[Proportion, ...]
    people: Mapping[Count, People]
    at_agencies: Mapping[Count, People]

    def behind(self, count: Count) -> People | None:
        """Who is behind a count, at least; None where nobody knows."""
        return self.people.get(count, self.at_agencies.get(count))


def is_public(message: MetricMessage) -> bool:
    """Whether it is of a measure and of a period that may become public."""
    return message.metric_id in MEASURES and message.period in CALENDAR


def tables(messages: Iterable[MetricMessage]) -> Tables:
    """The tables of internal messages; those that never become public are passed over."""
    building = _Building()
    for message in sorted(filter(is_public, messages), key=key_of):
        building.add(message)
    building.add_differences()
    building.counts |= lost_elsewhere(building.counts)
    found = dict.fromkeys((*building.equations, *lattice(building.counts)))
    equations = tuple(one for one in found if holds(one, building.counts))
    return Tables(
        counts=building.counts,
        equations=equations,
        statistics=building.statistics,
        proportions=tuple(dict.fromkeys(building.proportions)),
        people=building.people,
        at_agencies=dict(_at_agencies(equations, building.people)),
    )


def span_of(message: MetricMessage) -> Span:
    """The calendar period of a message."""
    return Span(message.period, message.period_start, message.period_end)


def _at_agencies(
    equations: Iterable[Equation], people: Mapping[Count, People]
) -> Iterator[tuple[Count, People]]:
    """Who is behind the counts of agencies: whoever is behind those of its services, but nobody
    knows how many came to several.
    """
    for equation in equations:
        known = [people[part] for part in equation.parts if part in people]
        if equation.is_over_services and len(known) == len(equation.parts):
            yield equation.whole, People.together(known)


class _Building:
    """Tables while they are filled, message by message."""

    def __init__(self) -> None:
        self.counts: dict[Count, int] = {}
        self.equations: list[Equation] = []
        self.statistics: dict[str, Statistic] = {}
        self.proportions: list[Proportion] = []
        self.people: dict[Count, People] = {}

    def add(self, message: MetricMessage) -> None:
        """Take in what one message tells."""
        public, dimensions = MEASURES[message.metric_id], message.dimensions
        ground = public.ground.format_map(dimensions.model_dump())
        place = Place(dimensions.agency, dimensions.service, dimensions.touchpoint)
        table = Table(ground, place, span_of(message))
        told = public.read(message)
        self._take_in(table, told)
        self._know(table, people_of(message, public.read))
        for cell in told.cells:
            statistic = _statistic(message, table, cell)
            self.statistics[statistic.key] = statistic

    def add_differences(self) -> None:
        """What lies between counts that contain one another, and sums that measures share."""
        for table in dict.fromkeys(count.table for count in self.counts):
            for chain in CHAINS.get(table.ground, ()):
                self._add_chain(table, chain)
            for whole, parts in SUMS.get(table.ground, ()):
                self._add_up(table, whole, parts)

    def _add_chain(self, table: Table, chain: tuple[str, ...]) -> None:
        here = [name for name in chain if Count(table, name) in self.counts]
        for smaller, larger in pairwise(here):
            left = rest(larger, smaller)
            between = self.counts[Count(table, larger)] - self.counts[Count(table, smaller)]
            if between >= 0:
                self.counts[Count(table, left)] = between
                self._know_difference(table, larger, smaller)
                self._add_up(table, larger, (smaller, left))

    def _know_difference(self, table: Table, larger: str, smaller: str) -> None:
        whole, part = (self.people.get(Count(table, name)) for name in (larger, smaller))
        if whole is not None and part is not None:
            self.people[Count(table, rest(larger, smaller))] = whole.less(part)

    def _take_in(self, table: Table, told: Told) -> None:
        for name, n in told.counts.items():
            self.counts[Count(table, name)] = n
        for whole, parts in told.sums:
            self._add_up(table, whole, parts)
        for part, whole in told.ratios:
            left = Count(table, rest(whole, part))
            self.proportions.append(Proportion(Count(table, part), Count(table, whole), left))

    def _know(self, table: Table, people: Mapping[str, People]) -> None:
        """Who is behind the counts of a table: of what two messages tell of one, the least."""
        for name, found in people.items():
            count = Count(table, name)
            self.people[count] = found.least(self.people.get(count, found))

    def _add_up(self, table: Table, whole: str, parts: tuple[str, ...]) -> None:
        self.equations.append(
            Equation(Count(table, whole), tuple(Count(table, part) for part in parts))
        )


def _statistic(message: MetricMessage, table: Table, cell: Cell) -> Statistic:
    if cell.part is not None:
        name, value = cell.part
        dimensions = message.dimensions.model_copy(update={name: value})
        message = message.model_copy(update={"dimensions": dimensions})
    return Statistic(key_of(message), message, table, cell)
