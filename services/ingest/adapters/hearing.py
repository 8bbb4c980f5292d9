"""Listens whether Kafka acknowledges anything, while it has something to acknowledge."""

import asyncio
import time
from collections.abc import Callable

from services.ingest.domain.silence import Silence

_LOOK_SECONDS = 0.1


class Hearing:
    """Looks again and again while it `is_waiting`, at most once in a round of the loop."""

    def __init__(self, is_waiting: Callable[[], bool]) -> None:
        self._is_waiting = is_waiting
        self._silence = Silence(0.0)
        self._is_looking = False

    @property
    def silent_seconds(self) -> float:
        """How long nothing was heard that is waited for."""
        return self._silence.at(time.monotonic()).seconds if self._is_waiting() else 0.0

    def heard(self) -> None:
        """Something was, or it is waited for from now on."""
        self._silence = Silence(time.monotonic())
        if not self._is_looking:
            self.look()

    def look(self) -> None:
        """Count what passed since the last look; go on while something is waited for."""
        self._silence = self._silence.at(time.monotonic())
        self._is_looking = self._is_waiting()
        if self._is_looking:
            asyncio.get_running_loop().call_later(_LOOK_SECONDS, self.look)
