"""`python -m tests.chaos.line.without_offset_rule`: journey as it is, but for its one rule.

It believes whatever Faust delivers. The line must be found wrong with it: that is how we know that
it could be found wrong at all.
"""

import tempfile
from pathlib import Path

from prometheus_client import CollectorRegistry

from schemas.topics import EPOCH
from services.journey.__main__ import run
from services.journey.adapters import logs
from services.journey.adapters.catalogue_files import read_checked
from services.journey.adapters.exit import end_process
from services.journey.adapters.faust_app import Parts, build
from services.journey.adapters.telemetry import Telemetry
from services.journey.domain.partition import PartitionState
from services.journey.domain.rules import rules_from
from services.journey.settings import Settings
from tests.journey_worker.__main__ import always


def main() -> None:
    """Work like the real one."""
    settings, registry = Settings(), CollectorRegistry()
    logs.configure("info")
    parts = Parts(
        rules=rules_from(read_checked(settings.catalogue, settings.sources), EPOCH),
        states=PartitionState,
        telemetry=Telemetry(registry),
        end=end_process,
        folder=Path(tempfile.gettempdir()) / "throughline-journey",
        rule=always,
    )
    run(build(settings, parts), settings, registry)


if __name__ == "__main__":
    main()
