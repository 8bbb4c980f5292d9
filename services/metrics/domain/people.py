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
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.journey import JourneySnapshot, SurveyStep
from schemas.vocabulary import Action, Identity
from services.metrics.domain.measures.channels import FINISHED, FIRST, SWITCHED
from services.metrics.domain.measures.completion import COHORT, ENDED, TOLD, WANTED, WITHIN
from services.metrics.domain.measures.course import end_of
from services.metrics.domain.measures.family import cell
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

UNCOUNTED = cell("uncounted")
"""In how many months of a sum nothing was counted beside all of these: they were booked when less
was known, and what is not there would pass for people who never came twice.
"""

Hours = dict[int, dict[str, int]]
_NEVER = "9999-12-01"


def note(hours: Hours, journey: JourneySnapshot, zone: ZoneInfo) -> None:
    """Add to a journey's cells by hour those beside them."""
    if journey.identity is not Identity.LINKED:
        _note_all(hours, UNNAMED)
    elif not journey.alone:
        _note_all(hours, AGAIN)
    elif _may_repeat(journey.survey):
        _note_each(hours, _course(journey, zone), zone)
    elif not _is_first_everywhere(hours, journey, zone):
        course = _course(journey, zone)
        for hour, cells in hours.items():
            beside = course.beside(day_of_hour(hour, zone))
            if beside is not None:
                _note(cells, beside)


def note_unlinked(hours: Hours) -> None:
    """The same of unlinked people."""
    _note_all(hours, UNNAMED)


def _note_all(hours: Hours, beside: str) -> None:
    for cells in hours.values():
        _note(cells, beside)


def _note(cells: dict[str, int], beside: str) -> None:
    cells.update({_beside(beside, name): n for name, n in cells.items() if _unit(name) is not None})


def _may_repeat(survey: tuple[SurveyStep, ...]) -> bool:
    """Whether there may be two offers of a survey, or two answers to a question."""
    if len(survey) < 2:
        return False
    asked = {
        (step.action, step.instrument, step.construct if step.action is Action.ANSWERED else None)
        for step in survey
    }
    return len(asked) < len(survey)


def _is_first_everywhere(hours: Hours, journey: JourneySnapshot, zone: ZoneInfo) -> bool:
    before, left = journey.predecessor, end_of(journey)
    if left is not None and max(hours) > hour_of(left, zone):
        return False
    if before is None:
        return True
    return _quarter(before.ended, zone) != _quarter(journey.opened, zone)


class _Course(NamedTuple):
    """In which month the one before had ended, empty where there was none, and in which this one
    did: after all there are while it is open. Both by their first day.
    """

    came: str
    went: str

    def beside(self, day: str) -> str | None:
        """Which cells take what is counted on a day; None where the citizen counts."""
        month = month_of(day)
        if month == self.came or month > self.went:
            return AGAIN
        if self.came and quarter_of(day) == quarter_of(self.came):
            return QUARTER_AGAIN
        return None


def _course(journey: JourneySnapshot, zone: ZoneInfo) -> _Course:
    before, left = journey.predecessor, end_of(journey)
    return _Course(
        "" if before is None else month_of(_day(before.ended, zone)),
        _NEVER if left is None else month_of(_day(left, zone)),
    )


def _note_each(hours: Hours, course: _Course, zone: ZoneInfo) -> None:
    """Of what repeats within the journey, too, only the first counts."""
    seen: set[tuple[str, str]] = set()
    seen_in_quarter: set[tuple[str, str]] = set()
    for hour in sorted(hours):
        day = day_of_hour(hour, zone)
        month, quarter, beside = month_of(day), quarter_of(day), course.beside(day)
        more: dict[str, int] = {}
        for name, unit, n in _units(hours[hour]):
            is_first = beside != AGAIN and (month, unit) not in seen
            is_quarters = beside is None and (quarter, unit) not in seen_in_quarter
            seen.add((month, unit))
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


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return day_of_hour(hour_of(instant, zone), zone)


def _quarter(instant: datetime, zone: ZoneInfo) -> str:
    return quarter_of(_day(instant, zone))


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
