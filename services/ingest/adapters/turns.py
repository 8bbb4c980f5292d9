"""Turns: so much work for each round of the event loop, the rest later and in its order.

Between two rounds the loop hears what came in. Without turns a crowd that comes at once is worked
on to its last one before any acknowledgement of Kafka is heard, and all are told it was late.
"""

import asyncio
from collections import deque


class Turns:
    """Gives `each_round` of work away, in any unit; what is larger gets a round of its own."""

    def __init__(self, each_round: int) -> None:
        self._each_round = each_round
        self._left = each_round
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()
        self._is_renewing = False

    async def wait(self, work: int) -> None:
        """Return when it is one's turn."""
        if self._left > 0 and not self._waiting:
            self._take(work)
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, work))
        await turn

    def _take(self, work: int) -> None:
        self._left -= work
        if not self._is_renewing:
            self._is_renewing = True
            asyncio.get_running_loop().call_soon(self._renew)

    def _renew(self) -> None:
        self._is_renewing, self._left = False, self._each_round
        while self._waiting and self._left > 0:
            turn, work = self._waiting.popleft()
            if not turn.done():  # who waited too long has gone
                turn.set_result(None)
                self._take(work)
