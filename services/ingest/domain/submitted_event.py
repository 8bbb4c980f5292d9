"""The `data` of a submitted event: exactly the fields a source may send.

Beside the contract of the topic this is what the outside may say: raw identifiers in, nothing that
ingest decides itself (agency, quality, clock).
"""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from schemas.model import Contract, Name
from schemas.touchpoint_event import Contact, DriverMention, Language, ShortText
from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    ContactReason,
    Initiator,
    Outcome,
    Provenance,
    Scale,
)

# No control characters: an identifier with a NUL in it is a mistake of the sender.
Identifier = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=256, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]


class SubmittedFeedback(Contract):
    """One question; what is left out comes from the instrument."""

    instrument: Name
    about: About | None = None
    construct: Construct | None = None  # type: ignore[assignment]
    scale: Scale | None = None
    answer: StrictInt | None = None
    wording: Name | None = None
    offer_id: ShortText | None = None
    drivers: Annotated[tuple[DriverMention, ...], Field(max_length=20)] = ()


class SubmittedContact(Contract):
    """A citizen who asked for help."""

    reason: ContactReason | None = None
    avoidable: StrictBool | None = None
    reached: StrictBool | None = None

    def contact(self) -> Contact:
        """The same as the topic has it."""
        return Contact(reason=self.reason, avoidable=self.avoidable, reached=self.reached)


class SubmittedEvent(Contract):
    """One contact as its source reports it; one of citizen, visitor or case makes it joinable. A
    `count` above 1 is a tally of people nobody knows.
    """

    service: Name
    touchpoint: Name | None = None
    channel: Channel | None = None
    action: Action | None = None
    citizen: Identifier | None = None
    visitor: Identifier | None = None
    case: Identifier | None = None
    initiator: Initiator | None = None
    outcome: Outcome | None = None
    transferred_to: Name | None = None
    sequence: Annotated[StrictInt, Field(ge=0, le=2**53)] = 0
    assisted: StrictBool = False
    feedback: SubmittedFeedback | None = None
    contact: SubmittedContact | None = None
    text: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    provenance: Provenance | None = None
    count: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = 1
    language: Language | None = None
    device: ShortText | None = None
