"""Every protocol, request by request: the cases of each are in the file of its name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import encode
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.protocols import PROTOCOLS, addressed, understood
from services.ingest.domain.protocols.json_body import NotJson, parsed
from services.ingest.domain.protocols.protocol import Malformed, Protocol, Reply, Request
from services.ingest.domain.submission import Submission
from tests.unit.ingest.world import RULES, arrival

HERE = Path(__file__).parent


def cases(protocol: Protocol) -> list[dict[str, Any]]:
    """What is sent in this language, and what becomes of it."""
    told: list[dict[str, Any]] = yaml.safe_load((HERE / f"{protocol.name}.yml").read_text("utf-8"))
    return told


CASES = [
    pytest.param(protocol, case, id=f"{protocol.name}: {case['case']}")
    for protocol in PROTOCOLS
    for case in cases(protocol)
]


def requested(protocol: Protocol, said: Mapping[str, Any]) -> Request:
    """The request of a case."""
    body = said.get("body", "")
    request = Request(
        headers=said.get("headers", {}),
        body=body.encode(),
        query=said.get("query", {}),
        path=said.get("path", protocol.paths[0]),
        method=said.get("method", "POST"),
    )
    return addressed(request, RULES.hooks)


def arrived(protocol: Protocol, request: Request) -> Arrival:
    """An event of the request, of the source that its path names, if it does."""
    source = request.hook.source if request.hook else "web"
    return arrival(source, protocol=protocol.name)


def told(outcome: Outcome) -> dict[str, Any]:
    """What became of an event, as a case says it."""
    if isinstance(outcome, Ignored):
        return {"ignored": str(outcome.reason)}
    if isinstance(outcome, Rejected):
        return {"rejected": str(outcome.reason), "detail": outcome.detail}
    record: dict[str, Any] = msgspec.json.decode(encode(outcome.record))
    data: dict[str, Any] = record["data"]
    return record | data


@pytest.mark.parametrize(("protocol", "case"), CASES)
def test_request_events_and_reply_belong_together(protocol: Protocol, case: dict[str, Any]) -> None:
    request = requested(protocol, case["request"])
    events = protocol.read(request)
    if "malformed" in case:
        assert events == Malformed(case["malformed"])
        return
    assert not isinstance(events, Malformed)
    outcomes = [admit(event, arrived(protocol, request), RULES) for event in events]
    if "published" in case:
        _assert_alike(
            [told(one) for one in outcomes if isinstance(one, Accepted)], case["published"]
        )
    if "became" in case:
        _assert_alike([told(one) for one in outcomes], case["became"])
    if "credential" in case:
        assert protocol.credential(request) == case["credential"]
    if "reply" in case:
        assert _as_case(protocol.reply(request, outcomes), case["reply"]) == case["reply"]


def _assert_alike(found: Sequence[dict[str, Any]], expected: Sequence[dict[str, Any]]) -> None:
    """Only what the case is about is looked at."""
    assert [{n: t.get(n) for n in e} for t, e in zip(found, expected, strict=True)] == expected


def _as_case(reply: Reply, expected: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(expected.get("status"), int):
        content: dict[str, Any] = msgspec.json.decode(reply.body)
        return content
    return {"status": reply.status, "type": reply.content_type, "bytes": len(reply.body)}


def test_no_two_protocols_share_a_path_or_a_name() -> None:
    paths = [path for protocol in PROTOCOLS for path in protocol.paths]
    names = [protocol.name for protocol in PROTOCOLS]
    assert (len(set(paths)), len(set(names))) == (len(paths), len(names))


@pytest.mark.parametrize(("protocol", "case"), CASES)
def test_a_request_is_understood_by_its_path(protocol: Protocol, case: dict[str, Any]) -> None:
    found = understood(requested(protocol, case["request"]))
    if "malformed" in case:
        assert isinstance(found, Malformed)
    else:
        assert not isinstance(found, Malformed)
        assert found[0] is protocol


@pytest.mark.parametrize(("protocol", "case"), CASES)
def test_what_is_kept_of_an_event_is_read_again_as_the_same_event(
    protocol: Protocol, case: dict[str, Any]
) -> None:
    """Without the rest of its request: else a rejection could not be replayed."""
    request = requested(protocol, case["request"])
    events = protocol.read(request)
    for one in () if isinstance(events, Malformed) else events:
        path = request.path if request.hook else protocol.paths[0]
        kept = addressed(Request({}, protocol.alone(one.original), path=path), RULES.hooks)
        again = protocol.read(kept)
        assert not isinstance(again, Malformed)
        assert len(again) == 1
        if isinstance(one.content, Submission):
            assert again[0].content == one.content
        elif protocol.credential(kept) in {None, case.get("credential", "7")}:
            assert isinstance(again[0].content, type(one.content))


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_a_browser_whose_name_is_no_text_is_a_browser(protocol: Protocol) -> None:
    """As the server hands such bytes on."""
    request = requested(protocol, cases(protocol)[0]["request"])
    named = {**request.headers, "user-agent": "Mozilla/5.0 \udcff"}
    events = protocol.read(replace(request, headers=named))
    assert not isinstance(events, Malformed)
    for event in events:
        event.original.decode()


def test_where_a_body_is_no_json_is_told_in_few_words() -> None:
    with pytest.raises(NotJson, match="body: Number out of range") as told:
        parsed(b"[" * 200 + b"1e999" + b"]" * 200)
    assert len(str(told.value)) <= 200


WORDS = st.dictionaries(st.text(max_size=9), st.text(max_size=40), max_size=4)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
@given(body=st.binary(max_size=300), headers=WORDS, query=WORDS, start=st.data())
def test_reading_and_replying_never_raise(
    protocol: Protocol, body: bytes, headers: dict[str, str], query: dict[str, str], start: Any
) -> None:
    prefix = start.draw(st.sampled_from(STARTS))
    path = start.draw(st.sampled_from(protocol.paths)).replace("{source}", "inbox")
    request = addressed(Request(headers, prefix + body, query, path), RULES.hooks)
    credential = protocol.credential(request)
    assert credential is None or isinstance(credential, str)
    events = protocol.read(request)
    if not isinstance(events, Malformed):
        outcomes = [admit(event, arrived(protocol, request), RULES) for event in events]
        assert isinstance(protocol.reply(request, outcomes), Reply)


STARTS = (
    *(b"", b"[", b'{"specversion":"1.0","data":', b"idsite=7&rec=1&url=", b"?idsite=7&rec=1&"),
    *(b"service,time,reason\n", b"id;count;answer\n"),
    *(b'{"requests":[', b'{"requests":["?idsite=7&rec=1&url='),
    *(b'{"batch":[{"type":"track","event":"', b'{"events":[{"name":"', b'{"events":['),
    *(b'{"messages":[{"kind":"message","form":"SV_1","answers":', b'{"throughline":{},"body":'),
    b'{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/x","data":[{"e":"ue","ue_pr":"',
)
