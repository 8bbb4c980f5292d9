"""What is told of many: kept apart by its provenance, never joined to a person."""

from typing import Any

import pytest

from schemas.touchpoint_event import DriverMention, TouchpointRecord
from schemas.vocabulary import Driver, IdentityKind, Polarity, Provenance, Reason
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Accepted, Rejected
from tests.unit.ingest.world import RULES, arrival, received, visit

THEME = [{"driver": "ease", "polarity": "negative", "chosen": 1}]
GROUP: dict[str, Any] = {
    "touchpoint": "letter",
    "channel": "focus_group",
    "citizen": None,
    "action": "answered",
    "count": 9,
    "feedback": {"instrument": "linked-survey", "drivers": THEME},
}


def record(**changes: Any) -> TouchpointRecord:
    outcome = admit(received(visit(**changes)), arrival("town-hall"), RULES)
    assert isinstance(outcome, Accepted), outcome
    return outcome.record


def refused(**changes: Any) -> Rejected:
    outcome = admit(received(visit(**changes)), arrival("town-hall"), RULES)
    assert isinstance(outcome, Rejected), outcome
    return outcome


def test_a_theme_of_a_focus_group_is_a_coded_driver_of_as_many_as_said_it() -> None:
    event = record(**GROUP).data
    assert (event.provenance, event.count) == (Provenance.MODERATED, 9)
    assert event.identity_kind is IdentityKind.ONCE
    assert event.feedback is not None
    assert event.feedback.answer is None
    assert event.feedback.drivers == (
        DriverMention(driver=Driver.EASE, polarity=Polarity.NEGATIVE, chosen=1),
    )


def test_a_theme_joins_nobody_whatever_else_is_sent() -> None:
    event = record(**GROUP | {"count": 1, "citizen": "42"}).data
    assert event.identity_kind is IdentityKind.ONCE


@pytest.mark.parametrize("known", ["citizen", "visitor", "case"])
@pytest.mark.parametrize("provenance", ["moderated", "estimated", "self_reported"])
def test_what_somebody_was_asked_or_is_thought_to_have_done_is_on_nobodys_journey(
    known: str, provenance: str
) -> None:
    said = {"channel": "phone", "citizen": None, "provenance": provenance}
    one, other = (record(**said | {known: who}) for who in ("1", "2"))
    is_joined = provenance == "self_reported"
    assert (one.data.identity_kind is not IdentityKind.ONCE) is is_joined
    assert (one.data.case is not None) is (is_joined and known == "case")
    # Else it is the event's own, made of its id.
    assert (one.subject != other.subject) is is_joined


@pytest.mark.parametrize(
    ("changes", "provenance"),
    [
        ({}, Provenance.OBSERVED),
        ({"provenance": "self_reported"}, Provenance.SELF_REPORTED),
        ({"count": 40, "citizen": None}, Provenance.ESTIMATED),
        ({"count": 40, "citizen": None, "provenance": "moderated"}, Provenance.MODERATED),
    ],
)
def test_how_it_came_to_be_known_is_said_or_follows(
    changes: dict[str, Any], provenance: Provenance
) -> None:
    assert record(channel="phone", **changes).data.provenance is provenance


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"count": 2}, Reason.BAD_VALUE, "citizen: a tally is of people nobody knows; leave it"),
        ({"count": 2, "citizen": None, "case": "c"}, Reason.BAD_VALUE, "case: a tally is of "),
        ({"count": 0}, Reason.BAD_VALUE, "count: must be greater than or equal to 1"),
        ({"count": 2, "provenance": "observed"}, Reason.BAD_VALUE, "provenance: a tally is esti"),
        ({"provenance": "guessed"}, Reason.UNKNOWN_WORD, "provenance: unknown; known: estimated"),
        ({"channel": "focus_group", "provenance": "observed"}, Reason.BAD_VALUE, "provenance: wh"),
        (GROUP | {"channel": "phone", "count": 1}, Reason.MISSING_FIELD, "feedback.answer: act"),
    ],
)
def test_what_would_count_guesses_as_people_is_refused(
    changes: dict[str, Any], reason: Reason, detail: str
) -> None:
    outcome = refused(**{"channel": "phone"} | changes)
    assert outcome.reason is reason
    assert outcome.detail.startswith(detail)


def test_on_social_media_nobody_is_followed_by_a_handle_and_no_text_is_kept() -> None:
    said = {"channel": "social_media", "text": "The counter was closed again", "visitor": "@ann"}
    event = record(**said)
    assert event.data.identity_kind is IdentityKind.ONCE
    assert "closed" not in event.model_dump_json()
    first, second = (record(**said | {"citizen": handle}).subject for handle in ("@ann", "@bob"))
    assert first == second == event.subject  # it is the event's own, made of its id
    case = record(**said | {"case": "c-7"}).data  # the service's own number, no handle
    assert case.identity_kind is IdentityKind.CASE
