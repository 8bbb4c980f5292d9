"""Who answers for a topic: the team of its contract, with the days on which they came and left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Member:
    """One person in one role; `heir` is who follows, where it was said."""

    username: str
    role: str
    came: date = date.min
    left: date = date.max
    heir: str = ""

    def is_here(self, day: date) -> bool:
        """From the day of coming to the last day, both included."""
        return self.came <= day <= self.left


def members_of(contract: Mapping[str, Any]) -> Iterator[Member]:
    """The team of one contract; raises ValueError where a day cannot be read."""
    for one in contract.get("team", {}).get("members", ()):
        yield Member(
            username=one["username"],
            role=one.get("role", ""),
            came=date.fromisoformat(str(one.get("dateIn", date.min))),
            left=date.fromisoformat(str(one.get("dateOut", date.max))),
            heir=one.get("replacedByUsername", ""),
        )
