"""CloudEvents, request by request; the cases are in cloudevents.yml."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import encode
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.protocols import PROTOCOLS
from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS, read
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.submission import Received
from tests.unit.ingest.world import RULES, arrival, cloudevent, json

CASES = yaml.safe_load(Path(__file__).with_name("cloudevents.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_request_events_and_reply_belong_together(case: dict[str, Any]) -> None:
    request = Request(case["request"]["headers"], case["request"]["body"].encode())
    events = read(request)
    assert not isinstance(events, Malformed)
    outcomes = [admit(event, arrival(), RULES) for event in events]
    told = [_told(o) for o in outcomes if isinstance(o, Accepted)]
    expected = case["published"]
    assert [{n: t[n] for n in e} for t, e in zip(told, expected, strict=True)] == expected
    assert msgspec.json.decode(CLOUDEVENTS.reply(outcomes).body) == case["reply"]


def _told(outcome: Accepted) -> dict[str, Any]:
    record: dict[str, Any] = msgspec.json.decode(encode(outcome.record))
    data: dict[str, Any] = record["data"]
    return record | data


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "body: Input data was truncated"),
        (b"not json", "body: JSON is malformed"),
        (b'{"specversion": "1.0"', "body: Input data was truncated"),
        (b"{}", "body: neither a CloudEvent"),
        (b"7", "body: neither a CloudEvent"),
        (b'"text"', "body: neither a CloudEvent"),
        (b'{"data": {}}', "body: neither a CloudEvent"),
        (b"[1, 2", "body: Input data was truncated"),
        (b"\xff\xfe", "body: JSON is malformed: invalid character (byte 0)"),
        (b'{"specversion": "\xff"}', "body: "),
        (b'{"specversion": "1.0"}\x00', "body: JSON is malformed: trailing characters"),
        (b'{"specversion": NaN}', "body: JSON is malformed"),
        (b"[" * 100_000, "body: nested too deeply"),
        (b'{"specversion":' * 10_000, "body: nested too deeply"),
    ],
)
def test_a_body_that_is_no_cloudevent_is_malformed_and_quoted_nowhere(
    body: bytes, detail: str
) -> None:
    found = read(Request({}, body))
    assert isinstance(found, Malformed)
    assert found.detail.startswith(detail)


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"ce-id": "%ff"}, "header ce-id: not UTF-8"),
        ({"ce-id": "\udcff"}, "header ce-id: not UTF-8"),
    ],
)
def test_a_binary_header_that_is_not_utf8_is_malformed(
    headers: dict[str, str], detail: str
) -> None:
    assert read(Request({"ce-specversion": "1.0", **headers}, b"{}")) == Malformed(detail)


def test_the_original_of_an_event_in_a_batch_is_its_own_bytes() -> None:
    first, second = json(cloudevent(id="a")), json(cloudevent(id="b"))
    events = read(Request({}, b"[" + first + b" , " + second + b"]"))
    assert not isinstance(events, Malformed)
    assert [event.original for event in events] == [first, second]


def test_the_original_of_a_binary_event_holds_its_attributes_and_body() -> None:
    events = read(Request({"ce-specversion": "1.0", "ce-id": "a"}, b'{"x":1}'))
    assert not isinstance(events, Malformed)
    expected = {"specversion": "1.0", "id": "a", "data_base64": "eyJ4IjoxfQ=="}
    assert msgspec.json.decode(events[0].original) == expected


@given(st.binary(max_size=300), st.dictionaries(st.text(), st.text(), max_size=3))
def test_reading_never_raises(body: bytes, headers: dict[str, str]) -> None:
    for prefix in (b"", b"[", b'{"specversion":"1.0","data":'):
        found = read(Request(headers, prefix + body))
        assert isinstance(found, Malformed | tuple)


def test_three_modes_of_one_event_are_the_same_submission() -> None:
    event = cloudevent()
    headers = {f"ce-{name}": str(value) for name, value in event.items() if name != "data"}
    requests = [
        Request({}, json(event)),
        Request({}, json([event])),
        Request(headers, json(event["data"])),
    ]
    contents = []
    for request in requests:
        (found,) = read(request)  # type: ignore[misc]
        assert isinstance(found, Received)
        contents.append(found.content)
    assert contents[0] == contents[1] == contents[2]


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
    ],
)
def test_the_credential_is_a_bearer_token(header: str, token: str | None) -> None:
    assert CLOUDEVENTS.credential(Request({"authorization": header}, b"")) == token


def test_no_two_protocols_share_a_path_or_a_name() -> None:
    paths = [path for protocol in PROTOCOLS for path in protocol.paths]
    names = [protocol.name for protocol in PROTOCOLS]
    assert (len(set(paths)), len(set(names))) == (len(paths), len(names))
