"""Who an erasure means, where it goes, and when it is done."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from schemas.audit import DecisionRecord
from schemas.codec import decode
from schemas.control import Erasure
from schemas.erasure import ErasureProposal, ErasureReceipt, ErasureRequest
from schemas.keyring import PseudonymKey, SealingKey
from schemas.token import NotAllowed
from schemas.topics import AUDIT, ERASURES, TOUCHPOINTS
from schemas.vocabulary import Decision
from services.ingest.domain.erasure import (
    AskedErasure,
    ErasureRefused,
    Reference,
    raw_gone_by,
    subjects,
)
from services.ingest.domain.pseudonym import pseudonym
from services.ingest.domain.rules import Rules
from services.ingest.erase import Eraser, Standing
from tests.unit.ingest.erasure_log import Log
from tests.unit.ingest.world import FOUR_EYES, NOW, RULES, RecordingWorld

ANN = Reference(kind="citizen", issuer="town", id="42")
KEY = RULES.keys["town"]
OFFICER, CHIEF = "data-protection-officer", "data-officer"


def asked(*people: Reference, agency: str = "town", objects: bool = False) -> AskedErasure:
    """A request for these."""
    return AskedErasure(id="er-1", agency=agency, people=people or (ANN,), objects=objects)


def eraser(world: RecordingWorld, log: Log | None = None, rules: Rules = RULES) -> Eraser:
    """With the small agency's rules, now."""
    return Eraser(lambda: rules, world, log or Log(world), world, lambda: NOW)


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
    with pytest.raises(ErasureRefused, match=r"^" + why.replace("?", r"\?")):
        subjects(wrong, RULES)


def test_a_raw_copy_is_gone_within_thirty_days() -> None:
    assert NOW + timedelta(days=27) < raw_gone_by(NOW) <= NOW + timedelta(days=30)


async def test_who_decided_goes_on_record_then_the_request_and_then_every_partition() -> None:
    broker = RecordingWorld()
    standing = await eraser(broker).ask(asked(), OFFICER)
    assert isinstance(standing, Standing)
    decision, first, *others = broker.messages
    assert broker.actions[-1] == ("erasure", "town")
    assert (decision.topic, first.topic, first.key) == (AUDIT, ERASURES, b"er-1")
    request = decode(ErasureRequest, first.value)
    assert (request, standing) == (standing.request, Standing(request, ()))
    assert [(one.topic, one.key, one.partition) for one in others] == [
        (TOUCHPOINTS, None, number) for number in range(request.partitions)
    ]
    assert {decode(Erasure, one.value).subject for one in others} == set(subjects(asked(), RULES))


async def test_the_record_of_a_decision_names_who_acted_and_nobody_else() -> None:
    broker = RecordingWorld()
    await eraser(broker).ask(asked(), OFFICER)
    await eraser(broker).ask(asked(), OFFICER)
    first, again = (one for one in broker.messages if one.topic == AUDIT)
    record = decode(DecisionRecord, first.value)
    assert first.key == again.key == record.id.encode()
    assert record.model_dump(exclude={"id"}) == {
        "decision": Decision.ERASE,
        "subject": "er-1",
        "proposer": OFFICER,
        "decider": OFFICER,
        "informed": (CHIEF,),
        "routine": None,
        "time": NOW,
        "authority": RULES.authority.digest,
    }


async def test_asked_for_again_it_is_of_the_first_moment() -> None:
    broker = RecordingWorld()
    log = Log(broker)
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
    await eraser(broker, log).ask(asked(), OFFICER)
    assert {decode(Erasure, one.value).time for one in broker.messages[2:]} == {earlier}
    assert ("erasure", "town") not in broker.actions


@pytest.mark.parametrize("by", [OFFICER, "loopback"])
async def test_an_id_that_is_known_is_not_asked_for_others(by: str) -> None:
    broker = RecordingWorld()
    log = Log(broker)
    first = await eraser(broker, log).ask(asked(), by)
    assert isinstance(first, Standing)
    log.known["er-1"] = first
    sent = len(broker.messages)
    for other in (asked(Reference(kind="citizen", issuer="town", id="43")), asked(objects=True)):
        with pytest.raises(ErasureRefused, match=r"^id: er-1 was asked for others; give yours"):
            await eraser(broker, log).ask(other, by)
    assert len(broker.messages) == sent
    again = await eraser(broker, log).ask(asked(ANN, ANN), by)
    assert again == first


async def test_where_two_must_decide_nothing_is_erased_before_the_second_means_the_same() -> None:
    broker = RecordingWorld()
    both = eraser(broker, rules=FOUR_EYES)
    for _ in range(2):
        found = await both.ask(asked(), OFFICER)
        assert isinstance(found, ErasureProposal)
        assert found.by == OFFICER
    assert {(one.topic, one.key) for one in broker.messages} == {(ERASURES, b"er-1/proposal")}
    others = asked(ANN, Reference(kind="citizen", issuer="town", id="43"))
    with pytest.raises(ErasureRefused, match=r"^id: er-1 was proposed for others"):
        await both.ask(others, CHIEF)
    with pytest.raises(ErasureRefused, match="was proposed for others"):
        await both.ask(asked(objects=True), CHIEF)
    standing = await both.ask(asked(ANN, ANN), CHIEF)
    assert isinstance(standing, Standing)
    [record] = [decode(DecisionRecord, m.value) for m in broker.messages if m.topic == AUDIT]
    assert (record.proposer, record.decider) == (OFFICER, CHIEF)
    assert standing.request.by == OFFICER


async def test_a_proposal_does_not_tell_whom_it_means() -> None:
    first, second = RecordingWorld(), RecordingWorld()
    other_key = replace(FOUR_EYES, sealing=SealingKey(id="other", secret=SecretStr("cd" * 32)))
    found = [
        await eraser(first, rules=FOUR_EYES).ask(asked(), OFFICER),
        await eraser(first, rules=FOUR_EYES).ask(
            asked().model_copy(update={"id": "er-2"}), OFFICER
        ),
        await eraser(second, rules=other_key).ask(asked(), OFFICER),
    ]
    assert len({one.meant for one in found if isinstance(one, ErasureProposal)}) == 3


async def test_who_may_not_propose_or_decide_is_told_whom_to_ask() -> None:
    broker = RecordingWorld()
    with pytest.raises(NotAllowed, match=r"^data-officer may not propose erase on 2026-03-10; ask"):
        await eraser(broker).ask(asked(), CHIEF)
    await eraser(broker, rules=FOUR_EYES).ask(asked(), OFFICER)
    with pytest.raises(NotAllowed, match=r"^clerk may not decide erase on 2026-03-10; ask the"):
        await eraser(broker, rules=FOUR_EYES).ask(asked(), "clerk")
    assert [one.topic for one in broker.messages] == [ERASURES]


async def test_where_two_must_decide_whoever_is_on_the_machine_may_not() -> None:
    broker = RecordingWorld()
    with pytest.raises(NotAllowed, match=r"name operators with `erasures` in the keyring"):
        await eraser(broker, rules=FOUR_EYES).ask(asked(), "loopback")
    assert broker.messages == []


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


async def test_an_objection_is_in_every_partition_and_on_record() -> None:
    world = RecordingWorld()
    standing = await eraser(world).ask(asked(objects=True), OFFICER)
    assert isinstance(standing, Standing)
    assert standing.request.objects
    sent = [decode(Erasure, one.value) for one in world.messages if one.topic == TOUCHPOINTS]
    assert [one.objects for one in sent] == [True, True]
    [on_record] = [one for one in world.messages if one.topic == ERASURES]
    assert decode(ErasureRequest, on_record.value).objects
