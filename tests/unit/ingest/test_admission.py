"""The steps of admission, one rule at a time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.touchpoint_event import Contact, Feedback, TouchpointEvent, TouchpointRecord
from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    IdentityKind,
    Initiator,
    Outcome,
    Provenance,
    Quality,
    Reason,
    Scale,
    Stage,
)
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain.admission import STEPS, accepted, admit, touchpoint_event
from services.ingest.domain.draft import Draft
from services.ingest.domain.outcome import Accepted, Ignored, Rejected
from services.ingest.domain.pseudonym import once, pseudonym
from services.ingest.domain.submission import Received, Submission
from tests.unit.ingest.world import NOW, RULES, UID, VISIT, arrival, received, visit

KEY = b"a secret of the town"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def record(data: object = VISIT, source_id: str = "web", **changes: Any) -> TouchpointRecord:
    outcome = admit(received(data, **changes), arrival(source_id), RULES)
    assert isinstance(outcome, Accepted), outcome
    return outcome.record


def refused(data: object = VISIT, source_id: str = "web", **changes: Any) -> Rejected:
    outcome = admit(received(data, **changes), arrival(source_id), RULES)
    assert isinstance(outcome, Rejected), outcome
    return outcome


def test_a_visit_becomes_the_whole_touchpoint_event() -> None:
    assert record() == TouchpointRecord(
        source="/web/shop",
        id="e-1",
        time=NOW - timedelta(hours=1),
        subject=pseudonym(KEY, "citizen", "town", "42"),
        data=TouchpointEvent(
            uid=UID,
            agency="town",
            service="parking",
            channel=Channel.WEBSITE,
            touchpoint="page",
            stage=Stage.INFORMATION,
            action=Action.VISITED,
            initiator=Initiator.CITIZEN,
            identity_kind=IdentityKind.CITIZEN,
            key_id="demo-town-1",
            received_at=NOW,
            protocol="cloudevents",
            protocol_version="1.0",
        ),
    )


def test_every_field_a_source_may_send_reaches_the_event() -> None:
    data = visit(
        touchpoint="letter",
        channel="post",
        case="c-7",
        visitor="v-9",
        action="contacted",
        initiator="system",
        outcome="error",
        transferred_to="elsewhere",
        sequence=7,
        assisted=True,
        contact={"reason": "chase", "avoidable": True, "reached": False},
        language="nl-NL",
        device="phone",
    )
    plain = record().data
    assert record(data).data == plain.model_copy(
        update={
            "touchpoint": "letter",
            "stage": Stage.TRANSACTION,
            "channel": Channel.POST,
            "case": pseudonym(KEY, "case", "parking", "c-7"),
            "action": Action.CONTACTED,
            "initiator": Initiator.SYSTEM,
            "outcome": Outcome.ERROR,
            "transferred_to": "elsewhere",
            "sequence": 7,
            "assisted": True,
            "contact": Contact(reason=ContactReason.CHASE, avoidable=True, reached=False),
            "language": "nl-NL",
            "device": "phone",
        }
    )


def test_what_is_left_out_comes_from_the_touchpoint_and_the_source() -> None:
    event = record(visit(touchpoint="letter")).data
    assert (event.action, event.initiator, event.stage, event.channel) == (
        Action.DECIDED,
        Initiator.AGENCY,
        Stage.TRANSACTION,
        Channel.WEBSITE,
    )


@pytest.mark.parametrize(
    ("changes", "touchpoint", "action"),
    [
        ({"name": "parking.sent"}, "form", Action.SUBMITTED),
        ({"address": "https://town.example/parking/page/2"}, "page", Action.VISITED),
        ({"address": "https://town.example/elsewhere"}, "other", Action.VISITED),
    ],
)
def test_an_event_that_names_no_touchpoint_is_placed_by_the_match_rules(
    changes: dict[str, str], touchpoint: str, action: Action
) -> None:
    event = record(visit(touchpoint=None), **changes).data
    assert (event.touchpoint, event.action) == (touchpoint, action)


def test_an_address_no_rule_fits_is_told_without_what_could_name_a_person() -> None:
    address = "https://user:secret@town.example/files/12345/jan@example.org?name=jan#x"
    outcome = admit(received(visit(touchpoint=None), address=address), arrival(), RULES)
    assert isinstance(outcome, Accepted)
    assert outcome.unmatched_address == "town.example/files/*/*"


# -- the key --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifiers", "kind", "parts"),
    [
        ({"citizen": "42", "visitor": "v", "case": "c"}, "citizen", ("citizen", "town", "42")),
        ({"citizen": None, "visitor": "v", "case": "c"}, "visitor", ("visitor", "town", "v")),
        ({"citizen": None, "case": "c"}, "case", ("case", "parking", "c")),
    ],
)
def test_the_key_is_the_first_of_citizen_visitor_and_case(
    identifiers: dict[str, str], kind: str, parts: tuple[str, str, str]
) -> None:
    found = record(visit(**identifiers))
    assert (found.data.identity_kind, found.subject) == (kind, pseudonym(KEY, *parts))


def test_the_case_stays_beside_a_citizen_as_a_pseudonym() -> None:
    found = record(visit(case="c-7"))
    assert found.data.case == pseudonym(KEY, "case", "parking", "c-7")


def test_an_event_without_an_identifier_is_keyed_once_and_its_retry_alike() -> None:
    found = [record(visit(citizen=None)) for _ in range(2)]
    assert [f.subject for f in found] == [once(KEY, "/web/shop", "e-1")] * 2
    assert found[0].data.identity_kind is IdentityKind.ONCE


def test_two_events_without_an_identifier_have_different_keys() -> None:
    first, second = (record(visit(citizen=None), id=name) for name in ("e-1", "e-2"))
    assert first.subject != second.subject


@pytest.mark.parametrize(
    ("changes", "quality"),
    [
        ({"is_test": True}, Quality.TEST),
        ({"user_agent": CRAWLER}, Quality.BOT_SUSPECTED),
        ({"is_test": True, "user_agent": CRAWLER}, Quality.TEST),
    ],
)
def test_tests_and_crawlers_are_counted_and_never_joined(
    changes: dict[str, Any], quality: Quality
) -> None:
    found = record(visit(case="c-7"), **changes)
    assert (found.data.quality, found.data.identity_kind, found.data.case, found.subject) == (
        quality,
        IdentityKind.ONCE,
        None,
        once(KEY, "/web/shop", "e-1"),
    )


def test_a_device_that_names_a_crawler_is_one() -> None:
    assert record(visit(device=CRAWLER)).data.quality is Quality.BOT_SUSPECTED


def test_a_browser_is_no_crawler() -> None:
    assert record(user_agent=PERSON).data.quality is Quality.VALID


def test_a_source_that_is_not_linkable_joins_nothing() -> None:
    found = record(visit(case="c-7"), "shy").data
    assert (found.identity_kind, found.case) == (IdentityKind.ONCE, None)


# -- opinion --------------------------------------------------------------------------------------


def answer(instrument: str = "linked-survey", **changes: Any) -> dict[str, Any]:
    feedback = {"instrument": instrument, "answer": 4} | changes
    given = {name: value for name, value in feedback.items() if value is not None}
    return visit(touchpoint="survey", action="answered", feedback=given)


def test_an_answer_is_completed_by_its_instrument() -> None:
    event = record(answer(offer_id="o-1")).data
    assert event.identity_kind is IdentityKind.CITIZEN
    assert event.feedback == Feedback(
        about=About.JOURNEY,
        construct=Construct.SATISFACTION,
        scale=Scale.ONE_TO_FIVE,
        answer=4,
        instrument="linked-survey",
        wording="en-1",
        offer_id="o-1",
    )


def test_an_answer_that_may_not_be_linked_keeps_nothing_that_could_link_it() -> None:
    found = record(
        answer("quiet-survey", construct="ease", answer=7, offer_id="o-1") | {"case": "c"}
    )
    assert found.subject == once(KEY, "/web/shop", "e-1")
    assert found.data.case is None
    assert found.data.feedback == Feedback(
        about=About.TOUCHPOINT,
        construct=Construct.EASE,
        scale=Scale.ONE_TO_SEVEN,
        answer=7,
        instrument="quiet-survey",
        wording="en-2",
    )


@pytest.mark.parametrize("action", ["offered", "dismissed"])
def test_an_offer_of_a_survey_stays_with_the_citizen_whatever_its_answers_may(action: str) -> None:
    data = visit(touchpoint="survey", action=action, feedback={"instrument": "quiet-survey"})
    event = record(data).data
    assert event.identity_kind is IdentityKind.CITIZEN
    assert event.feedback == Feedback(about=About.TOUCHPOINT, instrument="quiet-survey")


def test_what_a_focus_group_says_is_moderated() -> None:
    assert record(visit(channel="focus_group")).data.provenance is Provenance.MODERATED


# -- time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "ahead", "is_skewed"),
    [
        (None, timedelta(0), False),
        ("2026-03-10T11:00:00Z", timedelta(hours=-1), False),
        ("2026-03-10t11:00:00z", timedelta(hours=-1), False),
        ("2026-03-10T13:00:00.5+02:00", timedelta(hours=-1, milliseconds=500), False),
        ("2026-03-09T12:00:00Z", timedelta(days=-1), False),
        ("2026-03-10T12:05:00Z", timedelta(minutes=5), False),
        ("2026-03-10T12:05:01Z", timedelta(0), True),
        ("2026-03-11T12:00:00Z", timedelta(0), True),
    ],
)
def test_a_time_that_may_be_is_taken(sent: str | None, ahead: timedelta, is_skewed: bool) -> None:  # noqa: FBT001
    found = record(time=sent)
    assert (found.time - NOW, found.data.clock_skew) == (ahead, is_skewed)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("2026-03-09T11:59:59Z", Reason.TOO_OLD),
        ("2026-03-11T12:00:01Z", Reason.IN_THE_FUTURE),
        ("9999-12-31T23:59:59-12:00", Reason.BAD_TIME),
        ("0001-01-01T00:00:00+12:00", Reason.BAD_TIME),
        ("1899-12-31T23:59:59Z", Reason.BAD_TIME),
        ("2026-03-10T11:00:00", Reason.BAD_TIME),
        ("2026-03-10", Reason.BAD_TIME),
        ("2026-02-30T11:00:00Z", Reason.BAD_TIME),
        ("yesterday", Reason.BAD_TIME),
        ("", Reason.BAD_TIME),
        ("2" * 100_000, Reason.BAD_TIME),
        (1773140400, Reason.BAD_TIME),
        (True, Reason.BAD_TIME),
        ([], Reason.BAD_TIME),
    ],
)
def test_a_time_that_cannot_be_is_refused(sent: object, reason: Reason) -> None:
    assert refused(time=sent).reason is reason


def test_nothing_is_too_old_for_a_clock_of_its_own() -> None:
    found = record(source_id="history", time="2011-10-11T11:45:40Z")
    assert (found.time.year, found.data.clock) == (2011, "demo")


def test_a_log_brings_its_own_clock() -> None:
    found = record(clock="import-1", time="2011-10-11T11:45:40Z")
    assert found.data.clock == "import-1"


# -- refusals -------------------------------------------------------------------------------------

REFUSALS: list[tuple[object, Reason, str]] = [
    (None, Reason.NOT_AN_OBJECT, "data: got null, expected an object"),
    ([1], Reason.NOT_AN_OBJECT, "data: got a list, expected an object"),
    ("x", Reason.NOT_AN_OBJECT, "data: got text, expected an object"),
    ({}, Reason.MISSING_FIELD, "service: is required"),
    (visit(servicex="x"), Reason.UNKNOWN_FIELD, "servicex: unknown; did you mean 'service'?"),
    (
        visit(service="Parking permit"),
        Reason.BAD_VALUE,
        "service: must be a name of at most 64 of a-z, 0-9, '_', '.', '-', and begin with",
    ),
    (
        visit(time="2026-03-10T11:00:00Z"),
        Reason.UNKNOWN_FIELD,
        "time: not a field of data; it belongs to the event, beside data",
    ),
    (visit(action="clicked"), Reason.UNKNOWN_ACTION, "action: unknown; known: answered,"),
    (answer(drivers={}), Reason.WRONG_TYPE, "feedback.drivers: got an object, expected a list"),
    (visit(service="parkin"), Reason.UNKNOWN_SERVICE, "service: unknown; did you mean 'parking'?"),
    (visit(service="taxes"), Reason.SERVICE_NOT_ALLOWED, "service: this source may send: parking"),
    (visit(service=7), Reason.WRONG_TYPE, "service: got a number, expected text"),
    (
        visit(touchpoint="pag"),
        Reason.UNKNOWN_TOUCHPOINT,
        "touchpoint: unknown; did you mean 'page'?",
    ),
    (visit(channel="web"), Reason.UNKNOWN_CHANNEL, "channel: unknown; did you mean 'website'?"),
    (
        visit(channel="phone"),
        Reason.CHANNEL_NOT_ALLOWED,
        "channel: this source may send: website, post, focus_group",
    ),
    (visit(action="visit"), Reason.UNKNOWN_ACTION, "action: unknown; did you mean 'visited'?"),
    (visit(outcome="successx"), Reason.UNKNOWN_WORD, "outcome: unknown; did you mean 'success'?"),
    (
        visit(outcome="abandoned"),
        Reason.BAD_VALUE,
        "outcome: an event can report: success, negative_but_correct, error, withdrawn, ",
    ),
    (visit(initiator=3), Reason.WRONG_TYPE, "initiator: got a number, expected 'citizen', "),
    (visit(sequence="7"), Reason.WRONG_TYPE, "sequence: got text, expected a whole number"),
    (visit(sequence=True), Reason.WRONG_TYPE, "sequence: got true or false, expected"),
    (visit(sequence=-1), Reason.BAD_VALUE, "sequence: must be greater than or equal to 0"),
    (visit(sequence=2**80), Reason.BAD_VALUE, "sequence: must be less than or equal to"),
    (visit(assisted="yes"), Reason.WRONG_TYPE, "assisted: got text, expected true or false"),
    (visit(citizen=42), Reason.WRONG_TYPE, "citizen: got a number, expected text"),
    (visit(citizen="  "), Reason.BAD_VALUE, "citizen: is empty"),
    (visit(citizen="4\x002"), Reason.BAD_VALUE, "citizen: has a control character"),
    (visit(citizen="4" * 257), Reason.BAD_VALUE, "citizen: must have at most 256"),
    (
        visit(language="dutch!"),
        Reason.BAD_VALUE,
        "language: must be a language tag, such as en or nl-BE",
    ),
    (visit(contact={"reason": "x"}), Reason.UNKNOWN_WORD, "contact.reason: unknown; known: "),
    (
        visit(contact={"avoidble": True}),
        Reason.UNKNOWN_FIELD,
        "contact.avoidble: unknown; did you mean 'avoidable'?",
    ),
    (visit(contact=[]), Reason.WRONG_TYPE, "contact: got a list, expected an object"),
    (visit(action="answered"), Reason.MISSING_FIELD, "feedback: action answered needs it"),
    (
        visit(feedback={"instrument": "linked-survey"}),
        Reason.BAD_VALUE,
        "feedback: needs action offered, answered or dismissed",
    ),
    (
        answer("liked-survey"),
        Reason.UNKNOWN_INSTRUMENT,
        "feedback.instrument: unknown; did you mean 'linked-survey'?",
    ),
    (answer(answer=None), Reason.MISSING_FIELD, "feedback.answer: action answered needs it"),
    (answer(answer=6), Reason.BAD_VALUE, "feedback.answer: not on its scale 1..5"),
    (answer(answer="4"), Reason.WRONG_TYPE, "feedback.answer: got text, expected a whole number"),
    (answer(answer=True), Reason.WRONG_TYPE, "feedback.answer: got true or false, expected"),
    (
        answer(construct="trust"),
        Reason.BAD_VALUE,
        "feedback: not a question of this instrument; it asks: satisfaction 1..5 en-1",
    ),
    (
        answer("quiet-survey"),
        Reason.MISSING_FIELD,
        "feedback.construct: needed; it asks: satisfaction 1..5 en-1, ease 1..7 en-2",
    ),
    (
        answer() | {"action": "offered"},
        Reason.BAD_VALUE,
        "feedback.answer: action offered has none",
    ),
    (
        answer(drivers=[{"driver": "eas", "polarity": "positive", "chosen": 1}]),
        Reason.UNKNOWN_WORD,
        "feedback.drivers.0.driver: unknown; did you mean 'ease'?",
    ),
]


@pytest.mark.parametrize(("data", "reason", "detail"), REFUSALS)
def test_a_refusal_names_the_field_the_type_and_the_nearest_right_word(
    data: object, reason: Reason, detail: str
) -> None:
    found = admit(received(data), arrival(), RULES)
    assert isinstance(found, Rejected)
    assert (found.reason, found.detail[: len(detail)]) == (reason, detail)


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"id": None}, Reason.MISSING_FIELD, "id: is required"),
        ({"id": ""}, Reason.MISSING_FIELD, "id: is required"),
        ({"source": 7}, Reason.WRONG_TYPE, "source: got a number, expected text"),
        ({"name": None}, Reason.MISSING_FIELD, "type: is required"),
        ({"id": "x" * 401}, Reason.BAD_VALUE, "id: longer than 400 characters"),
        ({"id": "a\nb"}, Reason.BAD_VALUE, "id: has a control character"),
    ],
)
def test_the_envelope_is_checked_before_the_data(
    changes: dict[str, Any], reason: Reason, detail: str
) -> None:
    assert refused({}, **changes) == Rejected(reason, detail)


def test_an_unknown_field_whose_name_could_be_a_value_is_not_repeated() -> None:
    assert refused(visit(**{"jan@example.org": 1})).detail.startswith("a field: unknown; known: ")


def test_one_large_event_is_refused_before_it_is_looked_at() -> None:
    found = admit(received({}), arrival(size=64 * 1024 + 1), RULES)
    assert found == Rejected(Reason.TOO_LARGE, "event: larger than 65536 bytes")


def test_a_source_nobody_declared_is_refused() -> None:
    found = admit(received(), arrival("wbe"), RULES)
    assert found == Rejected(Reason.SERVICE_NOT_ALLOWED, "source: unknown; did you mean 'web'?")


@pytest.mark.parametrize(
    "decided", [Ignored(IgnoredReason.EMPTY), Rejected(Reason.NOT_AN_OBJECT, "event: x")]
)
def test_what_the_reading_decided_stands(decided: Ignored | Rejected) -> None:
    assert admit(Received(b"", decided), arrival(), RULES) == decided


# -- what is published ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "published"),
    [
        ("/shop", "/web/shop"),
        ("shop", "/web/shop"),
        ("https://x.example/a", "/web/https://x.example/a"),
    ],
)
def test_nobody_writes_under_anothers_name(theirs: str, published: str) -> None:
    assert record(source=theirs).source == published


def test_free_text_leaves_the_event_and_becomes_a_comment() -> None:
    outcome = admit(received(visit(text="Nobody wrote to me@town.example")), arrival(), RULES)
    assert isinstance(outcome, Accepted)
    assert [comment.text for comment in outcome.comments] == ["Nobody wrote to [email]"]
    assert "Nobody" not in outcome.record.model_dump_json()


def test_no_raw_identifier_is_published() -> None:
    text = record(visit(citizen="citizen-raw", visitor="visitor-raw", case="case-raw"))
    assert "raw" not in text.model_dump_json()


def test_a_rule_that_fails_costs_its_event_and_is_told_as_internal() -> None:
    def broken(user_agent: str) -> bool:
        raise KeyError(user_agent)

    found = admit(received(), arrival(), replace(RULES, is_crawler=broken))
    assert found == Rejected(Reason.INTERNAL, "quality: KeyError")


def test_a_draft_that_skipped_the_last_step_is_a_bug_told_as_internal() -> None:
    content = received().content
    assert isinstance(content, Submission)
    found = accepted(Draft(arrival(), content))
    assert found == Rejected(Reason.INTERNAL, "the last step made no touchpoint event")


def test_a_draft_that_breaks_the_contract_is_refused_and_not_raised() -> None:
    content = received().content
    assert isinstance(content, Submission)
    values = {"time": NOW, "subject": "x" * 24, "channel": Channel.WEBSITE}
    found = touchpoint_event(Draft(arrival(), content, values=values), RULES)
    assert isinstance(found, Rejected)
    assert (found.reason, found.subject) == (Reason.BAD_VALUE, "x" * 24)
    assert found.detail.startswith("agency: Field required")


def test_the_steps_are_the_ones_the_design_names() -> None:
    assert [step.name for step in STEPS] == [
        "known source",
        "size",
        "required fields",
        "catalogue match",
        "vocabulary",
        "time",
        "quality",
        "pseudonymise",
        "free text out",
        "touchpoint event",
    ]


# -- properties -----------------------------------------------------------------------------------

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
NAMES = ["service", "touchpoint", "channel", "action", "citizen", "visitor", "case", "initiator"]
NAMES += ["outcome", "sequence", "assisted", "feedback", "contact", "text", "language", "device"]
likely = st.sampled_from(
    [
        *["parking", "page", "survey", "website", "answered", "42", "success", 1, True, None, {}],
        {"instrument": "quiet-survey", "answer": 3, "construct": "ease"},
    ]
)
almost_right = st.fixed_dictionaries(
    {"service": st.just("parking") | likely},
    optional={name: likely | anything for name in NAMES if name != "service"},
)


@given(
    data=almost_right | anything,
    envelope=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("id", "source", "name", "time"), anything)
    ),
)
def test_no_rule_fails_on_anything(data: object, envelope: dict[str, Any]) -> None:
    outcome = admit(received(data, **envelope), arrival(), RULES)
    assert isinstance(outcome, Accepted) or outcome.reason is not Reason.INTERNAL


@given(
    secret=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=6),
    at=st.sampled_from(NAMES),
)
def test_a_detail_never_holds_a_value(secret: str, at: str) -> None:
    outcome = admit(received(visit(**{at: secret})), arrival(), RULES)
    assert not isinstance(outcome, Rejected) or secret not in outcome.detail


@given(data=almost_right)
def test_the_same_event_twice_is_published_the_same(data: dict[str, Any]) -> None:
    first, second = (admit(received(data), arrival(), RULES) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("parts", "is_alike"), [(("7", "42", "123"), True), ((), False)])
def test_an_event_without_an_id_is_given_one_that_only_its_retry_repeats(
    parts: tuple[str, ...], *, is_alike: bool
) -> None:
    event = received(id=None, makes_id=parts)
    first, second = (admit(event, arrival(uid=UUID(int=number)), RULES) for number in range(2))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (first.record.id == second.record.id) is is_alike
    assert "42" not in first.record.id


def test_a_client_that_knows_no_services_is_told_by_the_rules_which_one_it_is_about() -> None:
    event = received({"citizen": "42"}, name="parking.sent", finds_service=True)
    found = admit(event, arrival(), RULES)
    assert isinstance(found, Accepted)
    assert (found.record.data.service, found.record.data.touchpoint) == ("parking", "form")
