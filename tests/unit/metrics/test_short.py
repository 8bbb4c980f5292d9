"""What is read the short way is what the contract reads; what it would refuse is left to it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from schemas.codec import SchemaViolation, decode, encode
from schemas.journey import JourneySnapshot
from services.metrics.domain.short import short
from tests.builders import uid
from tests.unit.metrics.snapshots import START, contact, ended, journey, step, visit

FULL = ended(
    case="C" * 24,
    transferred_to="court",
    submitted=START + timedelta(hours=1),
    decided=START + timedelta(microseconds=1),
    closed=START + timedelta(days=30),
    milestones=({"stage": "transaction", "time": START},),
    channels=({"time": START, "channel": "website", "initiator": "citizen"},),
    touchpoints=(visit(last=START + timedelta(hours=1)),),
    survey=(
        step("offered", offer_id="a b"),
        step(answer=4, drivers=({"driver": "ease", "polarity": "positive", "chosen": 1},)),
    ),
    contacts=(contact(reason="chase", avoidable=True, reached=False),),
    predecessor={"id": uid("0"), "ended": START, "last_citizen_channel": "phone"},
    revision_reason="late_entry",
)
OF_FULL: dict[str, Any] = json.loads(encode(FULL))
# Of everything that readers of JSON may take for each other.
ODD = [
    *(None, True, False, 0, 1, 1.0, 1e0, -1, 2**53 - 1, 2**53, 2**64, "", " ", "a", "A", "a" * 64),
    *("a" * 65, "a\n", "ä", "é" * 200, "x" * 201, "A" * 24, "A" * 24 + "\n", "é" * 24, [], {}),
    *("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05+01:00"),
    *("2026-01-02T03:04:05", "2026-01-02", "2026-01-02 03:04:05Z", "2026-01-02t03:04:05z"),
    *("9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z"),
    *("2026-02-30T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:60Z", "1767323045"),
    *("2026-01-02T03:04:05.1Z", "2026-01-02T03:04Z", "2026-01-02T03:04:05,5Z", 1767323045),
    *("00000000000000000000000000000001", "{00000000-0000-0000-0000-000000000001}"),
    *("live", "linked", "ended", "success", "citizen", "website", "transaction", "answered"),
    *("observed", "journey", "satisfaction", "1..5", "ease", "positive", "erased", "chase"),
    *(["a"], {"a": 1}, [None], "\ud800", "\U0001f600", "a\0"),
]
# Written as no writer of ours does.
ODD_RAW = [
    *(rb'"2026-01-02T03:04:05.123456\u0037Z"', rb'"000\u0031-01-01T00:00:00+01:00"'),
    *(rb'"9\u003999-12-31T23:59:59-01:00"', rb'"liv\u0065"', rb'"\ud800"'),
]


def long_way(raw: bytes) -> JourneySnapshot | None:
    try:
        return decode(JourneySnapshot, raw)
    except SchemaViolation:
        return None


def fields_of(value: object) -> object:
    """A snapshot of either kind as plain values, with their types."""
    if isinstance(value, tuple):
        return tuple(map(fields_of, value))
    names = getattr(value, "__struct_fields__", ())
    if isinstance(value, BaseModel):
        names = tuple(type(value).model_fields)
    if not names:
        return type(value), value
    return {name: fields_of(getattr(value, name)) for name in names}


def places(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a snapshot something stands, all the way down."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for name, of in inner:
            yield (*place, name)
            yield from places(of, (*place, name))


def changed(place: tuple[str | int, ...], *values: object) -> bytes:
    """The full snapshot with another value at a place, or without any."""
    whole: Any = json.loads(encode(FULL))
    at = whole
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = values[0] if values else None
    if not values:
        del at[place[-1]]
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("snapshot", [journey(), ended(erased=True), FULL])
def test_what_journey_writes_is_read_the_short_way(snapshot: JourneySnapshot) -> None:
    raw = encode(snapshot)
    assert fields_of(short(raw)) == fields_of(long_way(raw))


@pytest.mark.parametrize("place", list(places(OF_FULL)), ids=str)
def test_nothing_is_read_otherwise_than_by_the_contract(place: tuple[str | int, ...]) -> None:
    odd = (changed(place, "?").replace(b'"?"', raw) for raw in ODD_RAW)
    for raw in (*(changed(place, value) for value in ODD), *odd, changed(place)):
        told = short(raw)
        assert told is None or fields_of(told) == fields_of(long_way(raw)), raw


def test_a_field_that_the_contract_lacks_goes_the_long_way() -> None:
    assert short(changed(("unknown",), 1)) is None
    assert short(changed(("touchpoints", 0, "unknown"), 1)) is None


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b"\xff", b'{"id":"\xff"}'])
def test_what_is_no_json_goes_the_long_way(raw: bytes) -> None:
    assert short(raw) is None
