"""Whether the words of one event fit its source and each other."""

from schemas.sources import Source
from schemas.vocabulary import Action, Channel, Outcome, Reason
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.submitted_event import SubmittedEvent
from services.ingest.domain.tally import is_theme, tally_fault

SURVEY_ACTIONS = frozenset({Action.OFFERED, Action.ANSWERED, Action.DISMISSED})
# The other outcomes are what silence makes of a journey; no contact can report them.
REPORTABLE = (
    Outcome.SUCCESS,
    Outcome.NEGATIVE_BUT_CORRECT,
    Outcome.ERROR,
    Outcome.WITHDRAWN,
    Outcome.TRANSFERRED,
)


def vocabulary_fault(
    said: SubmittedEvent, action: Action, channel: Channel, source: Source, *, has_text: bool
) -> Rejected | None:
    """The first thing that does not fit; None when all does. A survey may be answered in own words
    alone.
    """
    if said.channel is not None and said.channel not in source.channels:
        allowed = ", ".join(source.channels)
        return Rejected(Reason.CHANNEL_NOT_ALLOWED, f"channel: this source may send: {allowed}")
    if said.outcome is not None and said.outcome not in REPORTABLE:
        known = ", ".join(REPORTABLE)
        return Rejected(Reason.BAD_VALUE, f"outcome: an event can report: {known}")
    is_told = has_text or is_theme(said, channel)
    return tally_fault(said, channel) or _feedback_fault(said, action, is_told=is_told)


def _feedback_fault(said: SubmittedEvent, action: Action, *, is_told: bool) -> Rejected | None:
    if action not in SURVEY_ACTIONS:
        if said.feedback is None:
            return None
        detail = "feedback: needs action offered, answered or dismissed"
        return Rejected(Reason.BAD_VALUE, detail)
    if said.feedback is None:
        return Rejected(Reason.MISSING_FIELD, f"feedback: action {action} needs it")
    has_answer = said.feedback.answer is not None
    if action is Action.ANSWERED and not (has_answer or is_told):
        return Rejected(Reason.MISSING_FIELD, "feedback.answer: action answered needs it")
    if action is not Action.ANSWERED and has_answer:
        return Rejected(Reason.BAD_VALUE, f"feedback.answer: action {action} has none")
    return None
