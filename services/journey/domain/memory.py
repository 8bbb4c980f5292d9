"""What is remembered of a journey that is final, and which journey came before another.

The predecessor is told as it stood when the later journey opened, from live journeys and memory
alike, so that it does not matter which of the two is final by then.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.journey.domain import words
from services.journey.domain.ending import ending
from services.journey.domain.entries import Entry
from services.journey.domain.journey import Journey
from services.journey.domain.parts import Choice, Previous, Spell
from services.journey.domain.rules import ServiceRules


class Past(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A final journey; of its choices of channel only the citizen's. `is_elsewhere` where it was
    told in another partition, under a former key: what is told of it there is not told here.
    """

    id: UUID
    case: str | None
    opened: datetime
    first: int
    ended: datetime
    choices: list[Choice] = []
    calls: list[datetime] = []
    spells: list[Spell] = []
    is_elsewhere: bool = False


def remember(journey: Journey, ended: datetime) -> Past:
    """What stays of a journey that has become final."""
    return Past(
        journey.id,
        journey.case,
        journey.opened,
        journey.first,
        ended,
        [choice for choice in journey.choices if choice.initiator == words.CITIZEN],
        journey.calls,
        journey.spells,
    )


def forgotten_after(past: Past, rules: ServiceRules) -> datetime:
    """The last watermark at which an on-time entry may still open a journey that names it."""
    return past.ended + rules.recall + rules.grace


def still_needed(
    past: Sequence[Past], journeys: Sequence[Journey], watermark: datetime, rules: ServiceRules
) -> list[Past]:
    """The memories that a journey, live or yet to open, may name."""
    return [
        one
        for one in past
        if watermark <= forgotten_after(one, rules)
        or any(j.opened - rules.recall <= one.ended < j.opened for j in journeys)
    ]


def predecessor(
    journeys: Sequence[Journey], past: Sequence[Past], entry: Entry, rules: ServiceRules
) -> tuple[Previous | None, list[datetime]]:
    """The journey that ended last, strictly before `entry` opens one and at most `recall` earlier;
    and the citizen's last contact in it or before it, as a list of one or none.
    """
    best: tuple[datetime, datetime, int, Journey | Past] | None = None
    earliest, time = entry.time - rules.recall, entry.time
    for one, ended in _before(journeys, past, entry, rules):
        if ended is None or not earliest <= ended < time:
            continue
        if best is None or (ended, one.opened, one.first) > best[:3]:
            best = (ended, one.opened, one.first, one)
    if best is None:
        return None, []
    ended, *_, found = best
    called = bisect_left(found.calls, time)
    return Previous(found.id, ended, _channel(found, time)), found.calls[:called][-1:]


def have_ended(
    journeys: Sequence[Journey], past: Sequence[Past], entry: Entry, rules: ServiceRules
) -> bool:
    """Whether all journeys had ended, strictly before `entry` opens one. Nobody can tell of one
    that began at the same instant which was first: then they had not.
    """
    time = entry.time
    return all(
        ended is not None and ended < time
        for one, ended in _before(journeys, past, entry, rules)
        if one.opened <= time
    )


def _before(
    journeys: Sequence[Journey], past: Sequence[Past], entry: Entry, rules: ServiceRules
) -> Iterator[tuple[Journey | Past, datetime | None]]:
    """All others and when each had ended, as seen by an entry that does not belong to it."""
    order, time = entry.order, entry.time
    for one in past:
        yield one, next((spell.ended for spell in one.spells if order < spell.until), one.ended)
    for journey in journeys:
        yield journey, journey.ended or ending(journey, time, rules)[0]


def _channel(one: Journey | Past, before: datetime) -> str | None:
    chosen = (c for c in reversed(one.choices) if c.initiator == words.CITIZEN)
    return next((c.channel for c in chosen if c.time < before), None)
