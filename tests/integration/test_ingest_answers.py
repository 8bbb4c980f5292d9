"""More than a hundred malformed inputs through the real listener, each with its documented answer.

Long because it is one table. Kafka is a fake here: what is real is HTTP.
"""

import asyncio
import gzip
import io
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import pytest
from aiohttp import web

from schemas.codec import decode
from schemas.rejection import Rejection
from schemas.topics import TOUCHPOINTS, TOUCHPOINTS_REJECTED
from services.ingest.adapters.listeners import Listener, listening
from services.ingest.domain.protocols.protocol import MOST_EVENTS
from services.ingest.domain.sealing import unseal
from services.ingest.settings import StartRefused
from tests.integration.ingest_served import MAX_BODY_BYTES, Served, served
from tests.unit.ingest.world import (
    NOW,
    RULES,
    RecordingWorld,
    WayToKafka,
    cloudevent,
    json,
    visit,
)

WEB = {"Authorization": "Bearer web-token"}
GZIP = {"Content-Encoding": "gzip"}
GOOD = json(cloudevent())


class Case(NamedTuple):
    """What is sent, and the answer: a status, with a sentence when it is an error, and with the
    reason when the one event in it is rejected.
    """

    name: str
    body: bytes
    status: int
    told: str
    headers: dict[str, str] = {}


def malformed(name: str, body: bytes, told: str = "body: ", **headers: str) -> Case:
    return Case(name, body, 400, told, {n.replace("_", "-"): v for n, v in headers.items()})


def rejected(name: str, reason: str, event: object) -> Case:
    return Case(name, json(event), 200, reason)


def field(name: str, reason: str, **changes: Any) -> Case:
    return rejected(name, reason, cloudevent(visit(**changes)))


def moment(name: str, reason: str, time: object) -> Case:
    return rejected(name, reason, cloudevent(time=time))


def binary(name: str, reason: str, body: bytes, **attributes: str) -> Case:
    known = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"}
    sent = known | {f"ce-{n}": v for n, v in attributes.items()}
    return Case(name, body, 200, reason, {n: v for n, v in sent.items() if v != "-"})


DEEP = b'{"specversion":"1.0","id":"1","source":"/s","type":"t","data":' + b'{"a":' * 5_000
LARGE = json(cloudevent(visit(text="x" * 70_000)))

