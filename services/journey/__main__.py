"""Starts journey: the only file that reads the environment and chooses what is real."""

import gc
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import faust
import structlog
from prometheus_client import CollectorRegistry, disable_created_metrics
from pydantic import ValidationError

from schemas.codec import explain
from schemas.inside_readers import Gate
from schemas.listen_address import address_of
from schemas.settings_names import unknown
from schemas.topics import EPOCH
from schemas.yaml_file import FileRefused
from services.journey.adapters import logs
from services.journey.adapters.catalogue_files import read_checked
from services.journey.adapters.exit import end_process
from services.journey.adapters.faust_app import Parts, Worker, build
from services.journey.adapters.inside_http import InsideListener
from services.journey.adapters.telemetry import Telemetry
from services.journey.domain.partition import PartitionState
from services.journey.domain.rules import rules_from
from services.journey.settings import Settings

log = structlog.get_logger()


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Joins touchpoint events into journeys."""
    if context.invoked_subcommand is None:
        context.invoke(worker)


@main.command()
def worker() -> None:
    """Read touchpoints.v1 and keep journeys.v1 up to date until told to stop (SIGTERM)."""
    settings = _settings()
    logs.configure(settings.log_level)
    log.info("journey.starting", **settings.model_dump(mode="json"))
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    try:
        rules = rules_from(read_checked(settings.catalogue, settings.sources), EPOCH)
    except FileRefused as refused:
        sys.exit(str(refused))
    parts = Parts(
        rules=rules,
        states=PartitionState,
        telemetry=Telemetry(registry),
        end=end_process,
        folder=Path(tempfile.gettempdir()) / "throughline-journey",
    )
    run(build(settings, parts), settings, registry)


def run(built: Worker, settings: Settings, registry: CollectorRegistry) -> None:
    """Serve inside and work; returns by SystemExit when the worker was told to stop."""
    inside = _listener(settings, registry, lambda: built.delivery.is_ready)
    inside.start()
    # What was imported stays, and a step leaves no cycles: looking for them often costs a third.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    log.info("journey.listening", port=inside.port)
    working = faust.Worker(
        built.app, built.engine, quiet=True, override_logging=False, redirect_stdouts=False
    )
    working.spinner = None  # it would write to a terminal nobody looks at
    working.execute_from_commandline()


def _listener(
    settings: Settings, registry: CollectorRegistry, is_ready: Callable[[], bool]
) -> InsideListener:
    try:
        readers = Gate(settings.inside_readers, log.error)
        return InsideListener(address_of(settings.journey_inside), registry, is_ready, readers)
    except OSError as error:
        sys.exit(f"journey_inside: cannot listen on {settings.journey_inside}: {error.strerror}")


def _settings() -> Settings:
    told = unknown(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        told.append(explain(error))
    if told:
        sys.exit("\n".join(told))
    return settings


if __name__ == "__main__":
    main()
