"""Comment v1: what somebody wrote in their own words, as it lies on `comments.v1`: redacted."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.model import Contract, Instant, Name, Pseudonym
from schemas.touchpoint_event import Feedback, Language
from schemas.vocabulary import Action, Channel, IdentityKind, Provenance, Quality, Redaction, Stage

LONGEST = 4_000
"""Characters of a comment; what was longer is cut, and says so."""
# A cut may lie before what a redaction put in.
_TEXT = StringConstraints(min_length=1, max_length=LONGEST + 400)


class Redacted(Contract):
    """How often something of this kind was taken out."""

    kind: Redaction
    count: Annotated[int, Field(ge=1)]


class Comment(Contract):
    """One text, with the touchpoint and the answer that it came with.

    `id` is the same for every copy of it. Where the event is joined to nobody, there is no
    `subject`, and `time` is the hour.

    In `text` each thing that was taken out is the name of its kind in brackets. Names and addresses
    survive every redaction: read it as personal data.
    """

    id: Pseudonym
    time: Instant
    subject: Pseudonym | None = None
    identity_kind: IdentityKind
    key_id: Name
    agency: Name
    service: Name
    channel: Channel
    touchpoint: Name
    stage: Stage
    action: Action
    feedback: Feedback | None = None
    question: Name | None = None
    text: Annotated[str, _TEXT]
    redacted: tuple[Redacted, ...] = ()
    is_cut: bool = False
    language: Language | None = None
    provenance: Provenance = Provenance.OBSERVED
    quality: Quality = Quality.VALID
    clock: Name = "live"
    source: Name

    @model_validator(mode="after")
    def _has_a_subject_where_it_is_joined(self) -> Self:
        if (self.subject is None) != (self.identity_kind is IdentityKind.ONCE):
            raise ValueError("a subject is there exactly where the event is joined to somebody")
        return self
