"""Bytes to contract and back; whatever is wrong with the bytes is one `SchemaViolation`."""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas.model import Contract

Model = TypeVar("Model", bound=Contract)
_ADAPTERS: dict[type[Contract], TypeAdapter[Contract]] = {}


class SchemaViolation(ValueError):
    """The bytes break the contract. The message names fields and types, never values."""


def decode(model: type[Model], raw: bytes) -> Model:
    """The model in `raw` (JSON). Raises SchemaViolation, and nothing else.

    Strict: a number where the contract says text is refused, as the JSON Schema says too.
    """
    try:
        return _adapter(model).validate_json(raw, strict=True)  # type: ignore[return-value]
    except ValidationError as error:
        raise SchemaViolation(explain(error)) from None


def encode(value: Contract) -> bytes:
    """`value` as compact JSON; what is None is left out."""
    return _adapter(type(value)).dump_json(value, exclude_none=True)


def explain(error: ValidationError) -> str:
    """What is wrong, field by field, without any of the values (they may be personal)."""
    told = []
    for problem in error.errors(include_url=False, include_input=True, include_context=False):
        field = ".".join(str(part) for part in problem["loc"])
        of_one = f"{field}: {problem['msg']} (got {type(problem['input']).__name__})"
        told.append(of_one if field else problem["msg"].removeprefix("Value error, "))
    return "; ".join(told[:5])


def _adapter(model: type[Contract]) -> TypeAdapter[Contract]:
    if model not in _ADAPTERS:
        _ADAPTERS[model] = TypeAdapter(model)
    return _ADAPTERS[model]
