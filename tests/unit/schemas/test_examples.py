"""Every example is what it says, to the models and to JSON Schema alike."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.codec import SchemaViolation, decode, encode
from schemas.generate import FOLDER, MODELS, file_name
from schemas.model import Contract
from schemas.yaml_file import FileRefused, parse
from tests.unit.schemas.examples import EXAMPLES, REFUSED, VALID, Example, by_name

FILES = {
    "catalogue",
    "sources",
    "keyring",
    "authority",
}  # read as YAML by people's hands; the rest is bytes


def read(example: Example, content: Any) -> Contract:
    """The example as the services read it."""
    text = json.dumps(content)
    if example.model_name in FILES:
        return parse(example.model, text, "the file")
    return decode(example.model, text.encode())


def refused_fields(example: Example) -> list[str]:
    """By name; `value` is the whole, where a sentence is about no field alone."""
    with pytest.raises((SchemaViolation, FileRefused)) as refused:
        read(example, example.content["example"])
    told = str(refused.value).replace("the file: ", "").replace("\n", "; ")
    named = [problem.split(": ")[0] for problem in told.split("; ")]
    is_file = isinstance(refused.value, FileRefused)  # which names what has an id in words
    return [name if is_file or " " not in name else "value" for name in named]


def json_schema_takes(example: Example, content: Any) -> bool:
    schema = json.loads((FOLDER / file_name(example.model_name)).read_text(encoding="utf-8"))
    return bool(Draft202012Validator(schema).is_valid(content))


def test_every_example_belongs_to_a_model() -> None:
    assert {example.model_name for example in EXAMPLES} == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_a_valid_and_an_invalid_example(name: str) -> None:
    kinds = {example.is_valid for example in EXAMPLES if example.model_name == name}
    assert kinds == {True, False}


@pytest.mark.parametrize("example", VALID, ids=by_name)
def test_a_valid_example_is_read(example: Example) -> None:
    assert isinstance(read(example, example.content), example.model)


@pytest.mark.parametrize("example", VALID, ids=by_name)
def test_json_schema_takes_a_valid_example(example: Example) -> None:
    assert json_schema_takes(example, example.content)


@pytest.mark.parametrize("example", [e for e in VALID if e.model_name not in FILES], ids=by_name)
def test_what_is_encoded_is_decoded_to_the_same(example: Example) -> None:
    value = read(example, example.content)
    assert decode(example.model, encode(value)) == value


@pytest.mark.parametrize("example", REFUSED, ids=by_name)
def test_an_invalid_example_is_refused_for_the_field_it_names(example: Example) -> None:
    assert refused_fields(example) == [example.content["field"]]


@pytest.mark.parametrize("example", REFUSED, ids=by_name)
def test_json_schema_refuses_an_invalid_example_where_it_can_say_why(example: Example) -> None:
    content = example.content
    assert json_schema_takes(example, content["example"]) is not content["json_schema_refuses_it"]


@pytest.mark.parametrize("example", REFUSED, ids=by_name)
def test_an_invalid_example_says_why_in_a_sentence(example: Example) -> None:
    assert set(example.content) == {"why", "field", "json_schema_refuses_it", "example"}
    assert example.content["why"].endswith(".")