CASES = [
    # not a CloudEvent at all
    malformed("empty body", b""),
    malformed("spaces", b"   "),
    malformed("plain text", b"hello"),
    malformed("HTML", b"<html></html>"),
    malformed("XML with a specversion", b"<event specversion='1.0'/>"),
    malformed("a form", b"service=parking&touchpoint=page"),
    malformed("a lone brace", b"{"),
    malformed("a lone bracket", b"["),
    malformed("half an object", GOOD[:-5]),
    malformed("half a batch", b"[" + GOOD + b","),
    malformed("two objects", GOOD + GOOD),
    malformed("lines of JSON", GOOD + b"\n" + GOOD),
    malformed("a trailing comma", b"[" + GOOD + b",]"),
    malformed("single quotes", GOOD.replace(b'"', b"'")),
    malformed("a comment", b"/* x */" + GOOD),
    malformed("a byte order mark", b"\xef\xbb\xbf" + GOOD),
    malformed("UTF-16", GOOD.decode().encode("utf-16")),
    malformed("invalid UTF-8", GOOD.replace(b"e-1", b"e-\xff")),
    malformed("an overlong NUL", GOOD.replace(b"e-1", b"e-\xc0\x80")),
    malformed("a NUL byte after it", GOOD + b"\x00"),
    malformed("a NUL byte inside text", GOOD.replace(b"e-1", b"e-\x00")),
    malformed("a batch of very many", b"[" + b"0," * MOST_EVENTS + b"0]", "send fewer"),
    malformed("only NUL bytes", b"\x00" * 100),
    malformed("a lone surrogate", GOOD.replace(b"e-1", b"\\ud800")),
    malformed("NaN", GOOD.replace(b'"e-1"', b"NaN")),
    malformed("Infinity", GOOD.replace(b'"e-1"', b"Infinity")),
    malformed("a hexadecimal number", GOOD.replace(b'"e-1"', b"0x10")),
    malformed("a number with a leading nought", GOOD.replace(b'"e-1"', b"01")),
    malformed("a raw newline in text", GOOD.replace(b"e-1", b"e\n1")),
    malformed("a bad escape", GOOD.replace(b"e-1", b"\\x41")),
    malformed("null", b"null"),
    malformed("true", b"true"),
    malformed("a number", b"1"),
    malformed("text", b'"specversion"'),
    malformed("an empty object", b"{}"),
    malformed("no specversion", json(cloudevent(specversion=None))),
    malformed("deep brackets", b"[" * 50_000),
    malformed("deep and closed", b"[" * 5_000 + b"]" * 5_000),
    malformed("deep objects", DEEP + b"1" + b"}" * 5_001),
    malformed("random bytes", bytes(range(256))),
    malformed("binary mode without JSON", b"hello", ce_specversion="1.0", ce_id="1"),
    malformed("binary mode, bad percent", b"{}", "header ce-id", ce_specversion="1.0", ce_id="%ff"),
    # who sends
    Case("no token", GOOD, 401, "no source has this token or write key", {"Authorization": ""}),
    Case("unknown token", GOOD, 401, "no source", {"Authorization": "Bearer x"}),
    Case("a hash for a token", GOOD, 401, "no source", {"Authorization": "Bearer " + "0" * 64}),
    Case("another scheme", GOOD, 401, "no source", {"Authorization": "Basic web-token"}),
    Case("a token without scheme", GOOD, 401, "no source", {"Authorization": "web-token"}),
    Case("a scheme without token", GOOD, 401, "no source", {"Authorization": "Bearer"}),
    Case("a long token", GOOD, 401, "no source", {"Authorization": "Bearer " + "x" * 4_000}),
    Case("a token beyond ASCII", GOOD, 401, "no source", {"Authorization": "Bearer tökén"}),
    Case("bad token, bad body", b"{", 401, "no source", {"Authorization": "Bearer x"}),
    Case("another protocol's source", GOOD, 403, "may not", {"Authorization": "Bearer logs-token"}),
    # how large, how packed
    Case("a body over the limit", b"[" + b" " * MAX_BODY_BYTES + b"]", 413, "larger than"),
    Case("a gzip bomb", gzip.compress(b"[" + b" " * 100_000_000), 413, "larger than", GZIP),
    Case(
        "a zlib bomb", zlib.compress(bytes(10**8)), 413, "larger", {"Content-Encoding": "deflate"}
    ),
    Case("truncated gzip", gzip.compress(GOOD)[:-9], 400, "cut short", GZIP),
    Case("gzip without its check", gzip.compress(GOOD)[:-8], 400, "cut short", GZIP),
    Case("gzip with a wrong check", gzip.compress(GOOD)[:-8] + bytes(8), 400, "not gzip", GZIP),
    Case("gzip and more", gzip.compress(GOOD) + b"x", 400, "something follows", GZIP),
    Case("gzip that is none", GOOD, 400, "not gzip", GZIP),
    Case("gzip of nothing", b"", 400, "cut short", GZIP),
    Case("gzip of no JSON", gzip.compress(b"hello"), 400, "body: ", GZIP),
    Case("an encoding of another kind", GOOD, 415, "gzip", {"Content-Encoding": "br"}),
    Case("two encodings", GOOD, 415, "gzip", {"Content-Encoding": "gzip, gzip"}),
    Case("one large event", LARGE, 200, "too_large"),
    # the envelope
    rejected("id missing", "missing_field", cloudevent(id=None)),
    rejected("id empty", "missing_field", cloudevent(id="")),
    rejected("id a number", "wrong_type", cloudevent(id=7)),
    rejected("id an object", "wrong_type", cloudevent(id={})),
    rejected("id too long", "bad_value", cloudevent(id="x" * 401)),
    rejected("id with NUL", "bad_value", cloudevent(id="a\x00")),
    rejected("source missing", "missing_field", cloudevent(source=None)),
    rejected("source a list", "wrong_type", cloudevent(source=["/s"])),
    rejected("type missing", "missing_field", cloudevent(type=None)),
    rejected("type null", "missing_field", cloudevent() | {"type": None}),
    rejected("an old specversion", "bad_value", cloudevent(specversion="0.3")),
    rejected("specversion a number", "bad_value", cloudevent(specversion=1)),
    rejected("specversion null", "missing_field", cloudevent() | {"specversion": None}),
    rejected("a batch of a number", "not_an_object", [7]),
    rejected("a batch of null", "not_an_object", [None]),
    rejected("a batch of text", "not_an_object", ["x"]),
    rejected("a batch of a batch", "not_an_object", [[cloudevent()]]),
    rejected("a batch of nothing known", "missing_field", [{}]),
    # the data
    rejected("data missing", "not_an_object", cloudevent(data=None)),
    rejected("data text", "not_an_object", cloudevent("service")),
    rejected("data a list", "not_an_object", cloudevent([1])),
    rejected("data empty", "missing_field", cloudevent({})),
    rejected("broken base64", "not_an_object", cloudevent(data=None, data_base64="?")),
    rejected("base64 a number", "not_an_object", cloudevent(data=None, data_base64=7)),
    binary("binary without data", "not_an_object", b""),
    binary("binary, data a list", "not_an_object", b"[]"),
    binary("binary without id", "missing_field", b"{}", id="-"),
    binary("binary of another version", "bad_value", b"{}", specversion="2"),
    binary("binary, a NUL in its id", "bad_value", b"{}", id="a%00"),
    binary("binary, unknown service", "unknown_service", b'{"service":"x"}'),
    field("service unknown", "unknown_service", service="nothing"),
    field("service of others", "service_not_allowed", service="taxes"),
    field("service a number", "wrong_type", service=1),
    field("service in capitals", "bad_value", service="PARKING"),
    field("service null", "wrong_type")._replace(body=json(cloudevent({"service": None}))),
    field("touchpoint unknown", "unknown_touchpoint", touchpoint="nowhere"),
    field("touchpoint a list", "wrong_type", touchpoint=[]),
    field("channel unknown", "unknown_channel", channel="telegraph"),
    field("channel not allowed", "channel_not_allowed", channel="phone"),
    field("channel a number", "wrong_type", channel=3),
    field("action unknown", "unknown_action", action="clicked"),
    field("initiator unknown", "unknown_word", initiator="robot"),
    field("outcome unknown", "unknown_word", outcome="fine"),
    field("outcome of silence", "bad_value", outcome="abandoned"),
    field("a field too many", "unknown_field", colour="red"),
    field("an agency of its own", "unknown_field", agency="town"),
    field("a clock of its own", "unknown_field", clock="demo"),
    field("a pseudonym of its own", "unknown_field", subject="x" * 24),
    field("a quality of its own", "unknown_field", quality="valid"),
    field("citizen a number", "wrong_type", citizen=42),
    field("citizen a list", "wrong_type", citizen=["42"]),
    field("citizen blank", "bad_value", citizen=" "),
    field("citizen with NUL", "bad_value", citizen="4\x002"),
    field("citizen huge", "bad_value", citizen="4" * 10_000),
    field("case an object", "wrong_type", case={}),
    field("sequence text", "wrong_type", sequence="1"),
    field("sequence a fraction", "wrong_type", sequence=1.5),
    field("sequence negative", "bad_value", sequence=-1),
    field("sequence astronomic", "bad_value", sequence=10**30),
    field("assisted text", "wrong_type", assisted="yes"),
    field("language nonsense", "bad_value", language="!!"),
    field("device endless", "bad_value", device="x" * 201),
    field("text endless", "bad_value", text="x" * 20_001),
    field("contact text", "wrong_type", contact="phone"),
    field("contact reason unknown", "unknown_word", contact={"reason": "boredom"}),
    field("feedback text", "wrong_type", feedback="good"),
    field("feedback without instrument", "missing_field", feedback={}),
    field("answered without feedback", "missing_field", action="answered"),
    field("feedback on a visit", "bad_value", feedback={"instrument": "quiet-survey"}),
    field("instrument unknown", "unknown_instrument", feedback={"instrument": "x"}),
    # the time
    moment("time text", "bad_time", "yesterday"),
    moment("time a number", "bad_time", 1773140400),
    moment("time an object", "bad_time", {}),
    moment("time without offset", "bad_time", "2026-03-10T11:00:00"),
    moment("time a day", "bad_time", "2026-03-10"),
    moment("time impossible", "bad_time", "2026-02-30T00:00:00Z"),
    moment("time endless", "bad_time", "2" * 5_000),
    moment("time before time", "bad_time", "0001-01-01T00:00:00+14:00"),
    moment("time ancient", "bad_time", "1492-10-12T00:00:00Z"),
    moment("time after all", "in_the_future", "9999-12-31T00:00:00Z"),
    moment("time the day after", "in_the_future", (NOW + timedelta(days=1, seconds=1)).isoformat()),
    moment("time too old", "too_old", (NOW - timedelta(days=1, seconds=1)).isoformat()),
]


