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
    except yaml.YAMLError as error:
        raise FileRefused(f"{where}: not YAML: {_fault(error)}") from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise FileRefused("\n".join(_told(model, where, content, error))) from None


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


def _told(model: type[Contract], where: str, content: Any, error: ValidationError) -> list[str]:
    problems = error.errors()
    places = [p["loc"] for p in problems]
    return [
        f"{where}: {_place(p['loc'], content)}: {_problem(model, p)}"
        for p in problems
        if not (p["type"] == "too_short" and _is_outside(p["loc"], places))
    ]


def _is_outside(location: tuple[int | str, ...], others: list[tuple[int | str, ...]]) -> bool:
    # A list whose items were refused also looks too short to pydantic; that tells nobody anything.
    return any(o != location and o[: len(location)] == location for o in others)


def _place(location: tuple[int | str, ...], content: Any) -> str:
    """Where in the file: what has an id is named by it, for nobody counts to the thirtieth."""
    names = []
    for part in location:
        content = _inside(content, part)
        id_ = content.get("id") if isinstance(content, dict) and isinstance(part, int) else None
        names.append(id_ if isinstance(id_, str) else str(part))
    return ".".join(names) or "top level"


def _inside(content: Any, part: int | str) -> Any:
    try:
        return content[part]
    except (LookupError, TypeError):
        return None  # what is missing has no inside, and neither has a word


def _problem(model: type[Contract], problem: Any) -> str:
    field = problem["loc"][-1] if problem["loc"] else ""
    match problem["type"]:
        case "extra_forbidden":
            return f"unknown field; {nearest(field, sorted(_fields(model)))}"
        case "missing" if told := _fields(model).get(field, {}).get("description"):
            return f"missing. {told}."
    return str(problem["msg"])


def _fields(model: type[Contract]) -> dict[str, dict[str, Any]]:
    """The JSON Schema of every field by its name, whichever part of the file it is in."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {name: told for part in parts for name, told in part.get("properties", {}).items()}
