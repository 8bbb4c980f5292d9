"""A contract's model as a msgspec type, which decodes in a seventh of pydantic's time.

Made from the model, so that a contract is still written down once. Left out is what would cost that
time again: patterns, for which `patterns` has the fields; and a model that checks itself, in place
of which only null is taken.
"""

import re
from datetime import datetime
from enum import Enum
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

import msgspec
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

# Called the same by pydantic and msgspec.
_LIMITS: Final = ("min_length", "max_length", "gt", "ge", "lt", "le", "multiple_of")
_AS_THEY_ARE: Final = frozenset({UUID, bool, NoneType})


def struct_of(model: type[BaseModel], **instead: Any) -> type[Any]:
    """The msgspec type of a model, with the types of some fields taken from `instead`. What it
    refuses the contract may still take. Raises TypeError for what it knows no type for.
    """
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for name, info in model.model_fields.items():
        kind = instead.get(name) or _type_of(info.annotation, info.metadata)
        fields.append((name, kind) if info.is_required() else (name, kind, _default(info)))
    return msgspec.defstruct(
        model.__name__, fields, kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True
    )


def patterns(model: type[BaseModel]) -> dict[str, re.Pattern[str]]:
    """The pattern of each field that has one, for `search`."""
    found = {
        name: [one.pattern for one in _constraints(info) if isinstance(one.pattern, str)]
        for name, info in model.model_fields.items()
    }
    return {name: _compiled(several[0]) for name, several in found.items() if several}


def _constraints(info: FieldInfo) -> list[StringConstraints]:
    optional = [one for kind in get_args(info.annotation) for one in get_args(kind)]
    return [one for one in (*info.metadata, *optional) if isinstance(one, StringConstraints)]


def _compiled(pattern: str) -> re.Pattern[str]:
    # Here `$` would also match before a line's end; in the contract it does not.
    return re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern)


def _type_of(kind: Any, metadata: Any = ()) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _AS_THEY_ARE or origin is Literal:
        return kind
    if origin is Annotated:
        return _type_of(arguments[0], (*arguments[1:], *metadata))
    if origin in (Union, UnionType):
        return reduce(or_, [_type_of(one, metadata) for one in arguments])
    return _named(kind) or Annotated[kind, msgspec.Meta(**_limits(kind, metadata))]


def _named(kind: type) -> Any:
    if issubclass(kind, Enum):
        return Literal[tuple(str(word) for word in kind)]
    if issubclass(kind, BaseModel):
        checks_itself = kind.__pydantic_decorators__.model_validators
        return Literal[None] if checks_itself else struct_of(kind)
    return None


def _limits(kind: type, metadata: Any) -> dict[str, Any]:
    if kind is datetime:
        return {"tz": True}
    if kind not in (str, int):
        raise TypeError(f"no msgspec type for {kind}")
    return {
        name: getattr(one, name)
        for one in metadata
        for name in _LIMITS
        if getattr(one, name, None) is not None
    }


def _default(info: FieldInfo) -> Any:
    return str(info.default) if isinstance(info.default, Enum) else info.default
