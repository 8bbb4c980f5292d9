"""A change of a contract that breaks a reader or a record fails; one that adds does not.

The models here are broken on purpose, one change each, against the same released one.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from click.testing import CliRunner
from pydantic import Field, create_model

from schemas.breaking import Hurt, breaks
from schemas.compatibility import GOLDEN, main, problems
from schemas.generate import MODELS, file_name, rendered
from schemas.model import Contract, Name


class Part(Contract):
    name: Name
    n: Annotated[int, Field(ge=0, le=10)] = 0


class Released(Contract):
    id: Name
    state: Literal["ok", "low"]
    value: float | None = None
    size: Annotated[int, Field(ge=1)] = 1
    parts: tuple[Part, ...] = ()
    sums: dict[str, int] = {}
    by_state: dict[Literal["ok", "low"], int] = {}


def schema(**changes: Any) -> dict[str, Any]:
    """The released model with other fields, (type, default) or a type; None takes one away."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in Released.model_fields.items()
    }
    for name, change in changes.items():
        if change is None:
            del fields[name]
        else:
            fields[name] = change if isinstance(change, tuple) else (change, ...)
    return create_model("Changed", __base__=Contract, **fields).model_json_schema()


class ClosedPart(Part):
    name: Literal["one"]


class LessPart(Contract):
    name: Name


class WiderPart(Part):
    n: Annotated[int, Field(ge=-5, le=99)] = 0
    more: str | None = None


NOW = rendered()
OLD_RECORDS, OLD_READERS = Hurt.OLD_RECORDS, Hurt.OLD_READERS
BROKEN: dict[str, tuple[dict[str, Any], list[tuple[str, Hurt]]]] = {
    "a field is gone": ({"size": None}, [("size", OLD_RECORDS)]),
    "a name of a map is gone": (
        {"by_state": (dict[Literal["ok"], int], {})},
        [("by_state[]", OLD_RECORDS)],
    ),
    "a new field is required": ({"added": str}, [("added", OLD_RECORDS)]),
    "an optional field is required now": (
        {"size": Annotated[int, Field(ge=1)]},
        [("size", OLD_RECORDS)],
    ),
    "a field may be left out now": ({"id": (Name, "x")}, [("id", OLD_READERS)]),
    "a type is another": (
        {"value": (str | None, None)},
        [("value", OLD_RECORDS), ("value", OLD_READERS)],
    ),
    "a number may be missing now": (
        {"size": (Annotated[int, Field(ge=1)] | None, 1)},
        [("size", OLD_READERS)],
    ),
    "null is refused now": (
        {"value": (float, 0.0)},
        [("value", OLD_RECORDS), ("value", OLD_READERS)],
    ),
    "a word is gone": ({"state": Literal["ok"]}, [("state", OLD_RECORDS)]),
    "any word may come": ({"state": str}, [("state", OLD_READERS)]),
    "a limit is narrower": (
        {"size": (Annotated[int, Field(ge=2)], 2)},
        [("size", OLD_RECORDS), ("size", OLD_READERS)],
    ),
    "a new limit": ({"size": (Annotated[int, Field(ge=1, le=9)], 1)}, [("size", OLD_RECORDS)]),
    "a pattern is another": (
        {"id": Annotated[str, Field(pattern="^[a-z]+$")]},
        [("id", OLD_RECORDS)],
    ),
    "what is left out means something else": (
        {"value": (float | None, 0.0)},
        [("value", OLD_READERS)],
    ),
    "deep in a list: a closed list of words": (
        {"parts": (tuple[ClosedPart, ...], ())},
        [("parts[].name", OLD_RECORDS)],
    ),
    "deep in a list: a field is gone": (
        {"parts": (tuple[LessPart, ...], ())},
        [("parts[].n", OLD_RECORDS)],
    ),
    "values of a mapping are of another type": (
        {"sums": (dict[str, str], {})},
        [("sums[]", OLD_RECORDS), ("sums[]", OLD_READERS)],
    ),
}
HARMLESS: dict[str, dict[str, Any]] = {
    "a map has one more name": {"by_state": (dict[Literal["ok", "low", "new"], int], {})},
    "nothing": {},
    "a new optional field": {"added": (str | None, None)},
    "a new word": {"state": Literal["ok", "low", "new"]},
    "a wider limit": {"size": (Annotated[int, Field(ge=0)], 1)},
    "no limit any more": {"size": (int, 1)},
    "deep in a list: wider, and a field more": {"parts": (tuple[WiderPart, ...], ())},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_breaking_change_is_found_where_it_is(name: str) -> None:
    changes, wanted = BROKEN[name]
    found = breaks(Released.model_json_schema(), schema(**changes))
    assert [(each.path, each.hurt) for each in found] == wanted


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_adds_breaks_nobody(name: str) -> None:
    assert breaks(Released.model_json_schema(), schema(**HARMLESS[name])) == ()


def test_an_unknown_keyword_counts_as_breaking_where_it_differs() -> None:
    old, new = {"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}
    assert [str(each) for each in breaks(old, new)] == [
        "the whole: multipleOf was 2, is 3 (records already written are refused)"
    ]
    assert breaks(old, old) == ()


def test_a_reader_may_not_be_closed_out_of_a_union() -> None:
    assert breaks(
        {"type": "object", "additionalProperties": True},
        {"type": "object", "additionalProperties": False},
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_field_of_every_model_is_watched(name: str) -> None:
    """Taking any one field away from any of our schemas is found."""
    released = json.loads(NOW[file_name(name)])
    for field in released["properties"]:
        left = {key: value for key, value in released["properties"].items() if key != field}
        changed = {**released, "properties": left}
        assert [each.path for each in breaks(released, changed)] == [field]


def test_the_schemas_of_now_break_no_released_one() -> None:
    result = CliRunner().invoke(main, [])
    assert (result.exit_code, result.output) == (0, "")


def test_what_subscribers_read_is_held_to_its_released_version() -> None:
    held = {path.name for path in GOLDEN.glob("*.json")}
    assert {"metric.v1.json", "clock_progress.v1.json", "journey.v1.json"} <= held


def test_a_schema_that_is_gone_needs_a_later_major_version() -> None:
    text = NOW["tick.v1.json"]
    assert problems({"tick.v1.json": text}, {}) == [
        "tick.v1.json: the schema is gone and no later major version is there"
    ]
    assert problems({"tick.v1.json": text}, {"tick.v2.json": text}) == []
    assert problems({"tick.v2.json": text}, {"tick.v1.json": text}) != []


def test_a_file_that_only_we_read_may_take_more_but_not_less() -> None:
    old = json.dumps({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})
    wider = json.dumps({"type": "object", "properties": {"a": {"type": "string"}}})
    assert problems({"sources.v1.json": old}, {"sources.v1.json": wider}) == []
    assert problems({"metric.v1.json": old}, {"metric.v1.json": wider}) != []
    assert problems({"sources.v1.json": wider}, {"sources.v1.json": old}) != []


def test_the_command_names_the_break_and_keeps_nothing_that_breaks(tmp_path: Path) -> None:
    golden = {**json.loads(NOW["tick.v1.json"])}
    golden["properties"] |= {"gone": {"type": "string"}}
    kept = tmp_path / "tick.v1.json"
    kept.write_text(json.dumps(golden), encoding="utf-8")
    result = CliRunner().invoke(main, ["--release", "--golden", str(tmp_path)])
    assert result.exit_code == 1
    assert "tick.v1.json: gone: the field is gone" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["tick.v1.json"]


def test_a_release_keeps_all_schemas(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["--release", "--golden", str(tmp_path)]).exit_code == 0
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()} == NOW
