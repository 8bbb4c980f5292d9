"""The committed JSON Schemas are those of the models."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from schemas.generate import FOLDER, MODELS, differences, file_name, main, rendered, write
from schemas.touchpoint_event import TouchpointRecord


def test_the_committed_schemas_are_current() -> None:
    assert differences(FOLDER) == []


def test_generating_twice_gives_the_same_bytes() -> None:
    assert rendered() == rendered()


@pytest.mark.parametrize("name", MODELS)
def test_each_schema_is_a_json_schema_and_refuses_unknown_fields(name: str) -> None:
    schema = json.loads(rendered()[file_name(name)])
    Draft202012Validator.check_schema(schema)
    objects = [schema, *schema.get("$defs", {}).values()]
    is_open = [o["title"] for o in objects if "properties" in o and o["additionalProperties"]]
    assert is_open == []


def test_a_record_names_the_schema_of_its_data() -> None:
    named = TouchpointRecord.model_fields["dataschema"].default
    assert (FOLDER / named).exists()


def test_what_is_stale_missing_or_left_over_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "tick.v1.json").write_text("{}", encoding="utf-8")
    (tmp_path / "link.v1.json").unlink()
    (tmp_path / "click.v1.json").write_text("{}", encoding="utf-8")
    assert differences(tmp_path) == [
        "click.v1.json: no model makes this file",
        "link.v1.json: missing",
        "tick.v1.json: the model says something else",
    ]


def test_writing_leaves_exactly_what_the_models_say(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "click.v1.json").write_text("{}", encoding="utf-8")
    (tmp_path / "tick.v1.json").write_text("{}", encoding="utf-8")
    write(tmp_path)
    assert differences(tmp_path) == []


def test_the_check_fails_and_says_what_to_run(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--check", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "run: python -m schemas.generate" in result.output


def test_the_command_writes_what_the_check_wants(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["--folder", str(tmp_path)]).exit_code == 0
    assert CliRunner().invoke(main, ["--check", "--folder", str(tmp_path)]).exit_code == 0
