"""Signatures of webhooks, as the kept library of Standard Webhooks and as Qualtrics makes them."""

import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from standardwebhooks.webhooks import Webhook

from services.ingest.domain.protocols.protocol import Request
from services.ingest.domain.signature import fault
from tests.unit.ingest.world import (
    NEXT_SURVEY_SECRET,
    NOW,
    PANEL_SECRET,
    RULES,
    SURVEY_SECRET,
)

BODY = b'{"event": "responseFinished", "data": {"id": "r-\xc3\xa9"}}'
OTHER = "whsec_c29tZWJvZHkgZWxzZSdz"


def signed(*secrets: str, body: bytes = BODY, changes: dict[str, str] | None = None) -> Request:
    made = [Webhook(secret).sign("msg-1", NOW, BODY.decode()) for secret in secrets]
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": " ".join(made),
    }
    return Request(headers | (changes or {}), body)


def told(request: Request, source: str = "survey", now: datetime = NOW) -> str | None:
    return fault(RULES.hooks[source], request, now)


@pytest.mark.parametrize(
    "secrets",
    [
        (SURVEY_SECRET,),
        (NEXT_SURVEY_SECRET,),
        (OTHER, NEXT_SURVEY_SECRET),
        (SURVEY_SECRET, OTHER),
    ],
)
def test_one_of_several_signatures_with_one_of_several_secrets_is_enough(
    secrets: tuple[str, ...],
) -> None:
    assert told(signed(*secrets)) is None


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (signed(OTHER), "webhook-signature: made with none of this source's secrets"),
        (signed(SURVEY_SECRET, body=BODY + b" "), "webhook-signature: made with none"),
        (
            signed(SURVEY_SECRET, changes={"webhook-id": "msg-2"}),
            "webhook-signature: made with none",
        ),
        (
            signed(SURVEY_SECRET, changes={"webhook-signature": "v1,\xff v1"}),
            "webhook-signature: made",
        ),
        (
            signed(SURVEY_SECRET, changes={"webhook-timestamp": "soon"}),
            "webhook-timestamp: not seconds",
        ),
        (signed(SURVEY_SECRET, changes={"webhook-id": ""}), "webhook-id, webhook-timestamp and"),
        (Request({}, BODY), "webhook-id, webhook-timestamp and webhook-signature: are required"),
    ],
)
def test_what_is_not_signed_as_it_must_be_is_refused_with_what_is_wrong(
    request_: Request, sentence: str
) -> None:
    found = told(request_)
    assert found is not None
    assert found.startswith(sentence)


@pytest.mark.parametrize("age", [timedelta(seconds=301), timedelta(seconds=-301)])
def test_a_signature_of_more_than_five_minutes_ago_or_ahead_is_refused(age: timedelta) -> None:
    within = timedelta(seconds=299 if age > timedelta(0) else -299)
    assert told(signed(SURVEY_SECRET), now=NOW + within) is None
    found = told(signed(SURVEY_SECRET), now=NOW + age)
    assert found is not None
    assert "more than 5 minutes from our clock" in found


def form(secret: str = PANEL_SECRET, said: str = '{"SurveyID": "SV_1"}', **changes: str) -> Request:
    made = hmac.digest(secret.encode(), b'{"SurveyID": "SV_1"}', "sha512").hex()
    fields = {"MSG": said, "HMAC": made, "Topic": "x"} | changes
    return Request({}, urlencode(fields).encode())


def test_a_message_of_qualtrics_has_its_hmac_beside_it() -> None:
    assert told(form(), "panel") is None
    assert told(form(HMAC=form().form["HMAC"].upper()), "panel") is None


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (form("a key of another"), "HMAC: made with none of this source's secrets"),
        (form(said='{"SurveyID": "SV_2"}'), "HMAC: made with none of this source's secrets"),
        (form(HMAC=""), "MSG and HMAC: are required, since the subscription has a shared key"),
        (
            Request({}, b'{"SurveyID": "&' + form().body + b'&"}'),
            "MSG and HMAC: are required, since the subscription has a shared key",
        ),
        (Request({}, b"{}"), "MSG and HMAC: are required, since the subscription has a shared key"),
    ],
)
def test_another_message_of_qualtrics_is_refused(request_: Request, sentence: str) -> None:
    assert told(request_, "panel", datetime(2030, 1, 1, tzinfo=UTC)) == sentence
