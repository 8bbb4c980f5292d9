"""Control records, in-band on `touchpoints.v1` and told apart by the header `kind`.

Their key is null and their partition explicit. An unknown kind stops the reader.
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.model import Contract, Instant, Name, Pseudonym
from schemas.vocabulary import IdentityKind

LIVE = "live"


class Tick(Contract):
    """Moves the time of one clock in one partition.

    On `live` it is empty and its time is the append time that the broker gave it; on a named clock
    the feeder says the time, and `last` ends the clock.
    """

    clock: Name
    time: Instant | None = None
    last: bool = False

    @model_validator(mode="after")
    def _only_named_clocks_carry_time(self) -> Self:
        if (self.clock == LIVE) != (self.time is None):
            raise ValueError("a named clock's tick carries its time, a live one does not")
        if self.last and self.clock == LIVE:
            raise ValueError("the live clock has no last tick")
        return self


class Link(Contract):
    """`lower` belongs to `upper` (case to visitor, visitor to citizen, old key to new key)."""

    lower: Pseudonym
    lower_kind: IdentityKind
    upper: Pseudonym
    upper_kind: IdentityKind
    rule: Name
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    time: Instant
    revoked: bool = False


class Handover(Contract):
    """Entries of a lower identity on their way to the upper one; only journey reads `entries`."""

    upper: Pseudonym
    origin: Pseudonym
    entries: Annotated[str, StringConstraints(max_length=4_000_000)]


class Erasure(Contract):
    """One person is to be forgotten; older events of theirs are dropped from `time` on.

    `number` counts the pseudonyms that one request means, from 0.
    """

    id: Name
    number: Annotated[int, Field(ge=0)] = 0
    subject: Pseudonym
    time: Instant
