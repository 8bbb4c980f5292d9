"""The quick way of reading takes nothing that the contract refuses, and reads it the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import encode
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointEvent, TouchpointRecord
from schemas.vocabulary import Action, Quality
from services.journey.domain.arrival import arrival_of
from services.journey.domain.partition import SourceRecord
from services.journey.domain.quick import arrival_in
from services.journey.domain.reading import read
from tests.builders import record as touchpoint
from tests.unit.journey.builders import ZERO
from tests.unit.journey.strategies import events, examples

Path = tuple[str, ...]
ORDINARY: dict[str, Any] = json.loads(
    encode(touchpoint(action=Action.CONTACTED, case="c" * 24, device="phone", language="de-AT"))
)
ORDINARY["data"]["contact"] = {"reason": "new_need", "avoidable": True, "reached": True}
PATHS: list[Path] = [
    *((name,) for name in TouchpointRecord.model_fields if name != "data"),
    *(("data", name) for name in (*TouchpointEvent.model_fields, "unknown")),
    *(("data", "contact", name) for name in ("reason", "avoidable", "reached", "unknown")),
]
ODD: list[Any] = [
    *(None, True, 0, 1, -1, 2, 1.0, 1.5, 2**53, 2**53 + 1, 2**70, [], {}, ""),
    *("x" * 200, "x" * 201, "a\n", "website\n", "/", "/a", "a", "A", "é", "\ud800", "de", "1.0"),
    *("once", "case", "visitor", *map(str, Quality), "recorded", "2" * 24, "c" * 23 + "\n"),
    *("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00+00:00"),
    *("2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00", "2026-01-01", "2026-01-01 00:00:00Z"),
    *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59.9999999Z"),
    *("2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T23:59:60Z", "20260101T000000Z"),
    *(
        "urn:uuid:" + "0" * 32,
        "0" * 32,
        "{" + "0" * 32 + "}",
        "00000000-0000-0000-0000-00000000000A",
    ),
]


def _with(path: Path, value: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(ORDINARY))
    parent = told
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = value
    return told


def _record(raw: bytes, key: bytes | None = ORDINARY["subject"].encode()) -> SourceRecord:
    return SourceRecord(7, ZERO, key, raw)


def _reads_as_the_contract_does(record: SourceRecord) -> bool:
    quick = arrival_in(record)
    if quick is not None:
        told = read(record)
        assert not isinstance(told, Rejection), (told.detail, record.value)
        assert quick == arrival_of(record, told)
        words = (getattr(quick.entry, name) for name in quick.entry.__struct_fields__)
        assert all(type(word) is str for word in words if isinstance(word, str))
    return quick is not None


def test_an_ordinary_event_is_read_the_quick_way() -> None:
    assert _reads_as_the_contract_does(_record(json.dumps(ORDINARY).encode()))


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_whatever_one_field_says_the_contract_decides(path: Path) -> None:
    for value in ODD:
        told = _with(path, value)
        key = str(told["subject"]).encode(errors="replace")
        _reads_as_the_contract_does(_record(json.dumps(told).encode(), key))
        raw = json.dumps(told, ensure_ascii=False).encode(errors="surrogatepass")
        _reads_as_the_contract_does(_record(raw, key))


@pytest.mark.parametrize("path", PATHS[:-1], ids=".".join)
def test_a_field_may_be_missing_only_where_the_contract_says_so(path: Path) -> None:
    told = _with(path, None)
    parent = told
    for name in path[:-1]:
        parent = parent[name]
    del parent[path[-1]]
    _reads_as_the_contract_does(_record(json.dumps(told).encode()))


@examples
@given(events(), st.data())
def test_bytes_that_were_damaged_are_for_the_contract(
    happened: list[TouchpointRecord], data: st.DataObject
) -> None:
    for event in happened:
        raw, key = encode(event), event.subject.encode()
        _reads_as_the_contract_does(_record(raw, key))
        place = data.draw(st.integers(0, len(raw) - 1))
        broken = raw[:place] + data.draw(st.binary(max_size=2)) + raw[place + 1 :]
        _reads_as_the_contract_does(_record(broken, key))


@pytest.mark.parametrize("key", [None, b"", b"another"])
def test_an_event_under_a_key_not_its_own_is_for_the_contract(key: bytes | None) -> None:
    assert arrival_in(_record(json.dumps(ORDINARY).encode(), key)) is None


def test_what_the_contract_checks_itself_is_known_here() -> None:
    """A new check there is a new condition in `quick`, or it would not be made."""
    assert set(TouchpointEvent.__pydantic_decorators__.model_validators) == {
        "_only_unlinked_people_are_tallied",
        "_only_valid_events_join_journeys",
    }
    for model in (TouchpointEvent, TouchpointRecord):
        assert not model.__pydantic_decorators__.field_validators
    assert not TouchpointRecord.__pydantic_decorators__.model_validators