@pytest.fixture
async def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def ingest(world: RecordingWorld) -> AsyncIterator[Served]:
    async with served(world, world) as found:
        yield found


async def post(ingest: Served, body: bytes, headers: dict[str, str] | None = None) -> Any:
    url = f"{ingest.public}/v1/events"
    sent = WEB | (headers or {})
    async with ingest.client.post(url, data=io.BytesIO(body), headers=sent) as response:
        return response.status, await response.read()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_every_malformed_input_has_its_answer(
    case: Case, ingest: Served, world: RecordingWorld
) -> None:
    status, body = await post(ingest, case.body, case.headers)
    told = msgspec.json.decode(body)
    assert status == case.status
    if status == 200:
        (refusal,) = told.pop("rejected")
        assert (told, refusal["reason"]) == ({"accepted": 0, "ignored": 0}, case.told)
        (message,) = world.messages
        assert (message.topic, decode(Rejection, message.value).reason) == (
            TOUCHPOINTS_REJECTED,
            case.told,
        )
    else:
        assert case.told in told["error"]
        assert world.messages == []
    assert (await post(ingest, GOOD))[0] == 200  # nothing crashed


async def test_the_whole_table_on_one_server_adds_up(ingest: Served, world: RecordingWorld) -> None:
    """Nothing disappears: each event is in an answer, each request is counted by its status."""
    answers = [await post(ingest, case.body, case.headers) for case in CASES]
    taken = [msgspec.json.decode(body) for status, body in answers if status == 200]
    assert len(CASES) > 100
    assert len(world.messages) == len(taken) == sum(len(told["rejected"]) for told in taken)
    for status in {status for status, _ in answers}:
        expected = sum(found == status for found, _ in answers)
        assert ingest.value("throughline_requests_total", status=str(status)) == expected


