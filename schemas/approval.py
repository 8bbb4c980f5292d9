"""The one function that allows a decision, or says in a sentence why not.

Whatever decides something that governance/authority.yaml names asks `approve`, puts the record of
the approval (`schemas/audit.py`) on `audit.v1`, and only then acts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.authority import Authority, Office, Procedure
from schemas.vocabulary import Decision


@dataclass(frozen=True)
class Approval:
    """That a decision may be carried out. `informed` are who must be told, `routine` is what
    decided it in advance, and `authority` the hash of the file that says so.
    """

    decision: Decision
    proposer: str
    decider: str
    informed: tuple[str, ...]
    routine: str | None
    day: date
    authority: str


class Refusal(StrEnum):
    """Why a decision may not be carried out, in the order in which it is looked at."""

    MAY_NOT_PROPOSE = "may_not_propose"
    NOT_DECIDED = "not_decided"
    MAY_NOT_DECIDE = "may_not_decide"
    SAME_PERSON = "same_person"


@dataclass(frozen=True)
class Refused:
    """That it may not, and a sentence of why and whom to ask."""

    why: Refusal
    sentence: str


@dataclass(frozen=True)
class _Act:
    """A decision as it is to be made; `decider` is empty where nobody has decided."""

    decision: Decision
    proposer: str
    decider: str
    day: date
    authority: Authority

    @property
    def procedure(self) -> Procedure:
        return self.authority.file.decisions.of(self.decision)

    def may(self, person: str, offices: Sequence[Office]) -> bool:
        return person in self.authority.holders(offices, self.day)

    def ask(self, offices: Sequence[Office], but: str = "") -> str:
        """Whom to ask instead, by office and by name."""
        here = [one for one in self.authority.holders(offices, self.day) if one != but]
        named = ", ".join(here) or "nobody now: the team of a contract needs who follows"
        return f"ask the {' or the '.join(offices)} ({named})"


def approve(
    decision: Decision, proposer: str, decider: str | None, day: date, authority: Authority
) -> Approval | Refused:
    """Whether `proposer` and `decider` may make this decision on that day. Without a decider a
    routine must have decided it in advance.
    """
    routine = None if decider else authority.routine(decision, day)
    decided_by = routine.decided_by if routine else decider or ""
    act = _Act(decision, proposer, decided_by, day, authority)
    for step in _STEPS:
        if refused := step(act):
            return refused
    return Approval(
        decision=decision,
        proposer=proposer,
        decider=decided_by,
        informed=authority.holders(act.procedure.informed, day),
        routine=routine.id if routine else None,
        day=day,
        authority=authority.digest,
    )


def _proposed(act: _Act) -> Refused | None:
    if act.may(act.proposer, act.procedure.proposes):
        return None
    told = f"{act.proposer} may not propose {act.decision} on {act.day}"
    return Refused(Refusal.MAY_NOT_PROPOSE, f"{told}; {act.ask(act.procedure.proposes)}")


def _decided(act: _Act) -> Refused | None:
    if act.decider:
        return None
    told = f"nobody has decided {act.decision}, nor a routine for {act.day}"
    return Refused(Refusal.NOT_DECIDED, f"{told}; {act.ask(act.procedure.decides)}")


def _by_who_may(act: _Act) -> Refused | None:
    if act.may(act.decider, act.procedure.decides):
        return None
    told = f"{act.decider} may not decide {act.decision} on {act.day}"
    return Refused(Refusal.MAY_NOT_DECIDE, f"{told}; {act.ask(act.procedure.decides)}")


def _by_another(act: _Act) -> Refused | None:
    if act.decider != act.proposer or not act.procedure.four_eyes:
        return None
    told = f"{act.proposer} proposes {act.decision} and may not decide it too"
    asked = act.ask(act.procedure.decides, but=act.proposer)
    return Refused(Refusal.SAME_PERSON, f"{told}; {asked}")


_STEPS: tuple[Callable[[_Act], Refused | None], ...] = (
    _proposed,
    _decided,
    _by_who_may,
    _by_another,
)
