"""`python -m services.publish serve | public | release`; `serving.py` wires the two listeners."""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from functools import partial

import click
import structlog
from aiokafka.errors import KafkaError
from prometheus_client import disable_created_metrics
from pydantic import ValidationError
from rich.console import Console

from schemas import settings_names, topics
from schemas.codec import explain
from schemas.yaml_file import FileRefused
from services.publish.adapters.authority_file import read_authority
from services.publish.adapters.kafka_consumer import consumer_of
from services.publish.adapters.public_writer import write
from services.publish.adapters.whole_topic import end_of, newest, whole
from services.publish.commands.release import (
    Proposed,
    ReleaseRefused,
    account,
    allowed,
    calendar_period,
    decisions,
    may_be_public,
    prepared,
    refuse_another,
    refuse_if_late,
    table,
    to_be_sent,
)
from services.publish.domain.period import Period
from services.publish.domain.release.asked import Asked
from services.publish.serving import ReaderLost, serve_inside, serve_public
from services.publish.settings import Settings

log = structlog.get_logger()


@click.group(invoke_without_command=True)
@click.pass_context
def program(context: click.Context) -> None:
    """Show the scorecard of every service: pages and JSON, from metrics.internal.v1 alone.

    Settings are THROUGHLINE_KAFKA_BOOTSTRAP, _CATALOGUE, _PUBLISH_INSIDE and others that
    docs/reference.md lists. `release` makes numbers public, `public` serves them.
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
    _run(serve_inside(settings))


@program.command()
def public() -> None:
    """Serve the open data to anybody, from metrics.public.v1 alone: run it as publish-public."""
    settings = _settings()
    _write_logs(settings.log_level)
    log.info("public.starting", **settings.model_dump(mode="json"))
    _run(serve_public(settings))


@program.command()
@click.option("--period", required=True, help="A closed month (2026-09) or quarter (2026-Q3).")
@click.option("--proposed-by", help="Who proposes it.")
@click.option("--decided-by", help="Who decides it, where no routine did.")
@click.option("--draft", help="The draft that was looked at: where it is another, refuse.")
@click.option("--dry-run", is_flag=True, help="Show what would be public, and write nothing.")
def release(
    period: str,
    proposed_by: str | None,
    decided_by: str | None,
    draft: str | None,
    *,
    dry_run: bool,
) -> None:
    """Make a closed period public: suppressed, rounded, on metrics.public.v1.

    Who may propose and decide it, governance/authority.yaml says. The same release again writes
    nothing; one that was cut off is completed.
    """
    if not proposed_by and not dry_run:
        raise click.UsageError("a release is an act: give --proposed-by and --decided-by")
    settings = _settings()
    by = Proposed(proposed_by, decided_by) if proposed_by and not dry_run else None
    try:
        asyncio.run(_release(settings, calendar_period(period), by, draft))
    except (ReleaseRefused, FileRefused, KafkaError, OSError) as refused:
        raise click.ClickException(str(refused)) from None


async def _release(
    settings: Settings, period: Period, by: Proposed | None, seen: str | None
) -> None:
    now, kafka = datetime.now(UTC), settings.kafka
    authority = read_authority(settings.authority)
    may = partial(allowed, by=by, day=now.date(), authority=authority) if by else None
    asked = Asked(period, {}, now.date())
    internal = await newest(consumer_of(kafka, topics.METRICS_INTERNAL), may_be_public)
    public = await whole(consumer_of(kafka, topics.METRICS_PUBLIC))
    made = prepared(internal, public.newest, asked)
    Console().print(table(made, asked.policy.k), *account(made, period), sep="\n")
    refuse_another(made, seen)
    if may and made.rows:
        approvals = [may(decision) for decision in decisions(made)]
        end = await end_of(consumer_of(kafka, topics.METRICS_PUBLIC))
        refuse_if_late(public.end, end, asked.today, datetime.now(UTC).date())
        await write(kafka, to_be_sent(made, approvals, period.name, now))
    click.echo("Written." if may and made.rows else "Nothing was written.")


def _run(serving: Coroutine[None, None, None]) -> None:
    try:
        asyncio.run(serving)
    except (KafkaError, FileRefused, ReaderLost, OSError) as problem:
        log.critical("publish.stopped", problem=f"{type(problem).__name__}: {problem}")
        sys.exit(1)
    log.info("publish.ended")


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
