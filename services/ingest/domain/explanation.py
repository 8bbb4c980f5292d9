"""The steps of admission, told: what passed, what was found, and what would be published."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schemas.comment import Comment
from schemas.reasons import IGNORED, MEANINGS
from schemas.vocabulary import Action, Channel, IdentityKind, Quality
from services.ingest.domain.admission import STEPS, accepted
from services.ingest.domain.draft import Arrival, Draft
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.rules import Rules
from services.ingest.domain.submission import Received

Told = dict[str, Any]

_KEYED = {
    IdentityKind.CITIZEN: "joined by citizen",
    IdentityKind.VISITOR: "joined by visitor",
    IdentityKind.CASE: "joined by case",
    IdentityKind.ONCE: "joined to nothing",
}
_FOUND: Mapping[str, Callable[[Draft], str]] = {
    "known source": lambda d: f"agency {d.values['agency']}, clock {d.values['clock']}",
    "size": lambda d: f"{d.arrival.size} bytes",
    "required fields": lambda _: "all there, no others",
    "catalogue match": lambda d: (
        f"touchpoint {d.values['touchpoint']} ({_how(d)}), stage {d.values['stage']}, "
        f"initiator {d.values['initiator']}, action {d.values['action']}"
    ),
    "vocabulary": lambda d: f"channel {d.values['channel']}",
    "time": lambda d: f"{d.values['time'].isoformat()} ({_whose(d)})",
    "quality": lambda d: f"{d.values['quality']}{_yet_to_judge(d)}",
    "pseudonymise": lambda d: _KEYED[d.values["identity_kind"]],
    "free text out": lambda d: _taken_out(d.comments),
    "touchpoint event": lambda _: "fits the contract",
}


def explain(received: Received, arrival: Arrival, rules: Rules) -> Told:
    """The same decision as `admit`, with the way to it. Pseudonyms are shortened."""
    if isinstance(received.content, Ignored | Rejected):
        return {"steps": [], **_outcome(received.content)}
    draft, steps = Draft(arrival, received.content), []
    for step in STEPS:
        decided = step.decide(draft, rules)
        if not isinstance(decided, Draft):
            steps.append({"step": step.name, "passed": False})
            return {"steps": steps, **_outcome(decided)}
        draft = decided
        steps.append({"step": step.name, "passed": True, "found": _FOUND[step.name](draft)})
    return {"steps": steps, **_outcome(accepted(draft))}


def _taken_out(comments: Sequence[Comment]) -> str:
    """How much text there was and what of it is redacted, never the text as it came."""
    if not comments:
        return "none"
    counts = (f"{one.kind} {one.count}" for comment in comments for one in comment.redacted)
    return f"{len(comments)} as comments; taken out: {', '.join(counts) or 'nothing'}"


def _yet_to_judge(draft: Draft) -> str:
    """What one event does not tell: the pace of a visitor shows in many (see `pace`)."""
    values = draft.values
    is_view = values["channel"] is Channel.WEBSITE and values["action"] is Action.VISITED
    is_valid = values["quality"] is Quality.VALID
    told = " by itself; the pace of its visitor is judged when it is sent"
    return told if is_view and is_valid else ""


def _how(draft: Draft) -> str:
    if draft.said.touchpoint is not None:
        return "named by the event"
    return "no rule matched" if draft.unmatched_address else "by a match rule"


def _whose(draft: Draft) -> str:
    if draft.submission.time is None:
        return "ours: the event has none"
    return "ours: theirs was ahead" if draft.values["clock_skew"] else "as sent"


def _outcome(outcome: Outcome) -> Told:
    if isinstance(outcome, Accepted):
        told = {"result": "accepted", "would_publish": _shortened(outcome)}
        return told | _texts(outcome.comments)
    if isinstance(outcome, Ignored):
        why = {"reason": outcome.reason.value, "detail": IGNORED[outcome.reason]}
        return {"result": "ignored", **why} | _texts(outcome.comments)
    change = MEANINGS[outcome.reason].change
    why = {"reason": outcome.reason.value, "detail": outcome.detail, "change": change}
    return {"result": "rejected", **why}


def _texts(comments: Sequence[Comment]) -> Told:
    return {"comments": [comment.text for comment in comments]} if comments else {}


def _shortened(outcome: Accepted) -> Told:
    """The CloudEvent; six characters tell pseudonyms apart and identify nobody."""
    event = outcome.record.model_dump(mode="json", exclude_none=True)
    for part, name in ((event, "subject"), (event["data"], "case")):
        if name in part:
            part[name] = f"{part[name][:6]}…"
    return event
