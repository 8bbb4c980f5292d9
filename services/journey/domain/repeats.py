"""Repeats of unlinked events: hashes of what arrived within the last hour of append time.

One record per step and hour of arrival, tombstoned when all of it is older than the window.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Final

import msgspec

from services.journey.domain.rules import UNLINKED_MEMORY

PREFIX: Final = b"\0seen/"
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Arrivals = dict[int, datetime]
"""When each hash arrived last, by append time."""

_decoder = msgspec.msgpack.Decoder(Arrivals)
_encode = msgspec.msgpack.Encoder().encode


class Repeats:
    """The hashes of a partition. Looking changes nothing."""

    def __init__(self) -> None:
        self._arrived: Arrivals = {}
        self._rows: dict[bytes, None] = {}

    def is_repeat(self, number: int, at: datetime) -> bool:
        """Whether this hash arrived at most an hour before."""
        arrived = self._arrived.get(number)
        return arrived is not None and at - arrived <= UNLINKED_MEMORY

    def outdated(self, now: datetime) -> list[bytes]:
        """The keys of rows that can find no repeat any more: the first in the order written."""
        oldest = now - _HOUR - UNLINKED_MEMORY
        return list(takewhile(lambda key: oldest > _hour_of(key), self._rows))

    def take(self, key: bytes, row: bytes) -> None:
        """Know the hashes of a row."""
        self._rows[key] = None
        self._arrived.update(_decoder.decode(row))

    def drop(self, key: bytes, row: bytes) -> None:
        """Forget the hashes of a row, but those that have arrived again since."""
        self._rows.pop(key, None)
        for number, at in _decoder.decode(row).items():
            if self._arrived.get(number) == at:
                del self._arrived[number]


def rows_of(arrivals: Arrivals, offset: int) -> Iterator[tuple[bytes, bytes]]:
    """What a step that ends at `offset` writes: a row for each hour of arrival."""
    hours: dict[bytes, Arrivals] = {}
    for number, at in arrivals.items():
        hours.setdefault(_key(at, offset), {})[number] = at
    for key, row in hours.items():
        yield key, _encode(row)


def _key(at: datetime, offset: int) -> bytes:
    return b"%b%d/%d" % (PREFIX, int(at.timestamp()) // 3600, offset)


def _hour_of(key: bytes) -> datetime:
    hour = int(key[len(PREFIX) :].split(b"/")[0])
    return _EPOCH + hour * _HOUR
