"""Control records, in-band on `touchpoints.v1` and told apart by the header `kind`.

A tick and an erasure have no key: they go into every partition. An unknown kind stops the reader.
"""

from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.model import Contract, Instant, Name, Pseudonym
from schemas.vocabulary import IdentityKind

LIVE = "live"
KEY_ROTATION: Final = "key_rotation"
"""The rule of a link from what a person was called under a former key to what they are now."""


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
    """`lower` belongs to `upper` (case to visitor, visitor to citizen, old key to new key). Its key
    is `lower`, which finds the partition.

    After a rotation of keys the event that shows it may name a case: `former_case` is what that was
    called under the old key, `case` under the new one.
    """

    lower: Pseudonym
    lower_kind: IdentityKind
    upper: Pseudonym
    upper_kind: IdentityKind
    rule: Name
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    time: Instant
    revoked: bool = False
    former_case: Pseudonym | None = None
    case: Pseudonym | None = None

    @model_validator(mode="after")
    def _case_has_two_names(self) -> Self:
        _check_case(self.former_case, self.case)
        return self

    @model_validator(mode="after")
    def _is_between_two(self) -> Self:
        if self.lower == self.upper:
            raise ValueError("lower and upper are the same: a link is between two names")
        return self


class Hop(Contract):
    """A link that was followed from the name `lower`, and when it was made."""

    lower: Pseudonym
    linked: Instant


class Handover(Contract):
    """What is held of a lower identity on its way to the upper one, which is its key; only journey
    reads `entries`. Where the lower one was erased, nothing from before `erased` may be kept, and
    where it `objects`, nothing from then on either.

    `way` are the links it has followed, the last of them from `origin`: one that would lead back
    ends it.
    """

    upper: Pseudonym
    origin: Pseudonym
    entries: Annotated[str, StringConstraints(max_length=4_000_000)]
    erased: Instant | None = None
    objects: bool = False
    former_case: Pseudonym | None = None
    case: Pseudonym | None = None
    way: tuple[Hop, ...] = ()

    @model_validator(mode="after")
    def _case_has_two_names(self) -> Self:
        _check_case(self.former_case, self.case)
        return self


def _check_case(former: str | None, now: str | None) -> None:
    if (former is None) != (now is None):
        raise ValueError("former_case and case belong together: give both or neither")


class Erasure(Contract):
    """One person is to be forgotten; older events of theirs are dropped from `time` on. Where they
    `object`, newer ones are joined to nobody, for good.

    `number` counts the pseudonyms that one request means, from 0.
    """

    id: Name
    number: Annotated[int, Field(ge=0)] = 0
    subject: Pseudonym
    time: Instant
    objects: bool = False
