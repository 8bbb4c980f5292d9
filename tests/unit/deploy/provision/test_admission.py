"""What changes who reads, and that it is decided and on record before it is so."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.provision.acls import Acl, AclChanges
from deploy.provision.admission import By, NotDecided, decided, subjects
from deploy.provision.apply import Broker, ProvisionFailed, mend
from deploy.provision.plan import Change, Plan
from schemas.topics import AUDIT, JOURNEYS, topic
from schemas.vocabulary import Decision
from tests.unit.schemas.deciding import ROUTINE, authority

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
READS = Acl("TOPIC", JOURNEYS, "User:metrics", "READ")
SPIES = Acl("TOPIC", JOURNEYS, "User:spy", "ALL")
WRITES = Acl("TOPIC", JOURNEYS, "User:journey", "WRITE")
FOLLOWS = Acl("GROUP", "throughline-metrics", "User:metrics", "READ")
ACCESS = AclChanges(grant=(WRITES, READS, FOLLOWS), revoke=(SPIES,))
BOTH = By("clerk", "chief")


class RecordingBroker(Broker):
    """Does nothing but remember in which order it was to be done."""

    def __init__(self) -> None:
        self.actions: list[tuple[str, Any]] = []

    def create(self, topics: Any) -> None:
        self.actions.append(("create", tuple(topics)))

    def keep(self, records: Any) -> None:
        self.actions.append(("keep", tuple(records)))

    def revoke(self, acls: Any) -> None:
        self.actions.append(("revoke", acls))

    def configure(self, changes: Any) -> None:
        self.actions.append(("configure", changes))

    def grant(self, acls: Any) -> None:
        self.actions.append(("grant", acls))


def test_who_reads_a_topic_or_does_not_any_more_is_to_be_decided_and_nothing_else() -> None:
    assert subjects(ACCESS) == (
        "no more: allow User:spy ALL on topic journeys.v1",
        "allow User:metrics READ on topic journeys.v1",
    )
    assert decided(AclChanges(grant=(WRITES, FOLLOWS)), By(), NOW, authority()) == ()


def test_each_reader_has_a_record_of_who_proposed_and_who_decided() -> None:
    records = decided(ACCESS, BOTH, NOW, authority())
    assert [(one.decision, one.subject, one.proposer, one.decider) for one in records] == [
        (Decision.ADMIT_READER, subject, "clerk", "chief") for subject in subjects(ACCESS)
    ]
    assert len({one.id for one in records}) == 2


@pytest.mark.parametrize(
    ("by", "why"),
    [
        (By(), "^who reads would change: give --proposed-by and --decided-by$"),
        (By("clerk"), "^nobody has decided admit_reader, nor a routine for 2026-03-10; ask the "),
        (By("clerk", "clerk"), "^clerk may not decide admit_reader on 2026-03-10; ask the "),
        (By("officer", "officer"), "^officer proposes admit_reader and may not decide it too; "),
    ],
)
def test_what_is_not_decided_is_refused_with_whom_to_ask(by: By, why: str) -> None:
    with pytest.raises(NotDecided, match=why):
        decided(ACCESS, by, NOW, authority())


def test_a_routine_may_have_decided_it() -> None:
    routine = ROUTINE.replace("decision: release", "decision: admit_reader")
    records = decided(ACCESS, By("clerk"), NOW, authority(more=routine))
    assert {(one.decider, one.routine) for one in records} == {("chief", "each-month")}


def test_a_certificate_of_a_principal_is_cut_to_what_a_record_holds() -> None:
    long = Acl("TOPIC", JOURNEYS, "User:" + "CN=x," * 100, "READ")
    [record] = decided(AclChanges(grant=(long,)), BOTH, NOW, authority())
    assert len(record.subject) == 200


def test_the_record_comes_after_its_topic_and_before_anybody_reads() -> None:
    broker, changes = RecordingBroker(), (Change(AUDIT, "retention.ms", "1", "2"),)
    records = decided(ACCESS, BOTH, NOW, authority())
    mend(broker, Plan(missing=(topic(AUDIT),), changes=changes, access=ACCESS), records)
    assert broker.actions == [
        ("create", (topic(AUDIT),)),
        ("keep", records),
        ("revoke", ACCESS.revoke),
        ("configure", changes),
        ("grant", ACCESS.grant),
    ]


def test_without_a_decision_of_each_nothing_is_done() -> None:
    broker = RecordingBroker()
    for some in ((), decided(ACCESS, BOTH, NOW, authority())[:1]):
        with pytest.raises(ProvisionFailed, match=r"^who reads would change"):
            mend(broker, Plan(access=ACCESS), some)
    assert broker.actions == []
