"""A record of the inbox is what the same event over HTTP would be."""

import msgspec
import pytest

from schemas.vocabulary import Reason
from services.ingest.domain.inbox import InboxRecord
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS
from services.ingest.domain.protocols.protocol import Request
from tests.unit.ingest.world import cloudevent, json, visit

TOKEN = (("authorization", b"Bearer town-hall-token"),)
BINARY = (
    *TOKEN,
    ("ce_specversion", b"1.0"),
    ("ce_id", b"e-1"),
    ("ce_source", "/loket/%41/é".encode()),
    ("ce_type", b"parking.visit"),
    ("content-type", b"application/json"),
)


def test_a_structured_record_is_the_event_of_a_structured_request() -> None:
    body = json(cloudevent())
    read = CLOUDEVENTS.read(Request({}, body))
    assert isinstance(read, tuple)
    assert InboxRecord(TOKEN, body).received == read[0]


def test_a_binary_record_has_its_attributes_in_its_headers_as_they_are() -> None:
    told = InboxRecord(BINARY, json(visit())).received
    headers = {"ce-specversion": "1.0", "ce-id": "e-1", "ce-type": "parking.visit"}
    headers["ce-source"] = "/loket/%2541/%C3%A9"
    read = CLOUDEVENTS.read(Request(headers, json(visit())))
    assert isinstance(read, tuple)
    assert told.content == read[0].content
    kept = msgspec.json.decode(told.original)
    assert kept["source"] == "/loket/%41/é"
    assert "authorization" not in kept


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        (TOKEN, "town-hall-token"),
        ((("Authorization", b"bearer x"),), "x"),
        ((("authorization", b"\xff"),), None),
        ((("authorization", None),), None),
        ((), None),
    ],
)
def test_who_sends_is_told_by_the_token_of_http(
    headers: tuple[tuple[str, bytes], ...], token: str | None
) -> None:
    assert InboxRecord(headers, b"{}").token == token


@pytest.mark.parametrize(
    ("headers", "value", "detail"),
    [
        ((), b"not json", "body: "),
        ((), None, "body: "),
        ((), b"{}", "body: neither a CloudEvent"),
        ((), b' [{"specversion":"1.0"}]', "value: a batch; a record holds one event"),
        ((("ce_specversion", b"1.0"), ("ce_id", b"\xff")), b"{}", "header ce-id: not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_and_kept(
    headers: tuple[tuple[str, bytes], ...], value: bytes | None, detail: str
) -> None:
    told = InboxRecord(headers, value).received
    assert isinstance(told.content, Rejected)
    assert told.content.reason is Reason.BAD_VALUE
    assert told.content.detail.startswith(detail)
    assert told.original == (value or b"")
