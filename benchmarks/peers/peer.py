"""A peer as data: how it is made ready, started and read; everything else is the same for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.reading import Read


class CannotRun(Exception):
    """A peer cannot be measured here; the message says precisely why."""


@dataclass(frozen=True)
class Peer:
    """One engine on the session work.

    `prepare` builds or installs under the folder it is given, returns the command, and raises
    CannotRun. A peer without `read` has no result: a floor. One that `ends` does so by itself when
    the topic is read; the others are asked to. `result` is the topic with its sessions, in which
    {name} is the run's. `share` of the events keeps a slow one's run within its limit.
    """

    name: str
    version: str
    prepare: Callable[[Path], Sequence[str]]
    limit_seconds: float
    state: str
    environment: Mapping[str, str] = field(default_factory=dict)
    result: str = "{name}-output"
    read: Read | None = None
    ends: bool = False
    share: float = 1.0
