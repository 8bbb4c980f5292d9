"""Ends a worker that was frozen, stands still or cannot end: Kafka notices none of it in time.

Heartbeats to Kafka come from another thread, so a worker that stands still keeps its partitions;
and one that was frozen longer than its session may wake and write over its successor's state.
"""

import threading
import time
from collections.abc import Callable

from services.journey.adapters.exit import End

LONGEST_STALL = 60.0
# Of one that was told to end: nothing is lost by an end without goodbye, and somebody waits.
LONGEST_FAREWELL = 15.0


class Frozen(Exception):
    """This process did not run for a while: its partitions may have gone elsewhere."""


class FarewellTooLong(Exception):
    """What was told to end could not: Faust waits, now and then, for a rebalance that is over."""


class Watchdog:
    """Watches from a thread of its own; `end` is called when it has to.

    `clock` is monotonic, in seconds.
    """

    def __init__(
        self, session_timeout: float, end: End, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.longest_gap = session_timeout / 2
        # In a rebalance no step is made until those who are gone have been given up.
        self.longest_rest = LONGEST_STALL + session_timeout
        self._end = end
        self._clock = clock
        self._beat = self._progressed = self._heard = clock()
        self._leaving_since = float("inf")
        self._lag = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._beat = self._progressed = self._heard = self._clock()
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; a thread that is just looking is not waited for."""
        self._stop.set()

    def progressed(self) -> None:
        """A step was made, or recovery read on."""
        self._progressed = self._clock()

    def heard(self) -> None:
        """The event loop runs."""
        self._heard = self._clock()

    def leaving(self) -> None:
        """The application was told to end; may be said again and again."""
        self._leaving_since = min(self._leaving_since, self._clock())

    def waiting(self, lag: int) -> None:
        """So many records wait; while none does, no step is missed."""
        self._lag = lag
        if not lag:
            self.progressed()

    def check_gap(self) -> None:
        """Call before every send. Raises Frozen when this process has just thawed."""
        gap = self._clock() - self._beat
        if gap > self.longest_gap:
            raise Frozen(f"this process did not run for {gap:.1f} s")

    def look(self) -> None:
        """Judge once; the thread does this all the time."""
        now = self._clock()
        try:
            self.check_gap()
        except Frozen as frozen:
            self._end("worker.frozen", frozen)
        self._beat = now
        if self._lag and now - self._progressed > self.longest_rest:
            why = f"no step for {self.longest_rest:.0f} s while {self._lag} records wait"
            self._end("worker.stalled", why)
        if now - self._heard > LONGEST_STALL:
            why = f"the event loop did not run for {LONGEST_STALL:.0f} s"
            self._end("worker.stalled", why)
        if now - self._leaving_since > LONGEST_FAREWELL:
            late = FarewellTooLong(f"told to end {LONGEST_FAREWELL:.0f} s ago, and still here")
            self._end("worker.cut_short", late)

    def _watch(self) -> None:
        while not self._stop.wait(min(0.5, self.longest_gap / 6)):
            self.look()
