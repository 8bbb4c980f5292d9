"""Admission, told."""

import msgspec
import pytest

from schemas.codec import decode
from schemas.reasons import IGNORED, MEANINGS
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from services.ingest.domain.admission import STEPS, admit
from services.ingest.domain.explanation import explain
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
        ("time", True, "2026-03-10T11:00:00+00:00 (as sent)"),
        ("quality", True, "valid"),
        ("pseudonymise", True, "joined by citizen"),
        ("free text out", True, "none"),
        ("touchpoint event", True, "fits the contract"),
    ]


def test_of_a_view_it_says_that_the_pace_of_its_visitor_is_not_known_yet() -> None:
    told = explain(received(), arrival(), RULES)
    [found] = [step["found"] for step in told["steps"] if step["step"] == "quality"]
    assert found == "valid by itself; the pace of its visitor is judged when it is sent"


def test_the_step_that_refuses_is_the_last_one_told_with_what_to_change() -> None:
    told = explain(received(time="2026-01-01T00:00:00Z"), arrival(), RULES)
    assert told["steps"][-1] == {"step": "time", "passed": False}
    assert {name: told[name] for name in ("result", "reason", "detail", "change")} == {
        "result": "rejected",
        "reason": "too_old",
        "detail": "time: longer ago than this source may take, which is 1 d",
        "change": MEANINGS[Reason.TOO_OLD].change,
    }


def test_pseudonyms_are_shortened() -> None:
    outcome = admit(received(visit(case="c-7")), arrival(), RULES)
    assert isinstance(outcome, Accepted)
    told = explain(received(visit(case="c-7")), arrival(), RULES)["would_publish"]
    record = outcome.record
    assert record.data.case is not None
    told["data"]["case"], shortened_case = record.data.case, told["data"]["case"]
    told["subject"], shortened = record.subject, told["subject"]
    assert decode(TouchpointRecord, msgspec.json.encode(told)) == record
    assert (shortened, shortened_case) == (f"{record.subject[:6]}…", f"{record.data.case[:6]}…")


def test_a_comment_is_told_as_it_would_be_published() -> None:
    told = explain(received(visit(text="write to me@town.example")), arrival(), RULES)
    assert told["steps"][8]["found"] == "1 as comments; taken out: email 1"
    assert told["comments"] == ["write to [email]"]
    assert "me@town.example" not in str(told)


def test_a_place_found_by_no_rule_is_told() -> None:
    told = explain(received(visit(touchpoint=None), address="/x"), arrival(), RULES)
    assert told["steps"][3]["found"].startswith("touchpoint other (no rule matched)")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            Ignored(IgnoredReason.EMPTY),
            {
                "steps": [],
                "result": "ignored",
                "reason": "empty",
                "detail": IGNORED[IgnoredReason.EMPTY],
            },
        ),
        (
            Rejected(Reason.NOT_AN_OBJECT, "event: x"),
            {
                "steps": [],
                "result": "rejected",
                "reason": "not_an_object",
                "detail": "event: x",
                "change": MEANINGS[Reason.NOT_AN_OBJECT].change,
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


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (None, "2026-03-10T12:00:00+00:00 (ours: the event has none)"),
        ("2026-03-10T13:00:00Z", "2026-03-10T12:00:00+00:00 (ours: theirs was ahead)"),
    ],
)
def test_a_time_that_is_not_the_senders_is_told(sent: str | None, found: str) -> None:
    """An attribute that is misspelt may be an extension: only this tells that no time came."""
    told = explain(received(time=sent), arrival(), RULES)
    assert told["steps"][5] == {"step": "time", "passed": True, "found": found}


def test_an_event_that_joins_nothing_is_told() -> None:
    told = explain(received(visit(citizen=None)), arrival(), RULES)
    assert told["steps"][7]["found"] == "joined to nothing"
