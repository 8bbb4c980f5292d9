"""The names of everything in Redis: one hash tag, and a generation that is replaced as a whole."""

import re
from dataclasses import dataclass

LAYOUT = 3
"""Grows when keys or what is packed in them change: then all is made anew beside the old."""


@dataclass(frozen=True)
class Place:
    """Where one deployment's keys are. Cluster and epoch are in the name so that the offsets of
    another log are never believed, and the layout so that its bytes are read as they were written.
    """

    cluster: str
    epoch: int
    prefix: str = ""

    @property
    def _tag(self) -> str:
        return f"{self.prefix}{{throughline:{self.cluster}:{self.epoch}:{LAYOUT}}}"

    @property
    def pointer(self) -> str:
        """Holds the name of the generation that counts."""
        return f"{self._tag}:generation"

    @property
    def rebuilding(self) -> str:
        """Held by the one process that makes a new generation."""
        return f"{self._tag}:rebuilding"

    @property
    def showing(self) -> str:
        """Held by the one process that keeps and shows the running pairs."""
        return f"{self._tag}:showing"

    @property
    def lasting(self) -> tuple[str, ...]:
        """What is of no generation."""
        return self.pointer, self.rebuilding, self.showing

    def key(self, generation: str, name: str) -> str:
        """A key of one generation."""
        return f"{self._tag}:{generation}:{name}"

    @property
    def everything(self) -> str:
        """Matches all keys of this deployment, whatever is in the prefix."""
        return re.sub(r"([\[\]*?\\])", r"\\\1", self._tag) + ":*"


def text(raw: bytes | str) -> str:
    """What Redis answered, as text."""
    return raw.decode() if isinstance(raw, bytes) else raw
