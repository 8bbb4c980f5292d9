"""What a survey asks in own words: which of its events brings it, and what becomes of it alone."""

import json
from collections.abc import Mapping, Sequence

import pytest

from schemas.codec import decode
from schemas.comment import Comment
from schemas.rejection import Rejection
from schemas.standard_questions import STANDARDS
from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from services.ingest.collect import Batch, Collector
from services.ingest.commands.rejected import Replayer
from services.ingest.domain.admission import admit
from services.ingest.domain.explanation import explain
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.protocols import addressed
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.protocols.webhook import WEBHOOK
from services.ingest.domain.selection import Selection
from services.ingest.domain.submission import Received
from services.ingest.sending import Message
from tests.unit.ingest.commands.test_rejected import Logs, quiet
from tests.unit.ingest.test_webhook_replay import MENDED
from tests.unit.ingest.world import (
    EDGE,
    RULES,
    RecordingWorld,
    arrival,
    received,
    source,
    visit,
)

TEXT = "Ask me@town.example"


def read(answers: Mapping[str, object], form: str = "journey-form") -> Sequence[Received]:
    body = json.dumps({"id": "s-1", "citizen": "42", **answers}).encode()
    sent = Request({}, body, {"form": form}, "/webhooks/app-survey")
    events = WEBHOOK.read(addressed(sent, RULES.hooks))
    assert not isinstance(events, Malformed)
    return events


async def collected(
    events: Sequence[Received],
) -> tuple[tuple[Outcome, ...], list[Message], RecordingWorld]:
    world = RecordingWorld()
    batch = Batch(source("app-survey"), WEBHOOK.name, WEBHOOK.version, events)
    outcomes = await Collector(RULES, world, world, EDGE).collect(batch)
    return outcomes, world.messages, world


async def test_each_open_question_becomes_a_comment_of_the_first_answer() -> None:
    told = {"how-satisfied": 2, "in-own-words": TEXT, "en-else": "No."}
    (outcome,), messages, _ = await collected(read(told))
    assert isinstance(outcome, Accepted)
    assert [(one.question, one.text) for one in outcome.comments] == [
        ("en-why", "Ask [email]"),
        ("en-else", "No."),
    ]
    assert len({one.id for one in outcome.comments}) == 2
    assert {one.feedback.answer for one in outcome.comments if one.feedback} == {2}
    topics = [message.topic for message in messages]
    assert topics == ["comments.v1", "comments.v1", "touchpoints.v1"]


async def test_a_question_that_the_catalogue_does_not_call_open_is_no_comment() -> None:
    (outcome,), messages, _ = await collected(read({"how-satisfied": 2, "why": TEXT}))
    assert isinstance(outcome, Accepted)
    assert outcome.comments == ()
    assert all(b"Ask" not in message.value for message in messages)


async def test_a_survey_that_is_answered_in_own_words_alone_becomes_a_comment_and_no_event() -> (
    None
):
    (outcome,), messages, world = await collected(read({"in-own-words": TEXT}))
    assert isinstance(outcome, Ignored)
    assert outcome.reason is IgnoredReason.ONLY_TEXT
    assert [message.topic for message in messages] == ["comments.v1"]
    comment = decode(Comment, messages[0].value)
    assert comment.subject is not None
    assert messages[0].key == comment.subject.encode()
    assert comment.feedback is not None
    assert (comment.feedback.instrument, comment.feedback.answer) == ("linked-survey", None)
    assert world.actions[-1][2] == "Ignored"


@pytest.mark.parametrize(
    ("text", "reason"), [("hello", IgnoredReason.ONLY_TEXT), (" ", IgnoredReason.EMPTY)]
)
def test_any_source_may_send_an_answer_in_own_words_alone(text: str, reason: IgnoredReason) -> None:
    feedback = {"instrument": "linked-survey"}
    event = received(visit(action="answered", feedback=feedback, text=text))
    outcome = admit(event, arrival(), RULES)
    assert isinstance(outcome, Ignored)
    assert (outcome.reason, len(outcome.comments)) == (reason, int(text == "hello"))
    assert explain(event, arrival(), RULES).get("comments") == (["hello"] if text != " " else None)


def test_an_answer_without_step_and_without_words_is_refused_as_before() -> None:
    event = received(visit(action="answered", feedback={"instrument": "linked-survey"}))
    outcome = admit(event, arrival(), RULES)
    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.MISSING_FIELD


async def test_the_text_of_a_refused_answer_lies_sealed_and_comes_with_its_replay() -> None:
    told = {"how-satisfied": "Rather", "in-own-words": TEXT}
    (outcome,), messages, _ = await collected(read(told))
    assert isinstance(outcome, Rejected)
    assert [message.topic for message in messages] == ["touchpoints.rejected.v1"]
    assert b"Ask" not in messages[0].value
    logs = Logs([decode(Rejection, messages[0].value)])
    replayer = Replayer(logs, logs, logs, MENDED, quiet(), retry_seconds=0)
    await replayer.run(Selection(), is_dry=False)
    assert [message.topic for message in logs.sent] == ["comments.v1", "touchpoints.v1"]
    assert decode(Comment, logs.sent[0].value).text == "Ask [email]"


@pytest.mark.parametrize(
    ("form", "field", "standard"),
    [("a11", "answer_04", "a11-2023-thumbs"), ("a11-long", "answer_08", "a11-2018")],
)
async def test_the_box_of_the_a11_is_open(form: str, field: str, standard: str) -> None:
    (outcome,), _, _ = await collected(read({field: "Too slow."}, form))
    assert isinstance(outcome, Ignored)
    assert [one.question for one in outcome.comments] == [STANDARDS[standard]["open"][0]["wording"]]
    assert outcome.comments[0].subject is None
