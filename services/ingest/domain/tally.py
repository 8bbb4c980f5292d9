"""What is told of many people at once: focus groups, tallies, what was said on social media.

None of it is ever joined to a person, not even to one who is named with it; and what was only
estimated, or said because somebody asked, is kept apart by its provenance: it never enters a score.
"""

from schemas.vocabulary import Channel, Provenance, Reason
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.submitted_event import SubmittedEvent

TOLD_OF_MANY = frozenset({Provenance.MODERATED, Provenance.ESTIMATED})


def provenance(said: SubmittedEvent, channel: Channel) -> Provenance:
    """How it came to be known, where the event leaves that out."""
    if said.provenance is not None:
        return said.provenance
    if channel is Channel.FOCUS_GROUP:
        return Provenance.MODERATED
    return Provenance.ESTIMATED if said.count > 1 else Provenance.OBSERVED


def is_theme(said: SubmittedEvent, channel: Channel) -> bool:
    """Whether it says what moved people, without an answer on a scale."""
    return (
        said.feedback is not None
        and said.feedback.answer is None
        and bool(said.feedback.drivers)
        and provenance(said, channel) in TOLD_OF_MANY
    )


def tally_fault(said: SubmittedEvent, channel: Channel) -> Rejected | None:
    """What does not fit together; None when all does."""
    told = provenance(said, channel)
    if channel is Channel.FOCUS_GROUP and told is not Provenance.MODERATED:
        return Rejected(Reason.BAD_VALUE, "provenance: what a focus group says is moderated")
    if said.count == 1:
        return None
    if told not in TOLD_OF_MANY:
        detail = "provenance: a tally is estimated or moderated; send what was observed one by one"
        return Rejected(Reason.BAD_VALUE, detail)
    known = [name for name in ("citizen", "visitor", "case") if getattr(said, name)]
    if known:
        detail = f"{known[0]}: a tally is of people nobody knows; leave it out, or send count 1"
        return Rejected(Reason.BAD_VALUE, detail)
    return None
