"""What one process knows of a lock that only one holds at a time, without asking."""

import math
import time
from collections.abc import Callable
from typing import Protocol
from uuid import uuid4


class Lock(Protocol):
    """Held under a name for so many seconds, and lost unless it is held on to within them."""

    @property
    def seconds(self) -> float:
        """For how long."""

    async def hold(self, name: str) -> bool:
        """Take it; False when it is held under another name."""

    async def hold_on(self, name: str) -> bool:
        """Keep it for as long again; False when it is not held under this name any more."""

    async def release(self, name: str) -> None:
        """Give it back, unless another holds it by now."""


class Lease:
    """Our own hold. By our clock it ends no later than the lock's: it is counted from before the
    lock was asked. So a process that stood still, or was cut off, knows that it holds nothing any
    more without asking anybody.
    """

    def __init__(self, lock: Lock, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = lock
        self._clock = clock
        self._name = uuid4().hex
        self._until = -math.inf
        self._has_asked = False

    @property
    def seconds(self) -> float:
        """For how long it is taken."""
        return self._lock.seconds

    @property
    def is_held(self) -> bool:
        """Whether nobody else can hold it."""
        return self._clock() < self._until

    async def take(self) -> bool:
        """False while another holds it."""
        self._has_asked, began = True, self._clock()
        return self._held(began, is_ours=await self._lock.hold(self._name))

    async def renew(self) -> bool:
        """For as long again. False when it was lost, or ran out: who takes it then begins anew, as
        others may have held it meanwhile.
        """
        if not self.is_held:
            return False
        began = self._clock()
        return self._held(began, is_ours=await self._lock.hold_on(self._name))

    async def give_back(self) -> None:
        """Let another take it at once. Asked for again until it has succeeded: what was taken may
        be ours though no answer came.
        """
        self._until = -math.inf
        if self._has_asked:
            await self._lock.release(self._name)
            self._has_asked = False

    def _held(self, began: float, *, is_ours: bool) -> bool:
        self._until = began + self._lock.seconds if is_ours else -math.inf
        return is_ours
