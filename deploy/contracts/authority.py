"""What the file of who decides must still say today: a sentence for each that nobody may make."""

from collections.abc import Iterator
from datetime import date

from schemas.authority import Authority, Procedure
from schemas.vocabulary import Decision


def faults(file: str, authority: Authority, today: date) -> list[str]:
    """A sentence for each fault of a file that could be read."""
    told = [*_nobody(authority, today), *_lapsed(authority, today)]
    return [f"{file}: {sentence}" for sentence in told]


def _nobody(authority: Authority, today: date) -> Iterator[str]:
    for decision in Decision:
        procedure = authority.file.decisions.of(decision)
        if vacant := _vacant(procedure, authority, today):
            field, what = vacant
            offices = " or ".join(getattr(procedure, field))
            yield (
                f"decisions.{decision}.{field}: {what} as {offices} on {today}; add who follows to "
                "the team of the contract, or name another office here."
            )


def _vacant(procedure: Procedure, authority: Authority, today: date) -> tuple[str, str] | None:
    """The field that keeps the decision from being made, and what is wrong with it."""
    propose = set(authority.holders(procedure.proposes, today))
    decide = set(authority.holders(procedure.decides, today))
    if not propose:
        return "proposes", "nobody is there"
    if not decide:
        return "decides", "nobody is there"
    if procedure.four_eyes and len(propose | decide) < 2:
        return "decides", f"only {decide.pop()}, who also proposes, is there"
    return None


def _lapsed(authority: Authority, today: date) -> Iterator[str]:
    """A routine in force whose decider may not decide any more decides nothing."""
    for one in authority.file.routines:
        offices = authority.file.decisions.of(one.decision).decides
        if one.is_in_force(today) and one.decided_by not in authority.holders(offices, today):
            yield (
                f"routines.{one.id}.decided_by: {one.decided_by} may not decide {one.decision} on "
                f"{today}; let who may now decide it anew, or take {one.id} out."
            )
