"""Who is admitted to read by what would change, or is not any more; and whether it is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from deploy.provision.acls import Acl, AclChanges
from schemas.approval import Refused, approve
from schemas.audit import DecisionRecord, on_record
from schemas.authority import Authority
from schemas.vocabulary import Decision

_READS = frozenset({"READ", "ALL"})
_MOST = 200  # letters of a subject; some principals are whole certificates


@dataclass(frozen=True)
class By:
    """Who proposes and who decides, as they are named to the command."""

    proposer: str | None = None
    decider: str | None = None


class NotDecided(Exception):
    """Readers would change, and nobody who may has decided it; the message says whom to ask."""


def subjects(access: AclChanges) -> tuple[str, ...]:
    """What must be decided: every entry by which somebody reads a topic, or does not any more."""
    return tuple(one[:_MOST] for one in _subjects(access))


def _subjects(access: AclChanges) -> Iterator[str]:
    yield from (f"no more: {acl}" for acl in access.revoke if _reads(acl))
    yield from (str(acl) for acl in access.grant if _reads(acl))


def _reads(acl: Acl) -> bool:
    return acl.resource == "TOPIC" and acl.operation in _READS


def decided(
    access: AclChanges, by: By, now: datetime, authority: Authority
) -> tuple[DecisionRecord, ...]:
    """A record for each reader who is admitted or taken away. Raises NotDecided."""
    if not (asked := subjects(access)):
        return ()
    if by.proposer is None:
        raise NotDecided("who reads would change: give --proposed-by and --decided-by")
    found = approve(Decision.ADMIT_READER, by.proposer, by.decider, now.date(), authority)
    if isinstance(found, Refused):
        raise NotDecided(found.sentence)
    return tuple(on_record(found, subject, now) for subject in asked)
