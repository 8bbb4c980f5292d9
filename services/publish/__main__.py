"""`python -m services.publish`: the scorecard from the metric topic. The only file that wires."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial

import click
import structlog
from aiohttp import web
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry, disable_created_metrics
from pydantic import ValidationError
from rich.console import Console

from schemas import authority, settings_names, topics
from schemas.authority import AUTHORITY_FILE, Authority
from schemas.codec import explain
from schemas.listen_address import address_of
from schemas.vocabulary import Decision
from schemas.yaml_file import FileRefused
from services.publish.adapters import catalogue_files
from services.publish.adapters.cards import Cards
from services.publish.adapters.fall_collector import FallCollector
from services.publish.adapters.inside_http import Inside
from services.publish.adapters.kafka_consumer import MetricTopic, consumer_of
from services.publish.adapters.public_writer import write
from services.publish.adapters.telemetry import PublishTelemetry
from services.publish.adapters.whole_topic import newest
from services.publish.commands.release import (
    Proposed,
    ReleaseRefused,
    account,
    allowed,
    calendar_period,
    decisions,
    may_be_public,
    prepared,
    responsible,
    table,
    to_be_sent,
)
from services.publish.domain.period import Period
from services.publish.domain.release.asked import Asked
from services.publish.publish import Publication
from services.publish.settings import Settings
from services.publish.watch import Watch

log = structlog.get_logger()


class ReaderLost(Exception):
    """The reader ended, and nobody wanted it to."""


@click.group(invoke_without_command=True)
@click.pass_context
def program(context: click.Context) -> None:
    """Show the scorecard of every service: pages and JSON, from metrics.internal.v1 alone.

    Settings are THROUGHLINE_KAFKA_BOOTSTRAP, _CATALOGUE, _PUBLISH_INSIDE and _LOG_LEVEL.
    """
    if context.invoked_subcommand is None:
        context.invoke(serve)


@program.command()
def serve() -> None:
    """Read the metric topic from its beginning and serve the inside listener (the default)."""
    settings = _settings()
    _write_logs(settings.log_level)
    disable_created_metrics()  # type: ignore[no-untyped-call]
    log.info("publish.starting", **settings.model_dump(mode="json"))
    try:
        asyncio.run(_serve(settings))
    except (KafkaError, FileRefused, ReaderLost, OSError) as problem:
        log.critical("publish.stopped", problem=f"{type(problem).__name__}: {problem}")
        sys.exit(1)
    log.info("publish.ended")


@program.command()
@click.option("--period", required=True, help="A closed month (2026-09) or quarter (2026-Q3).")
@click.option("--proposed-by", help="Who proposes it.")
@click.option("--decided-by", help="Who decides it, where no routine did.")
@click.option("--dry-run", is_flag=True, help="Show what would be public, and write nothing.")
def release(period: str, proposed_by: str | None, decided_by: str | None, *, dry_run: bool) -> None:
    """Make a closed period public: suppressed, rounded, on metrics.public.v1.

    Who may propose and decide it, governance/authority.yaml says. The same release again writes
    nothing; one that was cut off is completed.
    """
    if not proposed_by and not dry_run:
        raise click.UsageError("a release is an act: give --proposed-by and --decided-by")
    settings = _settings()
    by = Proposed(proposed_by, decided_by) if proposed_by and not dry_run else None
    try:
        asyncio.run(_release(settings, calendar_period(period), by))
    except (ReleaseRefused, FileRefused, KafkaError, OSError) as refused:
        raise click.ClickException(str(refused)) from None


async def _release(settings: Settings, period: Period, by: Proposed | None) -> None:
    now, kafka = datetime.now(UTC), settings.kafka
    may = partial(allowed, by=by, day=now.date(), authority=_authority()) if by else None
    first = may(Decision.RELEASE) if may else None
    asked = Asked(period, {}, now.date(), by=responsible(first))
    internal = await newest(consumer_of(kafka, topics.METRICS_INTERNAL), may_be_public)
    made = prepared(internal, await newest(consumer_of(kafka, topics.METRICS_PUBLIC)), asked)
    Console().print(table(made, asked.policy.k), *account(made, period), sep="\n")
    if may and made.rows:
        approvals = [may(decision) for decision in decisions(made)]
        await write(kafka, to_be_sent(made, approvals, period.name, now))
    click.echo("Written." if may and made.rows else "Nothing was written.")


def _authority() -> Authority:
    return authority.read(AUTHORITY_FILE.read_text(encoding="utf-8"), str(AUTHORITY_FILE))


async def _serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; an end of the reader is the end of the process."""
    registry = CollectorRegistry()
    telemetry = PublishTelemetry(registry)
    publication, watch = Publication(telemetry), Watch()
    registry.register(FallCollector(watch))
    catalogue = catalogue_files.read(settings.catalogue)
    source = partial(consumer_of, settings.kafka, topics.METRICS_INTERNAL)
    topic = MetricTopic(source, publication, telemetry, along=[watch])
    inside = Inside(Cards(catalogue, publication), registry, lambda: topic.is_caught_up)
    async with _listening(inside.application(), settings.publish_inside):
        reading = asyncio.create_task(topic.follow())
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, reading.cancel)
        await ended(reading)


async def ended(reading: "asyncio.Task[None]") -> None:
    """Wait for the reader. A client below may drop what it waits for by a cancel of its own: an
    end that is an error, or no supervisor would start us again. Raises ReaderLost.
    """
    try:
        await reading
    except asyncio.CancelledError:
        if not reading.cancelling():
            raise ReaderLost("the reader was cancelled, and nobody told us to end") from None


@contextlib.asynccontextmanager
async def _listening(application: web.Application, listen: str) -> AsyncIterator[None]:
    host, port = address_of(listen)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("inside.listening", host=host, port=port)
        yield
    finally:
        await runner.cleanup()


def _settings() -> Settings:
    """The settings of the environment; a wrong one ends the process with its sentence."""
    wrong = settings_names.unknown(os.environ)
    if wrong:
        raise click.ClickException("\n".join(wrong))
    try:
        return Settings()
    except ValidationError as error:
        raise click.ClickException(explain(error)) from None


def _write_logs(level: str) -> None:
    """JSON lines on stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    program(prog_name="python -m services.publish")
