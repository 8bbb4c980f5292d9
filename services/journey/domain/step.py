"""What goes into a step and what comes out of it: the values between the fold and the engine.

What there is one of for each event is a msgspec struct: it is made five times as fast as a frozen
dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import msgspec

from services.journey.domain import state
from services.journey.domain.state import Position


class UnknownControl(Exception):
    """A control record this program cannot follow: the worker must stop before it, because what
    comes after it may depend on it.
    """


class SourceRecord(msgspec.Struct, frozen=True, gc=False):
    """One record of `touchpoints.v1`. `appended_at` is the time the broker gave it, in UTC; `kind`
    is the header of that name, which only control records have.
    """

    offset: int
    appended_at: datetime
    key: bytes | None
    value: bytes
    kind: str | None = None


class Output(msgspec.Struct, frozen=True, gc=False):
    """A record to be written: on `journeys.v1` to the partition's own number, else by key."""

    topic: str
    key: bytes
    value: bytes
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something went wrong that no input may cause: told, and worked around."""

    offset: int
    happening: str
    error: Exception


class Arm(msgspec.Struct, frozen=True, gc=False):
    """The next deadline of a state key on a clock; None when it has none any more."""

    clock: str
    key: bytes
    due: datetime | None


@dataclass(frozen=True)
class Step:
    """What some records change: nothing until `take`.

    `upto` is the offset of the last record in it, `state` the changed rows without `applied` (None
    is a tombstone), `used` how many of the records it consumed; 0 is a slice of a tick that is not
    swept to its end yet. `late` counts this step's late events by clock.
    """

    upto: int
    state: tuple[tuple[bytes, bytes | None], ...]
    position: Position
    outputs: tuple[Output, ...]
    used: int
    arms: tuple[Arm, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    late: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def applied(self) -> bytes:
        """The row of the reserved key `applied`, with the next output offset known before."""
        return state.encode(self.position)

    def applied_with(self, next_output: int) -> bytes:
        """As `applied`, with where `journeys.v1` stands after this step's outputs."""
        return state.encode(self.position_with(next_output))

    def position_with(self, next_output: int | None) -> Position:
        """Where the partition is after this step; None keeps the output offset known before."""
        if next_output is None:
            return self.position
        return msgspec.structs.replace(self.position, next_output=next_output)
