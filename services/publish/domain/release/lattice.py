"""The equations between tables: what adds up over time, place, channels and touchpoints."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from schemas.vocabulary import PeriodKind
from services.publish.domain.release.count import ALL, Count, Equation, Place, Table, rest

_LOST = rest("decided", "complete")
_ELSEWHERE = "lost elsewhere"
_Parts = Mapping[Count, list[Count]]


def lattice(counts: Mapping[Count, int]) -> Iterator[Equation]:
    """Every such equation; whether it holds is another question."""
    for parts in (_over_time(counts), _over_services(counts), _over_channels(counts)):
        yield from (Equation(whole, tuple(found)) for whole, found in parts.items())
    for whole, found in _over_touchpoints(counts).items():
        elsewhere = Count(whole.table, _ELSEWHERE)
        yield Equation(whole, (*found, *([elsewhere] if elsewhere in counts else [])))


def lost_elsewhere(counts: Mapping[Count, int]) -> dict[Count, int]:
    """Of whom a service lost, those last seen at no touchpoint."""
    return {
        Count(whole.table, _ELSEWHERE): left
        for whole, found in _over_touchpoints(counts).items()
        if (left := counts.get(whole, 0) - sum(counts[one] for one in found)) > 0
    }


def holds(equation: Equation, counts: Mapping[Count, int]) -> bool:
    """Whether the truth obeys it: a month that is not told, or a count that never was, breaks it,
    and then nobody can reckon with it.
    """
    if equation.whole not in counts or any(part not in counts for part in equation.parts):
        return False
    return counts[equation.whole] == sum(counts[part] for part in equation.parts)


def _over_time(counts: Mapping[Count, int]) -> _Parts:
    """Months of a quarter."""
    quarters: dict[tuple[str, Place, str], list[Count]] = defaultdict(list)
    for count in counts:
        if count.table.span.kind is PeriodKind.QUARTER:
            quarters[_whatever_time(count)].append(count)
    parts: dict[Count, list[Count]] = defaultdict(list)
    for count in counts:
        if count.table.span.kind is PeriodKind.MONTH:
            for quarter in quarters.get(_whatever_time(count), ()):
                span = quarter.table.span
                if span.start <= count.table.span.start < span.end:
                    parts[quarter].append(count)
    return parts


def _whatever_time(count: Count) -> tuple[str, Place, str]:
    return count.table.ground, count.table.place, count.name


def _over_services(counts: Mapping[Count, int]) -> _Parts:
    """Services of an agency."""
    parts: dict[Count, list[Count]] = defaultdict(list)
    for count in counts:
        place = count.table.place
        if place.service is not None and place.touchpoint is None:
            agency = count.table._replace(place=Place(place.agency))
            parts[Count(agency, count.name)].append(count)
    return parts


def _over_channels(counts: Mapping[Count, int]) -> _Parts:
    """Channels of a table."""
    parts: dict[Count, list[Count]] = defaultdict(list)
    for count in counts:
        if count.name.startswith("channel="):
            parts[Count(count.table, ALL)].append(count)
    return parts


def _over_touchpoints(counts: Mapping[Count, int]) -> _Parts:
    """Who a service lost, by the touchpoint they were last seen at."""
    parts: dict[Count, list[Count]] = defaultdict(list)
    for count in counts:
        table = count.table
        if table.ground == "reached" and count.name == "lost":
            service = Table("ended", table.place._replace(touchpoint=None), table.span)
            parts[Count(service, _LOST)].append(count)
    return parts