async def test_a_rejected_event_can_be_read_again_with_the_key(
    ingest: Served, world: RecordingWorld
) -> None:
    event = json(cloudevent(visit(service="nothing")))
    await post(ingest, b"[" + event + b"]")
    sealed = decode(Rejection, world.messages[0].value).original
    assert sealed is not None
    assert unseal(RULES.sealing, sealed) == event


async def test_good_events_of_a_batch_pass_beside_bad_ones(
    ingest: Served, world: RecordingWorld
) -> None:
    batch = [cloudevent(id=str(n)) if n % 2 else n for n in range(100)]
    status, body = await post(ingest, gzip.compress(json(batch)), GZIP)
    told = msgspec.json.decode(body)
    assert (status, told["accepted"], len(told["rejected"])) == (200, 50, 50)
    assert [refusal["index"] for refusal in told["rejected"]] == list(range(0, 100, 2))
    topics = [message.topic for message in world.messages]
    assert (topics.count(TOUCHPOINTS), topics.count(TOUCHPOINTS_REJECTED)) == (50, 50)


@pytest.mark.parametrize("path", ["/", "/metrics", "/livez", "/readyz", "/v1/event", "/admin"])
async def test_the_public_listener_has_nothing_of_the_inside(ingest: Served, path: str) -> None:
    async with ingest.client.get(f"{ingest.public}{path}") as response:
        assert response.status == 404
    async with ingest.client.post(f"{ingest.public}/v1/clocks/demo/ticks", data=b"{}") as response:
        assert response.status == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_another_method_is_405(ingest: Served, method: str) -> None:
    async with ingest.client.request(method, f"{ingest.public}/v1/events") as response:
        assert response.status == 405


async def test_a_body_that_stops_halfway_ends_its_connection_and_nothing_else(
    ingest: Served, world: RecordingWorld
) -> None:
    port = int(ingest.public.rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer web-token\r\n"
    writer.write(f"{head}Content-Length: 1000\r\n\r\n".encode() + GOOD)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await post(ingest, GOOD))[0] == 200
    assert len(world.messages) == 1
    assert ingest.value("throughline_requests_total", status="400") == 1


