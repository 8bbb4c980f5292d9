"""What is held of one person, and of nobody else."""

from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from schemas.codec import decode, encode
from schemas.journey import JourneySnapshot
from services.ingest.commands.access import Told, accessed
from services.ingest.domain.erasure import ErasureRefused, Meant, Reference
from services.ingest.domain.pseudonym import pseudonym
from tests.unit.ingest.world import KEY, RULES

EXAMPLE = Path("schemas/examples/journeys/v1/journey.decided.json")
WHOLE = decode(JourneySnapshot, EXAMPLE.read_bytes())
ANN = pseudonym(KEY, "citizen", "town", "42")
CASE = pseudonym(KEY, "case", "parking", "P-7")
BOB = pseudonym(KEY, "citizen", "town", "43")
AS_CITIZEN = Reference(kind="citizen", issuer="town", id="42")
AS_CASE = Reference(kind="case", issuer="parking", id="P-7")
FIRST, SECOND = UUID(int=1), UUID(int=2)


class Record(NamedTuple):
    """One of the topic."""

    key: bytes
    value: bytes | None


class Log:
    """A topic in memory."""

    def __init__(self, *records: Record) -> None:
        self._records = records

    async def records(self, since: datetime | None, told: Told) -> AsyncGenerator[Any, None]:
        """All of it, whatever the time."""
        assert since is None
        for record in self._records:
            yield record
        told(len(self._records), len(self._records))


def snapshot(whose: str, id_: UUID = FIRST, **changes: Any) -> Record:
    journey = WHOLE.model_copy(update={"pseudonym": whose, "case": None, "id": id_, **changes})
    return Record(str(id_).encode(), encode(journey))


async def held(*records: Record, people: tuple[Reference, ...] = (AS_CITIZEN,)) -> list[Any]:
    told = await accessed(Meant(agency="town", people=people), RULES, Log(*records))
    journeys: list[Any] = told["journeys"]
    return journeys


async def test_a_person_is_told_their_journeys_oldest_first_and_nobody_elses() -> None:
    later = WHOLE.opened.replace(year=WHOLE.opened.year + 1)
    records = (
        snapshot(ANN, SECOND, opened=later),
        snapshot(BOB, UUID(int=3)),
        snapshot(ANN),
    )
    assert [one["id"] for one in await held(*records)] == [str(FIRST), str(SECOND)]


async def test_a_pseudonym_says_nothing_to_them_and_is_not_told() -> None:
    [told] = await held(snapshot(ANN, case=CASE))
    assert ANN not in str(told)
    assert CASE not in str(told)
    assert told["touchpoints"] == WHOLE.model_dump(mode="json", exclude_none=True)["touchpoints"]


async def test_a_case_leads_to_its_journey_and_the_same_journey_is_told_once() -> None:
    record = snapshot(ANN, case=CASE)
    assert len(await held(record, people=(AS_CASE,))) == 1
    assert len(await held(record, people=(AS_CASE, AS_CITIZEN))) == 1


async def test_of_each_journey_the_newest_is_told() -> None:
    [told] = await held(snapshot(ANN, entries=1), snapshot(ANN, entries=2))
    assert told["entries"] == 2


@pytest.mark.parametrize(
    "last",
    [
        Record(str(FIRST).encode(), None),
        snapshot(ANN, erased=True),
        snapshot(BOB),
        snapshot(ANN, superseded_by=SECOND),
    ],
    ids=["tombstone", "erased", "another's", "superseded"],
)
async def test_what_is_theirs_no_more_is_not_told(last: Record) -> None:
    assert await held(snapshot(ANN), last) == []


async def test_a_journey_that_only_mentions_them_is_somebody_elses() -> None:
    step = WHOLE.survey[0].model_copy(update={"offer_id": ANN})
    mentions = snapshot(BOB, survey=(step,))
    assert ANN.encode() in (mentions.value or b"")
    assert await held(mentions) == []


async def test_somebody_whom_nobody_can_be_is_told_so() -> None:
    stranger = Reference(kind="citizen", issuer="towm", id="42")
    with pytest.raises(ErasureRefused, match="did you mean 'town'"):
        await held(people=(stranger,))
