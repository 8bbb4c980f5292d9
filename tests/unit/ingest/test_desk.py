"""What the desk's form becomes, who sits there, and what is said of it."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from schemas.vocabulary import Action, IdentityKind, Outcome
from services.ingest.domain import desk_words
from services.ingest.domain.admission import admit
from services.ingest.domain.desk import ENDINGS, PROTOCOL, Filled, received
from services.ingest.domain.desk_session import LASTS, Sessions
from services.ingest.domain.outcome import Accepted, Rejected
from services.ingest.domain.outcome import Outcome as Decided
from services.ingest.domain.words import REPORTABLE
from tests.unit.ingest.world import NOW, RULES, arrival, source, token_hash

ZONE = ZoneInfo("Europe/Amsterdam")
CALL = Filled(entry="e", channel="phone", place="parking/counter", reason="chase", case="c-7")
SESSIONS = Sessions.of(RULES.sealing)
HALL = source("town-hall")
COOKIE = SESSIONS.begun(HALL, token_hash("town-hall"), NOW)


def decided(filled: Filled) -> list[Decided]:
    """What becomes of a form."""
    sent = received(filled, ZONE)
    return [admit(one, arrival("town-hall", protocol=PROTOCOL), RULES) for one in sent]


def test_a_reason_makes_a_contact_of_its_case() -> None:
    [outcome] = decided(CALL)
    assert isinstance(outcome, Accepted)
    event = outcome.record.data
    assert (event.action, event.touchpoint, event.channel) == ("contacted", "counter", "phone")
    assert event.contact is not None
    assert event.contact.reason == "chase"
    assert event.identity_kind is IdentityKind.CASE
    assert "c-7" not in outcome.record.model_dump_json()
    assert outcome.record.source == "/town-hall/desk"
    assert outcome.record.time == NOW


def test_a_contact_that_ended_it_is_the_contact_and_the_end_in_this_order() -> None:
    contact, end = decided(replace(CALL, outcome="negative_but_correct"))
    assert isinstance(contact, Accepted)
    assert isinstance(end, Accepted)
    assert (contact.record.data.action, contact.record.data.outcome) == ("contacted", None)
    assert end.record.data.action is Action.COMPLETED
    assert end.record.data.outcome is Outcome.NEGATIVE_BUT_CORRECT
    assert contact.record.data.sequence < end.record.data.sequence
    assert contact.record.id != end.record.id


def test_without_reason_and_end_the_touchpoint_says_what_happened() -> None:
    [outcome] = decided(Filled(entry="e", channel="in_person", place="taxes/page"))
    assert isinstance(outcome, Accepted)
    assert outcome.record.data.action is Action.VISITED
    assert outcome.record.data.identity_kind is IdentityKind.ONCE


def test_a_form_sent_twice_has_one_id_and_another_form_or_content_another() -> None:
    ids = [
        {admitted.record.id for admitted in decided(one) if isinstance(admitted, Accepted)}
        for one in (CALL, CALL, replace(CALL, entry="f"), replace(CALL, case="c-8"))
    ]
    assert ids[0] == ids[1]
    assert len(set.union(*ids)) == 3


def test_a_time_is_the_services_own() -> None:
    [outcome] = decided(replace(CALL, time="2026-03-10T09:30"))
    assert isinstance(outcome, Accepted)
    assert outcome.record.time.isoformat() == "2026-03-10T08:30:00+00:00"


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"time": "yesterday"}, "time: not RFC 3339, such as 2026-03-01T09:00:00Z"),
        ({"channel": "website"}, "channel: this source may send: in_person, phone, "),
        ({"reason": "chasing"}, "contact.reason: unknown; did you mean 'chase'?"),
        ({"outcome": "suczess"}, "outcome: unknown; did you mean 'success'?"),
        ({"place": ""}, "service: is required"),
    ],
)
def test_what_cannot_be_right_is_told_and_can_be_mended(
    changed: dict[str, str], detail: str
) -> None:
    filled = replace(CALL, **changed)
    outcomes = decided(filled)
    assert any(isinstance(one, Rejected) and one.detail.startswith(detail) for one in outcomes)
    told = desk_words.told(filled, outcomes, RULES)
    assert (told.is_done, told.title) == (False, "Not recorded")
    assert any(line.startswith(detail) for line in told.lines)


def test_what_was_recorded_is_said_without_the_case_number() -> None:
    filled = replace(CALL, outcome="success", time="2026-03-10T09:30")
    told = desk_words.told(filled, decided(filled), RULES)
    assert told.is_done
    assert told.lines == (
        "Phone, Parking permit, Counter",
        "Asked for help: to ask how far it is",
        "Ended: done as asked",
        "With a case number",
        "At 2026-03-10 09:30",
    )


def test_a_place_that_is_none_is_told_as_the_one_it_was_counted_at() -> None:
    filled = replace(CALL, place="parking/", case="")
    told = desk_words.told(filled, decided(filled), RULES)
    assert told.lines[0] == "Phone, Parking permit, Other"


def test_a_desk_is_offered_its_channels_and_the_touchpoints_they_meet_at() -> None:
    assert desk_words.channels(HALL)[0] == ("in_person", "In person")
    assert desk_words.places(HALL, RULES) == [
        (
            "Parking permit",
            [("parking/counter", "Counter"), ("parking/other", "Parking permit: something else")],
        ),
        ("Taxes", [("taxes/other", "Taxes: something else")]),
    ]
    assert {value for value, _ in desk_words.outcome_options()} == set(REPORTABLE) == set(ENDINGS)


def test_a_cookie_says_who_sits_there() -> None:
    assert SESSIONS.source(COOKIE, RULES.sources, NOW) == HALL


@pytest.mark.parametrize("cookie", ["", "~~~", "town-hall", COOKIE[:-1], COOKIE.replace("h", "i")])
def test_a_cookie_that_was_not_signed_here_says_nothing(cookie: str) -> None:
    assert SESSIONS.source(cookie, RULES.sources, NOW) is None


def test_a_cookie_is_over_with_its_time_its_token_and_its_source() -> None:
    assert SESSIONS.source(COOKIE, RULES.sources, NOW + LASTS) is None
    assert SESSIONS.source(COOKIE, RULES.sources, NOW + LASTS - timedelta(seconds=1)) == HALL
    without = {HALL.id: HALL.model_copy(update={"token_sha256": (token_hash("new"),)})}
    assert SESSIONS.source(COOKIE, without, NOW) is None
    assert SESSIONS.source(COOKIE, {}, NOW) is None


def test_a_form_is_taken_only_in_the_session_it_was_given_to() -> None:
    entry = SESSIONS.entry(COOKIE, "u-1")
    other = SESSIONS.begun(HALL, token_hash("town-hall"), NOW + timedelta(minutes=1))
    assert SESSIONS.is_entry(entry, COOKIE)
    assert not SESSIONS.is_entry(entry, other)
    assert not SESSIONS.is_entry(entry.replace("u-1", "u-2"), COOKIE)
    assert not SESSIONS.is_entry("", COOKIE)
    assert not SESSIONS.is_entry(COOKIE, COOKIE)
