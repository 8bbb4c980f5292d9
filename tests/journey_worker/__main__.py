"""`python -m tests.journey_worker GROUP`: the worker as it is, on topics that end in .GROUP.

Only what the command line says differs from `python -m services.journey worker`: `--always` leaves
the offset rule out, `--pause` makes every step slow.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import click
from aiokafka import ConsumerRecord
from prometheus_client import CollectorRegistry

from services.journey.__main__ import run
from services.journey.adapters import logs
from services.journey.adapters.exit import end_process
from services.journey.adapters.faust_app import Parts, build
from services.journey.adapters.offset_rule import fitting
from services.journey.adapters.telemetry import Telemetry
from services.journey.settings import Settings
from tests.journey_worker.counting import RULES, CountingState
from tests.journey_worker.naming import topics_of


def always(_wanted: int, records: Sequence[ConsumerRecord]) -> Sequence[ConsumerRecord]:
    """No rule at all: believe what Faust delivers."""
    return records


class Slow(Telemetry):
    """Holds every step up, so that a backlog lasts."""

    pause = 0.0

    def chunk(self, records: int) -> None:
        super().chunk(records)
        time.sleep(self.pause)


@click.command()
@click.argument("group")
@click.option("--always", "is_always", is_flag=True)
@click.option("--pause", type=float, default=0.0)
def main(group: str, pause: float, *, is_always: bool) -> None:
    """Start a counting worker."""
    settings = Settings()
    logs.configure("info")
    registry = CollectorRegistry()
    telemetry = Slow(registry)
    telemetry.pause = pause
    parts = Parts(
        rules=RULES,
        states=CountingState,
        telemetry=telemetry,
        end=end_process,
        folder=Path(os.environ["TMPDIR"]),
        topics=topics_of(group),
        group=group,
        rule=always if is_always else fitting,
    )
    run(build(settings, parts), settings, registry)


if __name__ == "__main__":
    main()
