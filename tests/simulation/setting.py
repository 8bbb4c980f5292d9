"""What a history is, and what it plays in."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from services.journey.adapters.recovery import States
from services.journey.domain.rules import Rules
from tests.simulation.logs import COMPACTION_LAG, Record, Row
from tests.simulation.process import Make


class Action(NamedTuple):
    """One thing that happens."""

    name: str
    a: int
    b: int


@dataclass(frozen=True)
class Seen:
    """A partition at the end: its owner's memory, and what a new reader of the topics gets.
    `rejected` is that of all partitions, and `sent` the values in the source of all.
    """

    partition: int
    source: Sequence[Record]
    memory: Any
    newest: Mapping[bytes, bytes]
    rejected: Sequence[bytes]
    sent: AbstractSet[bytes]


class Subject(Protocol):
    """What is folded, and how its truth is known."""

    @property
    def rules(self) -> Rules: ...
    @property
    def states(self) -> States: ...
    @property
    def batch_bytes(self) -> int: ...
    def event(self, number: int) -> Row:
        """One of the events that may happen."""

    def tick(self, number: int) -> Row:
        """Time."""

    def wrong(self, seen: Seen) -> Iterator[str]:
        """Where that differs from truth."""

    def comparable(self, value: bytes) -> bytes:
        """What two records of one journey and version must agree on."""


@dataclass(frozen=True)
class Setting:
    """What a history plays in. `make` and `lag` are what the controls spoil: with no lag the
    cleaner is always there.
    """

    subject: Subject
    make: Make = field(default_factory=Make)
    lag: float = COMPACTION_LAG
    partitions: int = 2
