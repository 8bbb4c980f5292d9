"""What becomes of free text: whose it is, with which answer it goes, and how it is known."""

from typing import Any

import pytest

from schemas.comment import LONGEST, Comment
from schemas.vocabulary import IdentityKind, Quality, Redaction
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Accepted
from tests.unit.ingest.world import RULES, arrival, received, visit

ANSWER = {"instrument": "quiet-survey", "construct": "ease", "answer": 2}
LINKED = {"instrument": "linked-survey", "answer": 2, "offer_id": "o-1"}


def accepted(data: Any, **changes: Any) -> Accepted:
    outcome = admit(received(data, **changes), arrival(), RULES)
    assert isinstance(outcome, Accepted)
    return outcome


def comment(data: Any = None, **changes: Any) -> Comment:
    (found,) = accepted(data or visit(text="It took weeks."), **changes).comments
    return found


def answered(**feedback: Any) -> dict[str, Any]:
    return visit(action="answered", feedback=feedback, text="It took weeks.")


def test_a_comment_has_the_place_and_the_pseudonym_of_its_event() -> None:
    event = accepted(visit(text="It took weeks.", language="en"))
    (found,) = event.comments
    assert found.subject == event.record.subject
    assert (found.identity_kind, found.time) == (IdentityKind.CITIZEN, event.record.time)
    assert (found.service, found.touchpoint, found.source) == ("parking", "page", "web")
    assert (found.text, found.language, found.redacted) == ("It took weeks.", "en", ())


def test_a_comment_goes_with_its_answer() -> None:
    found = comment(answered(**LINKED))
    assert found.feedback is not None
    assert (found.feedback.answer, found.feedback.instrument) == (2, "linked-survey")
    assert found.subject is not None


@pytest.mark.parametrize(
    ("data", "changes"),
    [
        (answered(**ANSWER), {}),
        (visit(text="It took weeks.", citizen=None), {}),
        (None, {"is_test": True}),
    ],
)
def test_where_the_event_is_joined_to_nobody_there_is_no_pseudonym_and_only_the_hour(
    data: Any, changes: dict[str, Any]
) -> None:
    found = comment(data, time="2026-03-10T11:23:45Z", **changes)
    assert found.subject is None
    assert found.time.isoformat() == "2026-03-10T11:00:00+00:00"
    assert "o-1" not in found.model_dump_json()


def test_a_test_says_that_it_is_one() -> None:
    assert comment(is_test=True).quality is Quality.TEST


def test_a_retry_gives_the_same_comment_and_another_event_another() -> None:
    assert comment() == comment()
    assert comment().id != comment(id="e-2").id
    assert comment().id != accepted(visit()).record.subject


def test_the_id_says_nothing_of_the_event() -> None:
    assert "e-1" not in comment(answered(**ANSWER)).model_dump_json()


def test_what_is_taken_out_is_told_by_kind() -> None:
    found = comment(visit(text="a@town.example, b@town.example"))
    assert found.text == "[email], [email]"
    assert [(one.kind, one.count) for one in found.redacted] == [(Redaction.EMAIL, 2)]


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_a_text_with_nothing_in_it_is_no_comment(text: str) -> None:
    assert accepted(visit(text=text)).comments == ()


def test_a_long_text_is_cut_and_says_so() -> None:
    found = comment(visit(text="word " * 3_000))
    assert (len(found.text), found.is_cut) == (LONGEST - 1, True)
