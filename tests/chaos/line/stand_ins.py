"""`python -m tests.chaos.line.stand_ins NAME FOLDER`: a service as it is, but for one thing.

`journey` and `metrics` stop themselves at the worst moment when the file `stop-` and their process
id is laid down in the folder. The others lack a part besides: the line must be found wrong with
each of them, or we could not know that it could be found wrong at all.

On SIGUSR1 each says where it is.
"""

import asyncio
import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.journey import __main__ as journey
from services.journey.adapters.faust_app import Parts
from services.metrics import __main__ as metrics
from services.metrics.adapters.redis_counters import RedisCounters
from services.metrics.adapters.redis_scripts import APPLY
from services.metrics.domain.changes import Changes
from services.metrics.tally import Batch
from tests.journey_worker.sabotage import (
    freezing,
    is_taken,
    state_first,
    without_foreign_write_check,
)
from tests.simulation.controls import always

_COMPARISON = "if stored ~= ARGV[3] then return {0, tonumber(stored)} end\n"
WHERE = "where it is:"
Change = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def _without_offset_rule(_: Path) -> Iterator[None]:
    """It believes whatever Faust delivers."""
    with patch.object(journey, "Parts", partial(Parts, rule=always)):
        yield


@contextmanager
def _without_foreign_write_check(armed: Path) -> Iterator[None]:
    with freezing(armed), without_foreign_write_check():
        yield


@contextmanager
def _stopping(armed: Path) -> Iterator[None]:
    """It stops itself between what it has looked up and the change it makes of that."""
    apply = RedisCounters.apply

    async def stopping(self: RedisCounters, batch: Batch, changes: Changes) -> Any:
        if changes.added and is_taken(armed):
            os.kill(os.getpid(), signal.SIGSTOP)
        return await apply(self, batch, changes)

    with patch.object(RedisCounters, "apply", stopping):
        yield


@contextmanager
def _without_compare_and_set(armed: Path) -> Iterator[None]:
    """Nobody looks whether somebody else has counted meanwhile."""
    assert _COMPARISON in APPLY
    trusting = APPLY.replace(_COMPARISON, "")
    with _stopping(armed), patch.object(RedisCounters, "script", trusting):
        yield


_CHANGES: Mapping[str, Change] = {
    "journey": freezing,
    "journey-without-offset-rule": _without_offset_rule,
    "journey-without-foreign-write-check": _without_foreign_write_check,
    "journey-state-first": state_first,
    "metrics": _stopping,
    "metrics-without-compare-and-set": _without_compare_and_set,
}


def armed_by(folder: Path, process: int) -> Path:
    """The file that makes one process stop, and no other of the same service."""
    return folder / f"stop-{process}"


def say_where_on(number: signal.Signals) -> None:
    """Have every task and thread told to stderr at that signal, after a line with `WHERE`."""
    signal.signal(number, _say_where)
    faulthandler.register(number, all_threads=True, chain=True)


def _say_where(*_: object) -> None:
    sys.stderr.write(f"\n{WHERE}\n")
    with suppress(RuntimeError):  # no loop runs now: the threads say where it is
        for task in asyncio.all_tasks():
            task.print_stack(file=sys.stderr)
    sys.stderr.flush()


def main(name: str, folder: str) -> None:
    """Serve like the real one."""
    service = name.partition("-")[0]
    start = {"journey": journey.worker, "metrics": metrics.serve}[service]
    say_where_on(signal.SIGUSR1)
    with _CHANGES[name](armed_by(Path(folder), os.getpid())):
        start.main(args=[], prog_name=name)


if __name__ == "__main__":
    main(*sys.argv[1:])
