"""The one rule at the door: what Faust delivers is taken only where the state log left off.

Whatever Faust skipped, repeated or committed too early then makes no difference.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Something with a place in a log."""

    @property
    def offset(self) -> int:
        """Its offset."""


Record = TypeVar("Record", bound=Placed)


class HoleInTheLog(Exception):
    """Records are missing in the source itself; going on would hide that they are lost."""


def fitting(wanted: int, records: Sequence[Record]) -> Sequence[Record]:
    """The part of `records` that goes on at offset `wanted`; empty when they do not reach it.

    Raises HoleInTheLog when they are not consecutive.
    """
    first, last = records[0].offset, records[-1].offset
    if last - first != len(records) - 1:
        raise HoleInTheLog(f"{last - first + 1 - len(records)} records missing in {first}..{last}")
    return records[wanted - first :] if first <= wanted <= last else ()
