"""What falls due, soonest first: one heap, re-armed lazily.

A key whose deadline moved on keeps its old place until it comes up; so the common case, a deadline
that moves on with every event, costs nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Self


class Deadlines:
    """The next deadline of each key. Looking changes nothing."""

    def __init__(self) -> None:
        self._armed: dict[bytes, datetime] = {}
        self._queued: dict[bytes, datetime] = {}
        self._heap: list[tuple[datetime, bytes]] = []

    @classmethod
    def of(cls, dues: Mapping[bytes, datetime]) -> Self:
        """These deadlines, all at once: much less work than to arm one by one."""
        made = cls()
        made._armed, made._queued = dict(dues), dict(dues)
        made._heap = [(due, key) for key, due in dues.items()]
        heapify(made._heap)
        return made

    def __len__(self) -> int:
        return len(self._armed)

    def arm(self, key: bytes, due: datetime | None) -> None:
        """Make `due` the key's only deadline; None takes it away."""
        if due is None:
            self._armed.pop(key, None)
            return
        self._armed[key] = due
        queued = self._queued.get(key)
        if queued is None or due < queued:
            self._queue(key, due)

    def passed(self, instant: datetime) -> Iterator[bytes]:
        """The keys whose deadline lies before `instant`, each once and about the soonest first."""
        ahead = [(self._heap[0], 0)] if self._heap else []
        told: set[bytes] = set()
        while ahead and ahead[0][0][0] < instant:
            (_, key), place = heappop(ahead)
            if key not in told and self._is_before(key, instant):
                told.add(key)
                yield key
            for child in (2 * place + 1, 2 * place + 2):
                if child < len(self._heap):
                    heappush(ahead, (self._heap[child], child))

    def _is_before(self, key: bytes, instant: datetime) -> bool:
        armed = self._armed.get(key)
        return armed is not None and armed < instant

    def settle(self) -> None:
        """Clear the top of what no longer holds, so that `passed` finds what does at once."""
        while self._heap:
            due, key = self._heap[0]
            if self._queued.get(key) == due == self._armed.get(key):
                return
            heappop(self._heap)
            if self._queued.get(key) == due:
                self._requeue(key)

    def _requeue(self, key: bytes) -> None:
        del self._queued[key]
        if key in self._armed:
            self._queue(key, self._armed[key])

    def _queue(self, key: bytes, due: datetime) -> None:
        self._queued[key] = due
        heappush(self._heap, (due, key))
