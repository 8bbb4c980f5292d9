"""Who may make a decision, and the sentence for each who may not."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from schemas.approval import Approval, Refusal, Refused, approve
from schemas.audit import on_record
from schemas.vocabulary import Decision
from tests.unit.schemas.deciding import DAY, ROUTINE, authority, text

RELEASE = Decision.RELEASE
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_who_may_propose_and_another_who_may_decide_are_enough() -> None:
    assert approve(RELEASE, "clerk", "chief", DAY, authority()) == Approval(
        decision=RELEASE,
        proposer="clerk",
        decider="chief",
        informed=("chief", "clerk"),
        routine=None,
        day=DAY,
        authority=sha256(text().encode()).hexdigest(),
    )


@pytest.mark.parametrize(
    ("proposer", "decider", "refused"),
    [
        (
            "chief",
            "officer",
            Refused(
                Refusal.MAY_NOT_PROPOSE,
                "chief may not propose release on 2026-03-10; ask the helper of erasures.v1 or the "
                "steward of erasures.v1 (clerk, officer)",
            ),
        ),
        (
            "clerk",
            None,
            Refused(
                Refusal.NOT_DECIDED,
                "nobody has decided release, nor a routine for 2026-03-10; ask the steward of "
                "erasures.v1 or the owner of erasures.v1 (officer, chief)",
            ),
        ),
        (
            "officer",
            "clerk",
            Refused(
                Refusal.MAY_NOT_DECIDE,
                "clerk may not decide release on 2026-03-10; ask the steward of erasures.v1 or the "
                "owner of erasures.v1 (officer, chief)",
            ),
        ),
        (
            "officer",
            "officer",
            Refused(
                Refusal.SAME_PERSON,
                "officer proposes release and may not decide it too; ask the steward of "
                "erasures.v1 or the owner of erasures.v1 (chief)",
            ),
        ),
    ],
)
def test_each_refusal_says_why_and_whom_to_ask(
    proposer: str, decider: str | None, refused: Refused
) -> None:
    assert approve(RELEASE, proposer, decider, DAY, authority()) == refused


def test_where_two_are_not_asked_for_one_proposes_and_decides() -> None:
    found = approve(RELEASE, "officer", "officer", DAY, authority(four_eyes="false"))
    assert isinstance(found, Approval)


@pytest.mark.parametrize(
    ("day", "decider"), [(date(2026, 6, 30), "chief"), (date(2026, 7, 1), "heiress")]
)
def test_an_office_passes_on_with_its_days(day: date, decider: str) -> None:
    found = {
        name: isinstance(approve(RELEASE, "clerk", name, day, authority()), Approval)
        for name in ("chief", "heiress")
    }
    assert [name for name, may in found.items() if may] == [decider]


def test_a_routine_decides_in_advance_and_is_named() -> None:
    found = approve(RELEASE, "clerk", None, DAY, authority(more=ROUTINE))
    assert isinstance(found, Approval)
    assert (found.decider, found.routine) == ("chief", "each-month")


@pytest.mark.parametrize(
    ("decision", "day", "why"),
    [
        (RELEASE, date(2026, 2, 28), Refusal.NOT_DECIDED),
        (RELEASE, date(2027, 1, 1), Refusal.NOT_DECIDED),
        (Decision.REVISE, DAY, Refusal.NOT_DECIDED),
        (RELEASE, date(2026, 7, 1), Refusal.MAY_NOT_DECIDE),
    ],
)
def test_a_routine_holds_for_its_decision_its_days_and_while_who_made_it_is_there(
    decision: Decision, day: date, why: Refusal
) -> None:
    found = approve(decision, "clerk", None, day, authority(more=ROUTINE))
    assert isinstance(found, Refused)
    assert found.why == why


def test_a_routine_of_somebody_who_left_hides_none_that_holds() -> None:
    by_heiress = ROUTINE.replace("routines:\n", "").replace("each-month", "hers")
    both = authority(more=ROUTINE + by_heiress.replace("chief", "heiress"))
    for day, routine in ((date(2026, 6, 30), "each-month"), (date(2026, 7, 1), "hers")):
        found = approve(RELEASE, "clerk", None, day, both)
        assert isinstance(found, Approval)
        assert found.routine == routine


def test_who_decides_today_is_named_and_not_the_routine() -> None:
    found = approve(RELEASE, "clerk", "officer", DAY, authority(more=ROUTINE))
    assert isinstance(found, Approval)
    assert (found.decider, found.routine) == ("officer", None)


def approval(decider: str = "chief", day: date = DAY) -> Approval:
    found = approve(RELEASE, "clerk", decider, day, authority())
    assert isinstance(found, Approval)
    return found


def test_what_goes_on_record_says_who_what_and_by_which_file() -> None:
    record = on_record(approval(), "2026-02", NOON)
    assert record.model_dump(exclude={"id"}) == {
        "decision": RELEASE,
        "subject": "2026-02",
        "proposer": "clerk",
        "decider": "chief",
        "informed": ("chief", "clerk"),
        "routine": None,
        "time": NOON,
        "authority": sha256(text().encode()).hexdigest(),
    }


def test_the_same_decision_has_the_same_id_and_no_other_has() -> None:
    first = on_record(approval(), "2026-02", NOON).id
    assert on_record(approval(), "2026-02", NOON.replace(hour=13)).id == first
    others = {
        on_record(approval(), "2026-01", NOON).id,
        on_record(approval("officer"), "2026-02", NOON).id,
        on_record(approval(day=date(2026, 3, 11)), "2026-02", NOON).id,
    }
    assert len(others - {first}) == 3
