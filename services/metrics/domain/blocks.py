"""Where cells lie: blocks of one service, span and clock."""

from typing import NamedTuple

from services.metrics.domain.periods import Shelf


class Block(NamedTuple):
    """The cells of one service, span and clock."""

    service: str
    kind: Shelf
    start: str  # the local date of its first day, or the instant of an hour
    clock: str

    @property
    def name(self) -> str:
        """The block as text, for a store."""
        return "|".join(self)

    @classmethod
    def named(cls, name: str) -> "Block":
        """The block that `name` is the text of."""
        service, kind, start, clock = name.split("|")
        return cls(service, Shelf(kind), start, clock)
