"""Bytes to contract and back."""

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import SchemaViolation, decode, encode
from schemas.generate import MODELS
from schemas.model import Contract
from schemas.touchpoint_event import TouchpointRecord
from tests.builders import record
from tests.unit.schemas.strategies import values

FILES = ("catalogue", "sources", "keyring", "authority")
WIRE = {name: m for name, m in MODELS.items() if name not in FILES}
SECRET = "burgerservicenummer 123456782"


@pytest.mark.parametrize("model", WIRE.values(), ids=WIRE)
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_encoded_is_decoded_to_the_same(model: type[Contract], data: st.DataObject) -> None:
    value = data.draw(values(model))
    assert decode(model, encode(value)) == value


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_violation(raw: bytes) -> None:
    with pytest.raises(SchemaViolation):
        decode(TouchpointRecord, raw)


FIELDS = list(json.loads(encode(record())))
DATA_FIELDS = list(json.loads(encode(record()))["data"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def refusal(content: object) -> str:
    """Why this content is refused; empty when it is taken."""
    try:
        decode(TouchpointRecord, json.dumps(content).encode())
    except SchemaViolation as violation:
        return str(violation)
    return ""


@given(field=st.sampled_from(DATA_FIELDS), value=ANYTHING)
def test_anything_in_a_field_is_taken_or_is_a_violation(field: str, value: object) -> None:
    content = json.loads(encode(record()))
    content["data"][field] = value
    told = refusal(content)
    assert told == "" or field in told or "Invalid JSON" in told


@pytest.mark.parametrize("field", FIELDS)
def test_a_violation_names_the_field_and_the_type_but_never_the_value(field: str) -> None:
    content = json.loads(encode(record())) | {field: [SECRET]}
    with pytest.raises(SchemaViolation) as refused:
        decode(TouchpointRecord, json.dumps(content).encode())
    assert str(refused.value).startswith(f"{field}: ")
    assert "(got list)" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_violation_of_an_answer_off_its_scale_does_not_tell_the_answer() -> None:
    feedback = {"about": "journey", "instrument": "exit", "construct": "ease", "scale": "1..5"}
    content = json.loads(encode(record(action="answered", feedback=feedback | {"answer": 4})))
    content["data"]["feedback"]["answer"] = 7654
    with pytest.raises(SchemaViolation) as refused:
        decode(TouchpointRecord, json.dumps(content).encode())
    assert str(refused.value) == (
        "data.feedback: Value error, the answer is not on the scale 1..5 (got dict)"
    )


@pytest.mark.parametrize(
    "time",
    ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"],
)
def test_a_time_outside_utc_is_a_violation_too(time: str) -> None:
    content = json.loads(encode(record())) | {"time": time}
    with pytest.raises(SchemaViolation, match="years 1 to 9999"):
        decode(TouchpointRecord, json.dumps(content).encode())


def test_a_number_is_no_time_and_no_number_is_text() -> None:
    for changes in ({"time": 1772442900}, {"id": 7}):
        content = json.loads(encode(record())) | changes
        with pytest.raises(SchemaViolation):
            decode(TouchpointRecord, json.dumps(content).encode())


def test_a_violation_tells_at_most_five_problems() -> None:
    content = json.loads(encode(record())) | dict.fromkeys(string.ascii_lowercase, 1)
    with pytest.raises(SchemaViolation) as refused:
        decode(TouchpointRecord, json.dumps(content).encode())
    assert str(refused.value).count("; ") == 4


def test_times_are_brought_to_utc() -> None:
    content = json.loads(encode(record())) | {"time": "2026-03-02T10:15:00+01:00"}
    decoded = decode(TouchpointRecord, json.dumps(content).encode())
    assert decoded.time.isoformat() == "2026-03-02T09:15:00+00:00"


def test_what_is_none_is_left_out() -> None:
    assert b"null" not in encode(record())
