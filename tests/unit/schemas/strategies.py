"""Any value of any contract model, made from the model's own annotations."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import Ge, Le
from hypothesis import strategies as st
from pydantic import StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from schemas.model import Contract

Strategy = st.SearchStrategy[Any]
# Some word for each pattern of the contract; drawing from the patterns themselves takes seconds.
_WORDS = (
    "a",
    "permit-portal",
    "9.x_y-z",
    "/portal/web",
    "/ü",
    "nl",
    "2026-03",
    "nl-NL",
    "ab" * 12,
    "ab" * 32,
    "Z-_0" * 6,
)
_TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the bounds are naive by hypothesis' rule)
_PLAIN: Mapping[Any, Strategy] = {
    bool: st.booleans(),
    str: st.text(st.characters(codec="utf-8"), max_size=20),
    datetime: _TIMES,
    date: st.dates(),
    timedelta: st.timedeltas(timedelta(0), timedelta(days=900)),
    UUID: st.uuids(),
    NoneType: st.none(),
}


def values(model: type[Contract]) -> Strategy:
    """Values of `model`; those its own validators refuse are drawn again."""
    fields = {
        name: _field(info) if info.is_required() else st.none() | _field(info)
        for name, info in model.model_fields.items()
    }
    return (
        st.fixed_dictionaries(fields).map(_attempt(model)).filter(lambda value: value is not None)
    )


def _attempt(model: type[Contract]) -> Callable[[dict[str, Any]], Contract | None]:
    def attempt(drawn: dict[str, Any]) -> Contract | None:
        try:
            return model.model_validate({k: v for k, v in drawn.items() if v is not None})
        except ValidationError:
            return None

    return attempt


def _field(info: FieldInfo) -> Strategy:
    return _annotated(info.annotation, tuple(info.metadata))


def _annotated(annotation: Any, limits: tuple[Any, ...]) -> Strategy:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(parts[0], (*limits, *parts[1:]))
    if origin in (Union, UnionType):
        return st.one_of([_annotated(part, ()) for part in parts])
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        return st.lists(_annotated(parts[0], ()), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(_annotated(parts[0], ()), _annotated(parts[1], ()), max_size=3)
    return _plain(annotation, limits)


def _plain(annotation: type[Any], limits: tuple[Any, ...]) -> Strategy:
    if issubclass(annotation, Contract):
        return values(annotation)
    if issubclass(annotation, StrEnum):
        return st.sampled_from(list(annotation))
    if annotation in (int, float):
        return _number(annotation, _limits(limits))
    text = next((x for x in _limits(limits) if isinstance(x, StringConstraints)), None)
    if text is not None and text.pattern is not None:
        return st.sampled_from([w for w in _WORDS if re.search(text.pattern, w)])
    return _PLAIN[annotation]


def _number(annotation: type[Any], limits: list[Any]) -> Strategy:
    low: Any = next((x.ge for x in limits if isinstance(x, Ge)), -(2**40))
    high: Any = next((x.le for x in limits if isinstance(x, Le)), 2**40)
    if annotation is int:
        return st.integers(low, high)
    return st.floats(low, high, allow_nan=False)


def _limits(metadata: tuple[Any, ...]) -> list[Any]:
    flat: list[Any] = []
    for limit in metadata:
        flat.extend(limit.metadata if isinstance(limit, FieldInfo) else [limit])
    return flat
