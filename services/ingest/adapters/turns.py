"""Turns: so much work for each round of the event loop, the rest later and in its order.

Between two rounds the loop hears what came in. Without turns a crowd that comes at once is worked
on to its last one before any acknowledgement of Kafka is heard, and all are told it was late.
"""

import asyncio
import time
from collections import deque
from typing import NamedTuple

from services.ingest.domain.pace_of_work import PaceOfWork


class _Waiting(NamedTuple):
    turn: asyncio.Future[None]
    work: int
    since: float


class Turns:
    """Gives `each_round` of work away, in any unit; what is larger gets a round of its own."""

    def __init__(self, each_round: int, patience_seconds: float = float("inf")) -> None:
        self._each_round = each_round
        self._patience_seconds = patience_seconds
        self._left = each_round
        self._line: deque[_Waiting] = deque()
        self._ahead = 0
        self._pace = PaceOfWork()
        self._full_since: float | None = None
        self._is_renewing = False

    @property
    def pace(self) -> float:
        """How much work there is room for in a second, as it was when some had to wait."""
        return self._pace.each_second

    @property
    def is_too_long(self) -> bool:
        """Whether who comes now would wait longer than the patience. Two rounds are never too long:
        a pace is learnt from full ones alone, so one that fell too low would stay there.
        """
        return self._ahead > max(2 * self._each_round, self.pace * self._patience_seconds)

    async def wait(self, work: int) -> None:
        """Return when it is one's turn. Raises TimeoutError when that was too long."""
        if self._left > 0 and not self._line:
            self._take(work)
            return
        turn = asyncio.get_running_loop().create_future()
        self._line.append(_Waiting(turn, work, time.monotonic()))
        self._ahead += work
        await turn

    def _take(self, work: int) -> None:
        self._left -= work
        if not self._is_renewing:
            self._is_renewing = True
            asyncio.get_running_loop().call_soon(self._renew)

    def _renew(self) -> None:
        now = time.monotonic()
        if self._full_since is not None:
            self._pace = self._pace.after(self._each_round - self._left, now - self._full_since)
        self._is_renewing, self._left = False, self._each_round
        while self._line and self._left > 0:
            self._call(self._line.popleft(), now)
        self._full_since = now if self._line else None

    def _call(self, first: _Waiting, now: float) -> None:
        self._ahead -= first.work
        if first.turn.done():  # who waited for it has gone
            return
        if now - first.since > self._patience_seconds:
            first.turn.set_exception(TimeoutError())
            return
        first.turn.set_result(None)
        self._take(first.work)
