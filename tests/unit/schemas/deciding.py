"""A small agency's file of who decides, and the teams that hold its offices."""

from datetime import date

from schemas.authority import Authority, read
from schemas.team import Member
from schemas.vocabulary import Decision

DAY = date(2026, 3, 10)
TEAMS = {
    "erasures.v1": (
        Member("clerk", "helper"),
        Member("officer", "steward"),
        Member("chief", "owner", left=date(2026, 6, 30), heir="heiress"),
        Member("heiress", "owner", came=date(2026, 7, 1)),
    )
}
_PROCEDURE = """
    proposes: [helper of erasures.v1, steward of erasures.v1]
    decides: [steward of erasures.v1, owner of erasures.v1]
    informed: [owner of erasures.v1, helper of erasures.v1]
    four_eyes: {four_eyes}
"""
ROUTINE = """
routines:
  - {id: each-month, decision: release, decided_by: chief, from: 2026-03-01, until: 2026-12-31}
"""


def text(four_eyes: str = "true", more: str = "") -> str:
    """The file, with the same procedure for every decision."""
    procedure = _PROCEDURE.format(four_eyes=four_eyes)
    return "decisions:\n" + "".join(f"  {one}: {procedure}" for one in Decision) + more


def authority(four_eyes: str = "true", more: str = "") -> Authority:
    """The same, read."""
    return read(text(four_eyes, more), "authority.yaml", TEAMS)
