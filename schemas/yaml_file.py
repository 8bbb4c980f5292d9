"""YAML text to a model, with an error that names the place and the nearest right name."""

from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from schemas.model import Contract

Model = TypeVar("Model", bound=Contract)


class FileRefused(ValueError):
    """A file of ours does not say what it must; the message says where and what to write."""


def parse(model: type[Model], text: str, where: str) -> Model:
    """The model that `text` describes. `where` names the file. Raises FileRefused."""
    try:
        content = yaml.safe_load(text)
        return model.model_validate(content)
    except yaml.YAMLError as error:
        raise FileRefused(f"{where}: not YAML: {_fault(error)}") from None
    except ValidationError as error:
        raise FileRefused("\n".join(_told(model, where, error))) from None


def _fault(error: yaml.YAMLError) -> str:
    """Where and what, without the line itself: it may hold a key."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return type(error).__name__
    return f"line {error.problem_mark.line + 1}: {error.problem}"


def nearest(word: object, known: list[str] | tuple[str, ...]) -> str:
    """`did you mean` for an unknown word, or the known words where nothing is near."""
    near = get_close_matches(str(word), known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known: " + ", ".join(sorted(known)[:20]) if known else "none is known"


def _told(model: type[Contract], where: str, error: ValidationError) -> list[str]:
    problems = error.errors()
    places = [p["loc"] for p in problems]
    return [
        f"{where}: {_place(p['loc'])}: {_problem(model, p)}"
        for p in problems
        if not (p["type"] == "too_short" and _is_outside(p["loc"], places))
    ]


def _is_outside(location: tuple[int | str, ...], others: list[tuple[int | str, ...]]) -> bool:
    # A list whose items were refused also looks too short to pydantic; that tells nobody anything.
    return any(o != location and o[: len(location)] == location for o in others)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "top level"


def _problem(model: type[Contract], problem: Any) -> str:
    if problem["type"] != "extra_forbidden":
        return str(problem["msg"])
    return f"unknown field; {nearest(problem['loc'][-1], _field_names(model))}"


def _field_names(model: type[Contract]) -> list[str]:
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for part in parts for name in part.get("properties", {})})
