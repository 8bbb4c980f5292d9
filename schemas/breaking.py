"""What of a changed JSON Schema breaks somebody: old records must stay readable, old readers right.

A reader is told to pass over fields it does not know and to take an unknown word of a list for
`other` (docs/subscribe.md). So a new optional field, a new word and a looser limit break nobody;
everything else listed here does and needs a new major version. A keyword that this file does not
know counts as breaking wherever it differs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Schema = Mapping[str, Any]

_ANNOTATIONS = {"title", "description", "examples", "writeOnly", "$schema", "$id", "$defs"}
_COMPARED = {"type", "anyOf", "properties", "required", "items", "enum", "const", "default"}
# Schemas of what is inside: elements of a list, values of a map and its names.
_INNER = ("items", "additionalProperties", "propertyNames")
# A greater value admits less, or a smaller one does.
_FLOORS = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_CEILINGS = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}


class Hurt(StrEnum):
    """Who is broken."""

    OLD_RECORDS = "records already written are refused"
    OLD_READERS = "programs written against the released version are misled"


@dataclass(frozen=True)
class Break:
    """One breaking change: where (`dimensions.service`), what, and whom it hurts."""

    path: str
    what: str
    hurt: Hurt

    def __str__(self) -> str:
        return f"{self.path or 'the whole'}: {self.what} ({self.hurt})"


def breaks(released: Schema, current: Schema) -> tuple[Break, ...]:
    """Every breaking change from one schema to another; references are followed in both."""
    old, new = _inlined(released, released), _inlined(current, current)
    return tuple(_compared(old, new, ""))


def _inlined(schema: Any, root: Schema) -> Any:
    """The schema with every reference replaced by what it names; our models do not recur."""
    if isinstance(schema, list):
        return [_inlined(each, root) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return _inlined({**named, **beside}, root)
    return {name: _inlined(value, root) for name, value in schema.items() if name != "$defs"}


def _compared(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    before, after = _by_type(old), _by_type(new)
    for gone in sorted(before.keys() - after.keys()):
        yield Break(path, f"may no longer be {gone}", Hurt.OLD_RECORDS)
    for come in sorted(after.keys() - before.keys()):
        yield Break(path, f"may now be {come}", Hurt.OLD_READERS)
    for kind in sorted(before.keys() & after.keys()):
        yield from _of_one_type(before[kind], after[kind], path)


def _by_type(schema: Schema) -> dict[str, Schema]:
    """The alternatives of a schema by JSON type; our unions never have two of one type."""
    return {str(each.get("type", "anything")): each for each in schema.get("anyOf", [schema])}


def _of_one_type(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    yield from _words(old, new, path)
    yield from _limits(old, new, path)
    yield from _properties(old, new, path)
    for keyword in _INNER:
        if isinstance(old.get(keyword), dict) and isinstance(new.get(keyword), dict):
            yield from _compared(old[keyword], new[keyword], f"{path}[]")
        elif old.get(keyword) != new.get(keyword):
            yield Break(path, f"{keyword} changed", Hurt.OLD_RECORDS)


def _words(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    before, after = _listed(old), _listed(new)
    if before is None and after is not None:
        yield Break(path, "only listed words are taken now", Hurt.OLD_RECORDS)
    elif before is not None and after is None:
        yield Break(path, "any word may come now", Hurt.OLD_READERS)
    elif before is not None and after is not None:
        for word in sorted(before - after):
            yield Break(path, f"the word {word} is gone", Hurt.OLD_RECORDS)


def _listed(schema: Schema) -> set[str] | None:
    """The words that are taken; None where any is."""
    words = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return None if words is None else {str(word) for word in words}


def _limits(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    known = _ANNOTATIONS | _COMPARED | set(_INNER)
    for keyword in sorted((old.keys() | new.keys()) - known):
        before, after = old.get(keyword), new.get(keyword)
        if before == after or _is_looser(keyword, before, after):
            continue
        yield Break(path, f"{keyword} was {before}, is {after}", Hurt.OLD_RECORDS)


def _is_looser(keyword: str, before: Any, after: Any) -> bool:
    if after is None:
        return keyword in _FLOORS | _CEILINGS | {"pattern"}
    if before is None:
        return False
    return bool(
        (keyword in _FLOORS and after < before) or (keyword in _CEILINGS and after > before)
    )


def _properties(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    before, after = old.get("properties", {}), new.get("properties", {})
    was_required, is_required = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() - after.keys()):
        yield Break(_under(path, name), "the field is gone", Hurt.OLD_RECORDS)
    for name in sorted(is_required - was_required):
        yield Break(_under(path, name), "the field is required now", Hurt.OLD_RECORDS)
    for name in sorted((was_required - is_required) & after.keys()):
        yield Break(_under(path, name), "the field may be left out now", Hurt.OLD_READERS)
    for name in sorted(before.keys() & after.keys()):
        yield from _compared(before[name], after[name], _under(path, name))
        if name not in was_required | is_required:
            yield from _default(before[name], after[name], _under(path, name))


def _default(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    if old.get("default") != new.get("default"):
        told = f"left out it meant {old.get('default')}, now {new.get('default')}"
        yield Break(path, told, Hurt.OLD_READERS)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
