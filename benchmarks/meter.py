"""A process measured while it runs: its CPU seconds and the most memory it held."""

import contextlib
import os
import time
from collections.abc import Callable

import psutil

_EVERY_SECONDS = 0.05


class Meter:
    """Of one process. Ask it, not the child, whether it has ended: asking the child reaps it."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.cpu_seconds = 0.0
        self.peak_megabytes = 0.0
        self.has_ended = False

    def sample(self) -> None:
        """Look once; the last look at a process that has ended still finds its CPU time."""
        with contextlib.suppress(psutil.NoSuchProcess):
            times = self._process.cpu_times()
            self.cpu_seconds = times.user + times.system
            self.has_ended = self._process.status() == psutil.STATUS_ZOMBIE
            held = self._process.memory_info().rss / 2**20
            self.peak_megabytes = max(self.peak_megabytes, held)
            return
        self.has_ended = True

    def watch(
        self, is_over: Callable[[], bool], seconds: float, every: float = _EVERY_SECONDS
    ) -> bool:
        """Measure until it is over; False when the process ends before, or takes longer."""
        deadline = time.monotonic() + seconds
        while not is_over():
            self.sample()
            if self.has_ended or time.monotonic() > deadline:
                return is_over()
            time.sleep(every)
        self.sample()
        return True


def load_average() -> float:
    """How many processes wanted to run, over the last minute; a shared machine blurs figures."""
    return round(os.getloadavg()[0], 1)
