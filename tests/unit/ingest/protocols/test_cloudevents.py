"""What is peculiar to CloudEvents; request by request they are in cloudevents.yml."""

import msgspec
import pytest

from services.ingest.domain.protocols.cloudevents import CLOUDEVENTS, read
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.submission import Received
from tests.unit.ingest.world import cloudevent, json


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
