"""Admission, told."""

import msgspec
import pytest

from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from services.ingest.domain.admission import STEPS, admit
from services.ingest.domain.explanation import CHANGES, explain
from services.ingest.domain.outcome import Accepted, Ignored, Rejected
from services.ingest.domain.submission import Received
from tests.unit.ingest.world import RULES, arrival, received, visit


def test_every_step_of_an_accepted_event_is_told_with_what_it_found() -> None:
    told = explain(received(visit(touchpoint=None), name="parking.sent"), arrival(), RULES)
    assert [(step["step"], step["passed"], step["found"]) for step in told["steps"]] == [
        ("known source", True, "agency town, clock live"),
        ("size", True, "100 bytes"),
        ("required fields", True, "all there, no others"),
        (
            "catalogue match",
            True,
            (
                "touchpoint form (by a match rule), stage transaction, initiator citizen, "
                "action submitted"
            ),
        ),
        ("vocabulary", True, "channel website"),
        ("time", True, "2026-03-10T11:00:00+00:00"),
        ("quality", True, "valid"),
        ("pseudonymise", True, "keyed by citizen"),
        ("free text out", True, "none"),
        ("touchpoint event", True, "fits the contract"),
    ]


def test_the_step_that_refuses_is_the_last_one_told_with_what_to_change() -> None:
    told = explain(received(time="2026-01-01T00:00:00Z"), arrival(), RULES)
    assert told["steps"][-1] == {"step": "time", "passed": False}
    assert {name: told[name] for name in ("result", "reason", "detail", "change")} == {
        "result": "rejected",
        "reason": "too_old",
        "detail": "time: older than the 1 d this source may take",
        "change": "send earlier, or raise max_delay of this source (and grace of the service)",
    }


def test_pseudonyms_are_shortened() -> None:
    outcome = admit(received(visit(case="c-7")), arrival(), RULES)
    assert isinstance(outcome, Accepted)
    told = explain(received(visit(case="c-7")), arrival(), RULES)["would_publish"]
    event = msgspec.json.decode(told)
    record = outcome.record
    assert record.data.case is not None
    assert event["subject"] == f"{record.subject[:6]}…"
    assert event["data"]["case"] == f"{record.data.case[:6]}…"
    assert record.subject not in told


def test_dropped_free_text_is_told_and_not_repeated() -> None:
    told = explain(received(visit(text="my street")), arrival(), RULES)
    assert "this version drops and counts it" in told["steps"][8]["found"]
    assert "my street" not in str(told)


def test_a_place_found_by_no_rule_is_told() -> None:
    told = explain(received(visit(touchpoint=None), address="/x"), arrival(), RULES)
    assert told["steps"][3]["found"].startswith("touchpoint other (no rule matched)")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (Ignored(IgnoredReason.EMPTY), {"steps": [], "result": "ignored", "reason": "empty"}),
        (
            Rejected(Reason.NOT_AN_OBJECT, "event: x"),
            {
                "steps": [],
                "result": "rejected",
                "reason": "not_an_object",
                "detail": "event: x",
                "change": "correct the field that the detail names",
            },
        ),
    ],
)
def test_what_the_reading_decided_is_told_without_steps(
    content: Ignored | Rejected, told: dict[str, object]
) -> None:
    assert explain(Received(b"", content), arrival(), RULES) == told


@pytest.mark.parametrize(
    "data", [visit(), visit(servicex=1), visit(channel="phone"), visit(time=1)]
)
def test_explaining_and_admitting_decide_alike(data: object) -> None:
    outcome = admit(received(data), arrival(), RULES)
    told = explain(received(data), arrival(), RULES)
    assert told["result"] == type(outcome).__name__.lower()
    assert len(told["steps"]) <= len(STEPS)


def test_advice_is_given_for_reasons_of_ingest_only() -> None:
    journey = {Reason.CONTRACT_BROKEN, Reason.LATE, Reason.TOO_MANY, Reason.UNREADABLE_SNAPSHOT}
    assert not journey & set(CHANGES)
