"""`ingest access`: what journeys are held of one person, for that person (GDPR Art. 15)."""

from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from datetime import datetime
from typing import Any, Protocol

from schemas.codec import decode
from schemas.journey import JourneySnapshot
from services.ingest.domain.erasure import Meant, subjects
from services.ingest.domain.rules import Rules

Told = Callable[[int, int], None]


class JourneyLog(Protocol):
    """`journeys.v1`, from its beginning to the end it has."""

    def records(self, since: datetime | None, told: Told) -> AsyncGenerator[Any, None]:
        """Its records, each with key and value. Raises PublishFailed when it cannot be read."""


async def accessed(
    asked: Meant, rules: Rules, log: JourneyLog, told: Told = lambda _done, _of: None
) -> dict[str, Any]:
    """The newest snapshot of every journey of theirs, without what says nothing to anybody outside:
    pseudonyms. Raises ErasureRefused where nobody can be meant.
    """
    meant = frozenset(subjects(asked, rules))
    journeys = await _journeys(meant, log, told)
    shown = sorted(journeys, key=lambda one: one.opened)
    hidden = {"pseudonym", "case", "version"}
    return {
        "agency": asked.agency,
        "journeys": [
            one.model_dump(mode="json", exclude_none=True, exclude=hidden) for one in shown
        ],
    }


async def _journeys(
    meant: Collection[str], log: JourneyLog, told: Told
) -> Collection[JourneySnapshot]:
    """A later record of the same key takes the place of an earlier one, also one that is empty or
    names nobody any more. Decoded is only what has one of the pseudonyms somewhere.
    """
    names = [subject.encode() for subject in meant]
    found: dict[bytes, JourneySnapshot] = {}
    async with aclosing(log.records(None, told)) as records:
        async for record in records:
            found.pop(record.key, None)
            if record.value is None or not any(name in record.value for name in names):
                continue
            journey = decode(JourneySnapshot, record.value)
            if _is_theirs(journey, meant):
                found[record.key] = journey
    return found.values()


def _is_theirs(journey: JourneySnapshot, meant: Collection[str]) -> bool:
    """What was erased or has become part of another journey is told of no more."""
    is_one = not journey.erased and journey.superseded_by is None
    return is_one and (journey.pseudonym in meant or journey.case in meant)
