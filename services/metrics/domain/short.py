"""A snapshot of a journey read into structs: a fifth of what it takes by the contract.

The structs are made of the contract itself, so they have its fields, bounds and defaults. Only what
the contract takes is taken here, and comes to the same values; anything else is left to it.
"""

import re
import types
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from schemas.journey import JourneySnapshot
from schemas.model import Contract, Instant

# The contract cuts what is finer than a microsecond off, msgspec rounds it.
_is_finer = re.compile(rb"\.[0-9]{7}").search


def short(snapshot: bytes) -> JourneySnapshot | None:
    """What stands in for a JourneySnapshot: a value with its fields. None is for the contract."""
    try:
        told = _decode(snapshot)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    # At the ends of the calendar an offset may lead out of it, which the contract refuses. What is
    # escaped may be either of these.
    if b"\\" in snapshot or b'"0001-' in snapshot or b'"9999-' in snapshot or _is_finer(snapshot):
        return None
    return cast(JourneySnapshot, told)


def _struct_of(model: type[Contract]) -> type[msgspec.Struct]:
    rules = model.__pydantic_decorators__
    if rules.model_validators or rules.field_validators:
        raise TypeError(f"{model.__name__} has rules of its own, which are not known here")
    hints = get_type_hints(model, include_extras=True)
    fields = [
        (name, _type_of(hints[name]))
        if field.is_required()
        else (name, _type_of(hints[name]), field.default)
        for name, field in model.model_fields.items()
    ]
    return msgspec.defstruct(
        model.__name__, fields, kw_only=True, frozen=True, forbid_unknown_fields=True, gc=False
    )


def _type_of(annotation: Any) -> Any:
    if annotation == Instant:
        return Annotated[datetime, Meta(tz=True)]
    if isinstance(annotation, type) and issubclass(annotation, Contract):
        return _struct_of(annotation)
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin is Annotated:
            (type_, told) = arguments
            return Annotated[_type_of(type_), _bounds(told)]
        case origin if origin is tuple:
            return types.GenericAlias(tuple, (_type_of(arguments[0]), ...))
        case origin if origin in (Union, types.UnionType):
            return reduce(or_, map(_type_of, arguments))
        case _:
            return annotation


def _bounds(told: object) -> Meta:
    if isinstance(told, StringConstraints):
        # `$` of the contract is the very end; Python's is also before a last line break.
        pattern = told.pattern and str(told.pattern).replace("$", r"\Z")
        return Meta(pattern=pattern, min_length=told.min_length, max_length=told.max_length)
    if isinstance(told, FieldInfo):
        return Meta(**{name: getattr(b, name) for b in told.metadata for name in b.__slots__})
    raise TypeError(f"{told} is not known here")


_decode = msgspec.json.Decoder(_struct_of(JourneySnapshot)).decode
