"""A broken field as a reason and a sentence that holds no value of the sender's."""

import re
from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Driver,
    Initiator,
    Outcome,
    Polarity,
    Provenance,
    Reason,
    Scale,
)
from schemas.yaml_file import nearest
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.submitted_event import (
    SubmittedContact,
    SubmittedEvent,
    SubmittedFeedback,
)

WORDS: dict[str, list[str]] = {
    "channel": [word.value for word in Channel],
    "action": [word.value for word in Action],
    "initiator": [word.value for word in Initiator],
    "outcome": [word.value for word in Outcome],
    "about": [word.value for word in About],
    "construct": [word.value for word in Construct],
    "scale": [word.value for word in Scale],
    "driver": [word.value for word in Driver],
    "polarity": [word.value for word in Polarity],
    "reason": [word.value for word in ContactReason],
    "provenance": [word.value for word in Provenance],
}
_FIELDS = {
    "feedback": list(SubmittedFeedback.model_fields),
    "contact": list(SubmittedContact.model_fields),
    "drivers": ["driver", "polarity", "chosen"],
}
_WORD_REASONS = {"channel": Reason.UNKNOWN_CHANNEL, "action": Reason.UNKNOWN_ACTION}
# Attributes of the event that a sender may have put one level too deep.
_BESIDE_DATA = frozenset({"id", "source", "type", "time", "test", "useragent"})
_JSON_TYPES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
# What a sender calls the types that pydantic names its own way.
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "model_type": "an object",
    "tuple_type": "a list",
}
_FORMS = {
    "citizen": "has a control character",
    "visitor": "has a control character",
    "case": "has a control character",
    "language": "must be a language tag, such as en or nl-BE",
}
_NAME = "must be a name of at most 64 of a-z, 0-9, '_', '.', '-', and begin with a letter or digit"
_SUBJECT = re.compile(r"^(?:Input|String|Tuple|Value) should ")
# A field's name is the sender's own word too: only one that looks like a name is repeated.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")


def refusal(error: ValidationError) -> Rejected:
    """The first thing that is wrong with a submitted event."""
    problem = error.errors(include_url=False, include_context=True)[0]
    if problem["type"] == "missing":
        return Rejected(Reason.MISSING_FIELD, f"{_place(problem)}: is required")
    if problem["type"] == "extra_forbidden":
        return _unknown_field(problem)
    if problem["type"] == "enum" and isinstance(problem["input"], str):
        return _unknown_word(problem)
    if problem["type"].endswith("_type") or problem["type"] == "enum":
        said = problem["msg"].removeprefix("Input should be ")
        expected = _EXPECTED.get(problem["type"], said)
        got = json_type(problem["input"])
        return Rejected(Reason.WRONG_TYPE, f"{_place(problem)}: got {got}, expected {expected}")
    return Rejected(Reason.BAD_VALUE, f"{_place(problem)}: {_rule(problem)}")


def unknown(reason: Reason, field: str, word: str, known: Iterable[str]) -> Rejected:
    """A word that is not one of the known ones; the sentence names the nearest known one."""
    return Rejected(reason, f"{field}: unknown; {nearest(word[:64], list(known))}")


def json_type(value: object) -> str:
    """What a sender calls the type of a value."""
    return _JSON_TYPES.get(type(value), "another type")


def _unknown_field(problem: ErrorDetails) -> Rejected:
    *parents, name = problem["loc"]
    parent = next((str(p) for p in reversed(parents) if isinstance(p, str)), "")
    known = _FIELDS.get(parent, list(SubmittedEvent.model_fields))
    if not parents and name in _BESIDE_DATA:
        detail = f"{name}: not a field of data; it belongs to the event, beside data"
        return Rejected(Reason.UNKNOWN_FIELD, detail)
    shown = str(name) if _PLAIN.fullmatch(str(name)) else "a field"
    where = ".".join(str(part) for part in [*parents, shown])
    return unknown(Reason.UNKNOWN_FIELD, where, str(name), known)


def _unknown_word(problem: ErrorDetails) -> Rejected:
    field = str(problem["loc"][-1])
    reason = _WORD_REASONS.get(field, Reason.UNKNOWN_WORD)
    return unknown(reason, _place(problem), problem["input"], WORDS[field])


def _rule(problem: ErrorDetails) -> str:
    if problem["type"] == "string_pattern_mismatch":
        return _FORMS.get(str(problem["loc"][-1]), _NAME)
    if problem["type"] == "string_too_short":
        return "is empty"
    return _SUBJECT.sub("must ", problem["msg"])


def _place(problem: ErrorDetails) -> str:
    return ".".join(str(part) for part in problem["loc"]) or "data"
