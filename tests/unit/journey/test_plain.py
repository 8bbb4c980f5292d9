"""What is read the short way is what the contract reads; what it would refuse is left to it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.codec import encode
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointEvent, TouchpointRecord
from schemas.vocabulary import Action, IdentityKind, Quality
from services.journey.domain.arrival import Arrival, arrival_of
from services.journey.domain.plain import PlainEvent, PlainRecord, plain
from services.journey.domain.reading import read
from services.journey.domain.step import SourceRecord
from tests.builders import record
from tests.unit.journey.builders import ZERO, day

ORDINARY: dict[str, Any] = json.loads(encode(record(action=Action.SUBMITTED, time=day(1))))
IN_EVENT = sorted(TouchpointEvent.model_fields)
AROUND = sorted(TouchpointRecord.model_fields.keys() - {"data"})
# Of everything that readers of JSON may take for each other.
ODD = [
    *(None, True, 0, 1, 1.0, 1e0, -1, 2**53, 2**53 + 1, "", " ", "a", "A", "a" * 64, "a" * 65),
    *("a\n", "ä", "\u00e9" * 200, "x" * 201, "x" * 500, "x" * 501, "/", "/a", "a/", "1.0", "live"),
    *("A" * 24, "A" * 24 + "\n", "é" * 24, "en", "en-GB", "en\n", "en-", [], {}, ["a"], {"a": 1}),
    *("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05+01:00"),
    *("2026-01-02T03:04:05", "2026-01-02", "2026-01-02 03:04:05Z", "2026-01-02t03:04:05z"),
    *("9999-12-31T23:59:59-01:00", "2026-02-30T00:00:00Z", "2026-01-02T24:00:00Z", "1767323045"),
    *("00000000000000000000000000000001", "{00000000-0000-0000-0000-000000000001}"),
    *("citizen", "once", "visitor", "case", "agency", "valid", "test", "observed", "moderated"),
    *("website", "submitted", "answered", "success", "transaction", "2026-01-02T03:04:60Z"),
    *("2026-01-02T03:04:05.1Z", "2026-01-02T03:04Z", "2026-01-02T03:04:05,5Z", 1767323045),
    *("/\ud800", "\udc00", "\U0001f600", "a\0", "\u2028"),
]


def long_way(source: SourceRecord) -> Arrival | None:
    told = read(source)
    return None if isinstance(told, Rejection) else arrival_of(source, told)


def of(value: dict[str, Any], key: bytes | None = None) -> SourceRecord:
    subject = value.get("subject")
    named = key or (subject.encode(errors="replace") if isinstance(subject, str) else None)
    return SourceRecord(7, ZERO, named, json.dumps(value).encode())


def changed(field: str, value: object) -> dict[str, Any]:
    if field in AROUND:
        return ORDINARY | {field: value}
    return ORDINARY | {"data": ORDINARY["data"] | {field: value}}


def left_out() -> Iterator[dict[str, Any]]:
    for field in AROUND:
        yield {name: value for name, value in ORDINARY.items() if name != field}
    for field in IN_EVENT:
        data = {name: value for name, value in ORDINARY["data"].items() if name != field}
        yield ORDINARY | {"data": data}


@pytest.mark.parametrize("kind", [k for k in IdentityKind if k is not IdentityKind.ONCE])
@pytest.mark.parametrize("action", list(Action))
def test_a_plain_event_is_read_the_short_way_and_as_the_contract_reads_it(
    action: Action, kind: IdentityKind
) -> None:
    source = of(json.loads(encode(record(action=action, time=day(1), identity_kind=kind))))
    assert plain(source) == long_way(source) is not None


def test_the_short_way_knows_every_field_of_the_contract() -> None:
    assert sorted(PlainEvent.__struct_fields__) == IN_EVENT
    assert sorted(PlainRecord.__struct_fields__) == sorted([*AROUND, "data"])


@pytest.mark.parametrize("field", [*AROUND, *IN_EVENT, "unknown"])
def test_nothing_is_read_otherwise_than_by_the_contract(field: str) -> None:
    for value in ODD:
        source = of(changed(field, value))
        assert plain(source) in (None, long_way(source)), value


def test_what_is_left_out_is_as_the_contract_has_it() -> None:
    for value in left_out():
        source = of(value)
        assert plain(source) == long_way(source)


@pytest.mark.parametrize(
    "value",
    [
        changed("identity_kind", "once"),
        changed("quality", str(Quality.TEST)),
        changed("contact", {"reason": "chase"}),
        changed("time", "2026-01-02T03:04:05.1234567Z"),
        changed("time", "2026-01-02T03:04:05+01:00"),
        changed("agency", "agency\n"),
    ],
)
def test_what_is_not_plain_goes_the_long_way(value: dict[str, Any]) -> None:
    assert plain(of(value)) is None


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"\xff", b'{"subject":"\xff"}'])
def test_what_is_no_json_goes_the_long_way(raw: bytes) -> None:
    assert plain(SourceRecord(7, ZERO, b"k", raw)) is None


def test_an_event_under_the_key_of_somebody_else_goes_the_long_way() -> None:
    assert plain(of(ORDINARY, key=b"B" * 24)) is None
