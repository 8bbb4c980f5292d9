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
}
_FIELDS = {
    "feedback": list(SubmittedFeedback.model_fields),
    "contact": list(SubmittedContact.model_fields),
    "drivers": ["driver", "polarity", "chosen"],
}
_WORD_REASONS = {"channel": Reason.UNKNOWN_CHANNEL, "action": Reason.UNKNOWN_ACTION}
_JSON_TYPES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
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
        expected = problem["msg"].removeprefix("Input should be ")
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
    shown = str(name) if _PLAIN.fullmatch(str(name)) else "a field"
    where = ".".join(str(part) for part in [*parents, shown])
    return unknown(Reason.UNKNOWN_FIELD, where, str(name), known)


def _unknown_word(problem: ErrorDetails) -> Rejected:
    field = str(problem["loc"][-1])
    reason = _WORD_REASONS.get(field, Reason.UNKNOWN_WORD)
    return unknown(reason, _place(problem), problem["input"], WORDS[field])


def _rule(problem: ErrorDetails) -> str:
    rule = problem["msg"].removeprefix("Value error, ")
    return f"{rule[:1].lower()}{rule[1:]}"


def _place(problem: ErrorDetails) -> str:
    return ".".join(str(part) for part in problem["loc"]) or "data"
