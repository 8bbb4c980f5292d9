"""Who an erasure means, where it goes, and when it is done."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from schemas.codec import decode
from schemas.control import Erasure
from schemas.erasure import ErasureReceipt, ErasureRequest
from schemas.keyring import PseudonymKey
from schemas.topics import ERASURES, TOUCHPOINTS
from services.ingest.domain.erasure import (
    AskedErasure,
    ErasureRefused,
    Reference,
    raw_gone_by,
    subjects,
)
from services.ingest.domain.pseudonym import pseudonym
from services.ingest.erase import Eraser, Standing
from tests.unit.ingest.world import NOW, RULES, RecordingWorld

ANN = Reference(kind="citizen", issuer="town", id="42")
KEY = RULES.keys["town"]


def asked(*people: Reference, agency: str = "town") -> AskedErasure:
    """A request for these."""
    return AskedErasure(id="er-1", agency=agency, people=people or (ANN,))


@dataclass
class Log:
    """What is on record."""

    known: dict[str, Standing] = field(default_factory=dict)

    async def standing(self, name: str) -> Standing | None:
        """As the real one."""
        return self.known.get(name)


def eraser(broker: RecordingWorld, log: Log) -> Eraser:
    """With the small agency's rules, now."""
    return Eraser(lambda: RULES, broker, log, broker, lambda: NOW)


def test_a_reference_is_the_pseudonym_its_events_have() -> None:
    secret = KEY.secret.get_secret_value().encode()
    assert subjects(asked(), RULES) == (pseudonym(secret, "citizen", "town", "42"),)


def test_a_former_key_is_looked_under_too_and_the_same_is_meant_once() -> None:
    former = PseudonymKey.model_validate(
        {
            "id": "older",
            "agency": "town",
            "from": NOW - timedelta(days=9),
            "until": NOW,
            "secret": "another secret of it",
        }
    )
    rules = replace(RULES, all_keys={"town": [KEY, former]})
    assert len(subjects(asked(ANN, ANN), rules)) == 2


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (asked(agency="towns"), "agency: did you mean 'town'?"),
        (
            asked(ANN, Reference(kind="visitor", issuer="towns", id="1")),
            "people.1.issuer: did you mean 'town'?",
        ),
        (
            asked(Reference(kind="case", issuer="parkings", id="1")),
            "people.0.issuer: did you mean 'parking'?",
        ),
    ],
)
def test_who_cannot_be_meant_is_said_with_what_is_near(wrong: AskedErasure, why: str) -> None:
    with pytest.raises(ErasureRefused, match="^" + why.replace("?", r"\?")):
        subjects(wrong, RULES)


def test_a_raw_copy_is_gone_within_thirty_days() -> None:
    assert NOW + timedelta(days=27) < raw_gone_by(NOW) <= NOW + timedelta(days=30)


async def test_an_erasure_goes_on_record_first_and_then_into_every_partition() -> None:
    broker = RecordingWorld()
    standing = await eraser(broker, Log()).ask(asked(), "officer")
    first, *others = broker.messages
    assert broker.actions[-1] == ("erasure", "town")
    assert (first.topic, first.key) == (ERASURES, b"er-1")
    request = decode(ErasureRequest, first.value)
    assert (request, standing) == (standing.request, Standing(request, ()))
    assert [(one.topic, one.key, one.partition) for one in others] == [
        (TOUCHPOINTS, None, number) for number in range(request.partitions)
    ]
    assert {decode(Erasure, one.value).subject for one in others} == set(subjects(asked(), RULES))


async def test_asked_for_again_it_is_of_the_first_moment() -> None:
    broker, log = RecordingWorld(), Log()
    earlier = NOW - timedelta(hours=1)
    request = ErasureRequest(
        id="er-1",
        agency="town",
        by="officer",
        time=earlier,
        subjects=1,
        partitions=4,
        raw_gone_by=NOW,
    )
    log.known["er-1"] = Standing(request, ())
    await eraser(broker, log).ask(asked(), "officer")
    assert {decode(Erasure, one.value).time for one in broker.messages[1:]} == {earlier}
    assert ("erasure", "town") not in broker.actions


def test_it_is_done_when_each_partition_has_answered_for_each_subject() -> None:
    request = ErasureRequest(
        id="er-1", agency="town", by="officer", time=NOW, subjects=2, partitions=2, raw_gone_by=NOW
    )
    receipts = [
        ErasureReceipt(id="er-1", number=n, partition=p, journeys=n, time=NOW)
        for n in range(2)
        for p in range(2)
    ]
    assert not Standing(request, receipts[:3]).is_done
    done = Standing(request, receipts)
    assert (done.is_done, done.journeys) == (True, 2)
