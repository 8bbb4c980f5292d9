"""How many people are behind a count, at least: cells for what is counted beside a citizen's first.

Of all that a citizen's journeys add to a cell one unit counts as the citizen in a month, and one in
a quarter. What is not that one lies in cells of its own, beside: `again`, and `quarter_again` where
it is the first of its month and not of its quarter. Nobody knows whether two visitors, cases or
unlinked answers are one person's: those are `unnamed`. So nearly every snapshot adds nothing here.

A journey is the first for certain when it was alone, the one before had ended in an earlier month,
and the month is not after its own end: then no other can be counted in that month in its place
(ADR 0051).
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.journey import JourneySnapshot, SurveyStep
from schemas.vocabulary import Identity
from services.metrics.domain.measures.channels import FINISHED, FIRST, SWITCHED
from services.metrics.domain.measures.completion import COHORT, ENDED, TOLD, WANTED, WITHIN
from services.metrics.domain.measures.course import end_of
from services.metrics.domain.measures.opinion import ANSWERS, TOUCHPOINT_ANSWERS
from services.metrics.domain.measures.survey import OFFERS
from services.metrics.domain.measures.touchpoints import LOST, REACHED, VISITED
from services.metrics.domain.periods import day_of_hour, hour_of, month_of, quarter_of

AGAIN, QUARTER_AGAIN, UNNAMED = "again.", "quarter_again.", "unnamed."
_SAID = frozenset({*ANSWERS.values(), *TOUCHPOINT_ANSWERS.values()})
_OF_JOURNEYS = frozenset(
    {COHORT, WITHIN, ENDED, WANTED, TOLD, VISITED, REACHED, LOST, FIRST, SWITCHED, FINISHED}
)
COUNTED = _OF_JOURNEYS | _SAID | {OFFERS}
"""The cell measures of which it is known: a journey adds to them at instants that lie together."""

Hours = dict[int, dict[str, int]]


def note(hours: Hours, journey: JourneySnapshot, zone: ZoneInfo) -> None:
    """Add to a journey's cells by hour those beside them."""
    if journey.identity is not Identity.LINKED:
        _note_all(hours, UNNAMED)
    elif not journey.alone:
        _note_all(hours, AGAIN)
    elif not _is_first_everywhere(hours, journey, zone):
        _note_some(hours, journey, zone)


def note_unlinked(hours: Hours) -> None:
    """The same of unlinked people."""
    _note_all(hours, UNNAMED)


def _note_all(hours: Hours, beside: str) -> None:
    for cells in hours.values():
        cells.update(
            {_beside(beside, name): n for name, n in cells.items() if _unit(name) is not None}
        )


def _is_first_everywhere(hours: Hours, journey: JourneySnapshot, zone: ZoneInfo) -> bool:
    if journey.predecessor is not None or _may_repeat(journey.survey):
        return False
    left = end_of(journey)
    return left is None or max(hours) <= hour_of(left, zone)


def _may_repeat(survey: tuple[SurveyStep, ...]) -> bool:
    if len(survey) < 2:
        return False
    return len(survey) > 2 or survey[0].action is survey[1].action


class _Spans(NamedTuple):
    """The months and quarters that a journey lies in, each by its first day."""

    before: str  # the end of the one before; empty where there was none
    left: str  # its own end; after all that is while it is open

    def is_again(self, span: str) -> bool:
        """Whether another journey may be counted there in its place."""
        return span == self.before or span > self.left


def _note_some(hours: Hours, journey: JourneySnapshot, zone: ZoneInfo) -> None:
    before, left = journey.predecessor, end_of(journey)
    came = "" if before is None else _day(hour_of(before.ended, zone), zone)
    went = "9999-12-31" if left is None else _day(hour_of(left, zone), zone)
    months = _Spans(came and month_of(came), month_of(went))
    quarters = _Spans(came and quarter_of(came), quarter_of(went))
    seen_in_month: set[tuple[str, str]] = set()
    seen_in_quarter: set[tuple[str, str]] = set()
    for hour in sorted(hours):
        day = _day(hour, zone)
        month, quarter = month_of(day), quarter_of(day)
        is_again, is_quarter_again = months.is_again(month), quarters.is_again(quarter)
        more: dict[str, int] = {}
        for name, unit, n in _units(hours[hour]):
            is_first = not is_again and (month, unit) not in seen_in_month
            is_quarters = not is_quarter_again and (quarter, unit) not in seen_in_quarter
            seen_in_month.add((month, unit))
            seen_in_quarter.add((quarter, unit))
            if n > is_first:
                more[_beside(AGAIN, name)] = n - is_first
            if is_first and not is_quarters:
                more[_beside(QUARTER_AGAIN, name)] = 1
        hours[hour].update(more)


def _units(cells: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    for name, n in cells.items():
        unit = _unit(name)
        if unit is not None:
            yield name, unit, n


def _day(hour: int, zone: ZoneInfo) -> str:
    return day_of_hour(hour, zone)


@lru_cache(100_000)
def _unit(name: str) -> str | None:
    """What one journey can be counted in once: a cell, or whatever was answered to one question;
    None of a cell of which it is not known how many people are behind.
    """
    measure = name.partition("|")[0]
    if measure in _SAID:
        return name[: name.rindex("|")]
    return name if measure in COUNTED else None


@lru_cache(100_000)
def _beside(beside: str, name: str) -> str:
    return beside + name
