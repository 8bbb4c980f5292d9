"""The steps of admission, told: what passed, what was found, and what would be published."""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.codec import encode
from schemas.vocabulary import Reason
from services.ingest.domain.admission import STEPS, accepted
from services.ingest.domain.draft import Arrival, Draft
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.rules import Rules
from services.ingest.domain.submission import Received

Told = dict[str, Any]

_TEXT_DROPPED = "free text was found: this version drops and counts it, and keeps it nowhere"
_FOUND: Mapping[str, Callable[[Draft], str]] = {
    "known source": lambda d: f"agency {d.values['agency']}, clock {d.values['clock']}",
    "size": lambda d: f"{d.arrival.size} bytes",
    "required fields": lambda _: "all there, no others",
    "catalogue match": lambda d: (
        f"touchpoint {d.values['touchpoint']} ({_how(d)}), stage {d.values['stage']}, "
        f"initiator {d.values['initiator']}, action {d.values['action']}"
    ),
    "vocabulary": lambda d: f"channel {d.values['channel']}",
    "time": lambda d: (
        f"{d.values['time'].isoformat()}{' (ours: theirs was ahead)' * d.values['clock_skew']}"
    ),
    "quality": lambda d: str(d.values["quality"]),
    "pseudonymise": lambda d: f"keyed by {d.values['identity_kind']}",
    "free text out": lambda d: _TEXT_DROPPED if d.is_text_dropped else "none",
    "touchpoint event": lambda _: "fits the contract",
}


def explain(received: Received, arrival: Arrival, rules: Rules) -> Told:
    """The same decision as `admit`, with the way to it. Pseudonyms are shortened."""
    if isinstance(received.content, Ignored | Rejected):
        return {"steps": [], **_outcome(received.content)}
    draft, steps = Draft(arrival, received.content), []
    for step in STEPS:
        decided = step.run(draft, rules)
        if not isinstance(decided, Draft):
            steps.append({"step": step.name, "passed": False})
            return {"steps": steps, **_outcome(decided)}
        draft = decided
        steps.append({"step": step.name, "passed": True, "found": _FOUND[step.name](draft)})
    return {"steps": steps, **_outcome(accepted(draft))}


def _how(draft: Draft) -> str:
    if draft.said.touchpoint is not None:
        return "named by the event"
    return "no rule matched" if draft.unmatched_address else "by a match rule"


def _outcome(outcome: Outcome) -> Told:
    if isinstance(outcome, Accepted):
        return {"result": "accepted", "would_publish": _shortened(outcome)}
    if isinstance(outcome, Ignored):
        return {"result": "ignored", "reason": outcome.reason.value}
    change = CHANGES.get(outcome.reason, "correct the field that the detail names")
    reason = {"reason": outcome.reason.value, "detail": outcome.detail, "change": change}
    return {"result": "rejected", **reason}


def _shortened(outcome: Accepted) -> str:
    """The CloudEvent as JSON text; six characters tell pseudonyms apart and identify nobody."""
    record = outcome.record
    text = encode(record).decode()
    for pseudonym in (record.subject, record.data.case):
        text = text.replace(pseudonym, f"{pseudonym[:6]}…") if pseudonym else text
    return text


CHANGES: Mapping[Reason, str] = {
    Reason.SERVICE_NOT_ALLOWED: "add the service to this source in the file of sources, or send "
    "with the token of a source that has it",
    Reason.CHANNEL_NOT_ALLOWED: "add the channel to this source in the file of sources",
    Reason.UNKNOWN_SERVICE: "add the service to the catalogue, or send the nearest one",
    Reason.UNKNOWN_TOUCHPOINT: "add the touchpoint to the catalogue, or leave it out and let the "
    "match rules decide",
    Reason.UNKNOWN_INSTRUMENT: "add the instrument to the catalogue",
    Reason.TOO_OLD: "send earlier, or raise max_delay of this source (and grace of the service)",
    Reason.IN_THE_FUTURE: "set the sender's clock",
    Reason.TOO_LARGE: "send less in one event",
    Reason.UNMAPPED_VALUE: "add the value to the mapping, or to its `ignore`",
}