async def test_slow_bodies_fill_no_more_memory_than_may_be_held(
    ingest: Served, world: RecordingWorld
) -> None:
    """Four unfinished bodies hold all there is: a fifth sender is to try again, not to be lost."""
    large = b"[" + b" " * (MAX_BODY_BYTES - 2)
    slow = [await _begin(ingest, large) for _ in range(4)]
    async with asyncio.timeout(10):
        while (status := (await post(ingest, large + b"]"))[0]) == 200:
            pass
    assert status == 503
    for reader, writer in slow:
        writer.write(b"]")
        assert (await reader.readline()).split()[1] == b"200"
        writer.close()
    assert (await post(ingest, large + b"]"))[0] == 200
    assert world.messages == []


async def _begin(ingest: Served, part: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send all of a body but its last byte."""
    port = int(ingest.public.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer web-token\r\n"
    writer.write(f"{head}Content-Length: {len(part) + 1}\r\n\r\n".encode() + part)
    await writer.drain()
    return reader, writer


@pytest.mark.parametrize(
    "request_line",
    [b"GARBAGE\r\n\r\n", b"POST /v1/events HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n"],
)
async def test_what_is_not_http_is_400(ingest: Served, request_line: bytes) -> None:
    port = int(ingest.public.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_line)
    answer = await reader.readline()
    writer.close()
    assert answer.split()[1] == b"400"


async def test_kafka_away_is_503_with_a_time_to_try_again_and_counts_nothing(
    ingest: Served, world: RecordingWorld
) -> None:
    world.is_away = True
    async with ingest.client.post(f"{ingest.public}/v1/events", data=GOOD, headers=WEB) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "3")
    labels = {"source": "web", "channel": "website", "result": "accepted"}
    assert ingest.value("throughline_events_total", **labels) == 0


async def test_the_fuller_it_is_the_later_a_client_is_told_to_come_again() -> None:
    world = RecordingWorld(is_away=True)
    async with served(world, world, way=WayToKafka(fullness=1)) as full:
        url = f"{full.public}/v1/events"
        async with full.client.post(url, data=GOOD, headers=WEB) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "16")


async def test_while_the_way_is_closed_events_are_refused_unread_and_the_rest_is_answered() -> None:
    world = RecordingWorld()
    async with served(world, world, way=WayToKafka(is_closed=True)) as closed:
        told = []
        for path, body in (("events", GOOD), ("events", b"{"), ("explain", GOOD)):
            url = f"{closed.public}/v1/{path}"
            async with closed.client.post(url, data=body, headers=WEB) as response:
                told.append((response.status, response.headers.get("Retry-After")))
        assert told == [(503, "3"), (503, "3"), (200, None)]
    assert world.messages == []


async def test_who_comes_after_a_crowd_is_told_to_come_again_after_it() -> None:
    world = RecordingWorld()
    async with served(world, world, way=WayToKafka(is_closed=True)) as closed:
        told = []
        for body in (b" " * MAX_BODY_BYTES, b" " * MAX_BODY_BYTES, GOOD):
            url = f"{closed.public}/v1/events"
            async with closed.client.post(url, data=body, headers=WEB) as response:
                told.append(int(response.headers["Retry-After"]))
    assert told[0] == 3 < told[1] < told[2]


async def test_the_answer_waits_for_the_acknowledgement(
    ingest: Served, world: RecordingWorld
) -> None:
    world.gate = asyncio.Event()
    answering = asyncio.create_task(post(ingest, GOOD))
    done, _ = await asyncio.wait({answering}, timeout=0.2)
    assert not done
    world.gate.set()
    assert (await answering)[0] == 200


async def test_explain_tells_the_steps_and_sends_nothing(
    ingest: Served, world: RecordingWorld
) -> None:
    url = f"{ingest.public}/v1/explain"
    async with ingest.client.post(url, data=GOOD, headers=WEB) as response:
        told = msgspec.json.decode(await response.read())
    assert (told["protocol"], told["events"][0]["result"]) == ("cloudevents", "accepted")
    assert world.messages == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [(b"hello", WEB, 400), (GOOD, {"Authorization": "Bearer x"}, 401), (GOOD, {}, 401)],
)
async def test_explain_asks_for_the_same_credentials_and_bodies(
    ingest: Served, body: bytes, headers: dict[str, str], status: int
) -> None:
    async with ingest.client.post(
        f"{ingest.public}/v1/explain", data=body, headers=headers
    ) as response:
        assert response.status == status


async def test_a_source_reads_its_own_account_alone(ingest: Served) -> None:
    await post(ingest, GOOD)
    await post(ingest, json(cloudevent(visit(service="nothing"))))
    url = f"{ingest.public}/v1/sources/self"
    async with ingest.client.get(url, headers=WEB) as response:
        told = msgspec.json.decode(await response.read())
    assert told == {
        "source": "web",
        "clock": "live",
        "last_seen": NOW.isoformat(),
        "accepted": 1,
        "ignored": 0,
        "rejected": {"unknown_service": 1},
    }
    async with ingest.client.get(url) as response:
        assert response.status == 401


# -- inside ----------------------------------------------------------------------------------------


async def tick(ingest: Served, clock: str, body: bytes) -> tuple[int, Any]:
    url = f"{ingest.inside}/v1/clocks/{clock}/ticks"
    async with ingest.client.post(url, data=body) as response:
        return response.status, msgspec.json.decode(await response.read())


@pytest.mark.parametrize(
    ("clock", "body", "status"),
    [
        ("demo", b'{"time":"2026-01-01T00:00:00Z"}', 200),
        ("demo", b'{"time":"2026-01-01T00:00:00Z","last":true}', 200),
        ("live", b'{"time":"2026-01-01T00:00:00Z"}', 409),
        ("live", b"{}", 409),
        ("demo", b"{}", 400),
        ("demo", b"[]", 400),
        ("demo", b"hello", 400),
        ("demo", b"\xff", 400),
        ("demo", b"[" * 4_000, 400),
        ("demo", b'{"time":"2026-01-01"}', 400),
        ("demo", b'{"time":5}', 400),
        ("demo", b'{"time":"2026-01-01T00:00:00Z","clock":"other"}', 400),
        ("demo", b'{"time":"2026-01-01T00:00:00Z","more":1}', 400),
        ("DEMO", b'{"time":"2026-01-01T00:00:00Z"}', 400),
    ],
)
async def test_a_tick_is_sent_or_refused(
    ingest: Served, world: RecordingWorld, clock: str, body: bytes, status: int
) -> None:
    assert (await tick(ingest, clock, body))[0] == status
    assert len(world.messages) == (2 if status == 200 else 0)


async def test_a_tick_while_kafka_is_away_is_503(ingest: Served, world: RecordingWorld) -> None:
    world.is_away = True
    assert (await tick(ingest, "demo", b'{"time":"2026-01-01T00:00:00Z"}'))[0] == 503


@pytest.mark.parametrize(
    ("token", "status", "why"),
    [
        (None, 401, "a Bearer token of an operator of the keyring is needed"),
        ("somebody", 401, "a Bearer token of an operator of the keyring is needed"),
        ("officer-token", 403, "data-protection-officer may not: clocks"),
        ("feeder-token", 200, None),
        ("feeder-next-token", 200, None),
    ],
)
async def test_clocks_are_moved_from_elsewhere_by_an_operator_only(
    world: RecordingWorld, token: str | None, status: int, why: str | None
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        served(world, world, is_loopback=False) as ingest,
        ingest.client.post(
            f"{ingest.inside}/v1/clocks/demo/ticks",
            data=b'{"time":"2026-01-01T00:00:00Z"}',
            headers=headers,
        ) as response,
    ):
        told = await response.json()
    assert (response.status, told.get("error")) == (status, why)
    assert bool(world.messages) is (status == 200)


async def test_an_address_that_is_taken_is_told_with_the_listener(ingest: Served) -> None:
    port = int(ingest.inside.rpartition(":")[2])
    with pytest.raises(StartRefused, match=r"the inside listener: .* already in use"):
        async with listening(Listener("inside", web.Application(), "127.0.0.1", port)):
            pass


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_health_and_metrics_are_inside(ingest: Served, path: str) -> None:
    async with ingest.client.get(f"{ingest.inside}{path}") as response:
        assert response.status == 200
