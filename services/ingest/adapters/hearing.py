"""Listens whether Kafka acknowledges anything, while it has something to acknowledge."""

import asyncio
import time
from collections.abc import Callable

from services.ingest.domain.silence import Silence

_LOOK_SECONDS = 0.1


class Hearing:
    """Looks again and again while it `is_waiting`, at most once in a round of the loop. Silence is
    what lasts longer than the patience.
    """

    def __init__(self, is_waiting: Callable[[], bool], patience_seconds: float) -> None:
        self._is_waiting = is_waiting
        self._patience_seconds = patience_seconds
        self._silence = Silence(0.0)
        self._tried = 0.0
        self._is_looking = False

    @property
    def silent_seconds(self) -> float:
        """How much longer than the patience nothing was heard that is waited for."""
        if not self._is_waiting():
            return 0.0
        return max(0.0, self._silence.at(time.monotonic()).seconds - self._patience_seconds)

    @property
    def is_in_vain(self) -> bool:
        """Whether it is silent although it was tried a moment ago."""
        tried = time.monotonic() - self._tried
        return tried < self._patience_seconds and self.silent_seconds > 0

    def tried(self) -> None:
        """Something more is sent that can be acknowledged."""
        self._tried = time.monotonic()

    def answered(self, one: "asyncio.Future[object]") -> None:
        """It is heard where it was acknowledged, and not where it failed."""
        if not one.cancelled() and not one.exception():
            self.heard()

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
