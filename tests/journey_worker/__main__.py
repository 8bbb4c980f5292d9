"""`python -m tests.journey_worker GROUP`: the worker as it is, on topics that end in .GROUP.

Only what the command line says differs from `python -m services.journey worker`: `--always` leaves
the offset rule out, `--unchecked` the check for foreign writes and their repair; `--doubting` has
Faust sent back all the time, `--slow` makes a backlog last, `--freezing` makes the worker stop
itself within a step, `--dying` kill itself after so many (see `sabotage`).
"""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import click
import structlog
from aiokafka import ConsumerRecord
from prometheus_client import CollectorRegistry

from services.journey.__main__ import run
from services.journey.adapters import delivery, logs
from services.journey.adapters.exit import end_process
from services.journey.adapters.faust_app import Parts, build
from services.journey.adapters.offset_rule import fitting
from services.journey.adapters.telemetry import Telemetry
from services.journey.settings import Settings
from tests.journey_worker.counting import RULES, CountingState
from tests.journey_worker.naming import topics_of
from tests.journey_worker.sabotage import dying, freezing, without_foreign_write_check

log = structlog.get_logger()


def always(_wanted: int, records: Sequence[ConsumerRecord]) -> Sequence[ConsumerRecord]:
    """No rule at all: believe what Faust delivers."""
    return records


class Doubting:
    """The rule, but every chunk that fits is refused once, as if it did not."""

    def __init__(self) -> None:
        self._refused: dict[int, int] = {}

    def __call__(self, wanted: int, records: Sequence[ConsumerRecord]) -> Sequence[ConsumerRecord]:
        fits = fitting(wanted, records)
        partition = records[0].partition
        if fits and self._refused.get(partition) != wanted:
            self._refused[partition] = wanted
            return ()
        return fits


class Telling(Telemetry):
    """Says when a chunk is taken, and holds it up by so many seconds for each record."""

    seconds_each = 0.0

    def chunk(self, records: int) -> None:
        super().chunk(records)
        log.info("chunk.taken", records=records)
        time.sleep(self.seconds_each * records)


@click.command()
@click.argument("group")
@click.option("--always", "is_always", is_flag=True)
@click.option("--slow", type=float, default=0.0)
@click.option("--doubting", "is_doubting", is_flag=True)
@click.option("--unchecked", "is_unchecked", is_flag=True)
@click.option("--freezing", "armed", type=Path)
@click.option("--dying", "steps", type=int)
def main(
    group: str,
    slow: float,
    armed: Path | None,
    steps: int | None,
    *,
    is_always: bool,
    is_doubting: bool,
    is_unchecked: bool,
) -> None:
    """Start a counting worker; with `--slow` each event takes that many milliseconds."""
    rule = always if is_always else Doubting() if is_doubting else fitting
    settings = Settings()
    logs.configure("info")
    registry = CollectorRegistry()
    telemetry = Telling(registry)
    telemetry.seconds_each = slow / 1000
    parts = Parts(
        rules=RULES,
        states=CountingState,
        telemetry=telemetry,
        end=end_process,
        folder=Path(os.environ["TMPDIR"]),
        topics=topics_of(group),
        group=group,
        rule=rule,
    )
    with ExitStack() as changes:
        if is_doubting:
            changes.enter_context(patch.object(delivery, "SECONDS_BETWEEN_SEEKS", 0.1))
        if is_unchecked:
            changes.enter_context(without_foreign_write_check())
        if armed is not None:
            changes.enter_context(freezing(armed))
        if steps is not None:
            changes.enter_context(dying(steps))
        run(build(settings, parts), settings, registry)


if __name__ == "__main__":
    main()
