"""How far a long command is, and how much longer it takes: a bar on a terminal, else log lines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[int, int], None]
"""Told how many of how many are done; the second number may grow."""

_EVERY_SECONDS = 5.0


@contextmanager
def shown(what: str, console: Console) -> Iterator[Advance]:
    """Show what is told as long as the block runs."""
    if console.is_terminal:
        with _bars(console) as bars:
            task = bars.add_task(what, total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total)
    else:
        yield Lines(what)


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)


@dataclass
class Lines:
    """A log line every five seconds, none for what is done before."""

    what: str
    now: Callable[[], float] = time.monotonic
    _began: float = field(default=0.0, init=False)
    _last: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """The time starts to run."""
        self._began = self._last = self.now()

    def __call__(self, done: int, total: int) -> None:
        """So many of so many are done."""
        now = self.now()
        if now - self._last >= _EVERY_SECONDS:
            self._last = now
            left = seconds_left(now - self._began, done, total)
            told = {"done": done, "total": total, "seconds_left": left}
            structlog.get_logger().info(f"{self.what}.progress", **told)


def seconds_left(passed: float, done: int, total: int) -> int | None:
    """At the pace so far; None where nothing tells."""
    return round(passed * (total - done) / done) if done > 0 else None
