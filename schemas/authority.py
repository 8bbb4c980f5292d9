"""Who proposes, who decides and who is told of each decision: the file, and who holds its offices.

What may be decided by it, `schemas/approval.py` says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.model import Contract, Name
from schemas.team import Member
from schemas.topics import TOPICS
from schemas.vocabulary import Decision
from schemas.yaml_file import FileRefused, nearest, parse

AUTHORITY_FILE = Path(__file__).resolve().parents[1] / "governance" / "authority.yaml"
_OF = " of "
Office = Annotated[
    str, StringConstraints(pattern=rf"^[a-z][a-z-]*{_OF}[a-z][a-z.]*\.v[1-9][0-9]*$")
]
Person = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Teams = Mapping[str, Sequence[Member]]
TEAMS: Teams = {topic.name: topic.team for topic in TOPICS}


class Procedure(Contract):
    """Which offices propose a decision, which decide it and which are told. An office is
    `<role> of <contract>`: whoever has that role in the team of that contract. With `four_eyes`
    nobody decides what they proposed.
    """

    proposes: Annotated[tuple[Office, ...], Field(min_length=1)]
    decides: Annotated[tuple[Office, ...], Field(min_length=1)]
    informed: tuple[Office, ...] = ()
    four_eyes: bool


class Decisions(Contract):
    """The procedure of every decision there is."""

    release: Procedure
    revise: Procedure
    change_formula: Procedure
    link_rule: Procedure
    erase: Procedure
    destroy_key: Procedure
    admit_reader: Procedure

    def of(self, decision: Decision) -> Procedure:
        """Its procedure."""
        found: Procedure = getattr(self, decision.value)
        return found


class Routine(Contract):
    """What is decided in advance, from one day to another, both included: whoever may propose it
    needs nobody to decide, as long as `decided_by` still may.
    """

    id: Name
    decision: Decision
    decided_by: Person
    begins: Annotated[date, Field(alias="from")]
    until: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until < self.begins:
            raise ValueError("`until` must not be earlier than `from`")
        return self

    def is_in_force(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.begins <= day <= self.until


class AuthorityFile(Contract):
    """The file of who decides what."""

    decisions: Decisions
    routines: tuple[Routine, ...] = ()


@dataclass(frozen=True)
class Authority:
    """The file, the teams whose members hold its offices, and the file's SHA-256."""

    file: AuthorityFile
    teams: Teams
    digest: str

    def holders(self, offices: Iterable[Office], day: date) -> tuple[str, ...]:
        """Who holds one of these offices on that day, each once."""
        return tuple(
            dict.fromkeys(
                member.username
                for office in offices
                for member in self.ever(office)
                if member.is_here(day)
            )
        )

    def ever(self, office: Office) -> Iterator[Member]:
        """Who holds an office, held it or will hold it."""
        role, topic = office.split(_OF)
        return (member for member in self.teams.get(topic, ()) if member.role == role)

    def routine(self, decision: Decision, day: date) -> Routine | None:
        """What was decided in advance for that day, if anything. One whose maker may not decide any
        more comes last, so that it is named where nothing else holds.
        """
        found = (r for r in self.file.routines if r.decision == decision and r.is_in_force(day))
        may = self.holders(self.file.decisions.of(decision).decides, day)
        return min(found, key=lambda one: one.decided_by not in may, default=None)


def read(text: str, where: str, teams: Teams = TEAMS) -> Authority:
    """The file's content with who holds its offices. `where` names the file. Raises FileRefused
    when it does not say what it must, or names an office that there never was.
    """
    file = parse(AuthorityFile, text, where)
    authority = Authority(file, teams, sha256(text.encode()).hexdigest())
    if told := [f"{where}: {sentence}" for sentence in _unknown_offices(authority)]:
        raise FileRefused("\n".join(told))
    return authority


def _unknown_offices(authority: Authority) -> Iterator[str]:
    for decision in Decision:
        procedure = authority.file.decisions.of(decision)
        for field in ("proposes", "decides", "informed"):
            for office in getattr(procedure, field):
                if not any(authority.ever(office)):
                    near = nearest(office, _offices(authority.teams))
                    yield f"decisions.{decision}.{field}: nobody was ever {office!r}; {near}"


def _offices(teams: Teams) -> list[str]:
    found = {f"{one.role}{_OF}{topic}" for topic, team in teams.items() for one in team}
    return sorted(found)
