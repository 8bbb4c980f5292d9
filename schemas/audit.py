"""What `audit.v1` keeps of a decision: who proposed and who made it, never whom it is about."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated

from pydantic import StringConstraints

from schemas.approval import Approval
from schemas.authority import Person
from schemas.model import Contract, Instant, Name, Sha256
from schemas.vocabulary import Decision

Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DecisionRecord(Contract):
    """A decision that was made, on record before it took effect.

    `id` is the same for the same decision of the same day: who got no answer tries again, and who
    reads counts an id once. `subject` is what was decided about: a period, a topic, a key, the id
    of a request; never a person or pseudonym. `authority` is the SHA-256 of the file by which it
    was allowed, and `routine` what in it decided in advance.
    """

    id: Sha256
    decision: Decision
    subject: Subject
    proposer: Person
    decider: Person
    informed: tuple[Person, ...] = ()
    routine: Name | None = None
    time: Instant
    authority: Sha256


def on_record(approval: Approval, subject: str, time: datetime) -> DecisionRecord:
    """The record of an approval, made at `time`."""
    words = (approval.decision, subject, approval.proposer, approval.decider, approval.routine)
    same = "\n".join(str(word) for word in (*words, approval.day, approval.authority))
    return DecisionRecord(
        id=sha256(same.encode()).hexdigest(),
        decision=approval.decision,
        subject=subject,
        proposer=approval.proposer,
        decider=approval.decider,
        informed=approval.informed,
        routine=approval.routine,
        time=time,
        authority=approval.authority,
    )
