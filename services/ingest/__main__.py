"""`python -m services.ingest serve | import | explain`: where the real things are chosen."""

import asyncio
import gc
import logging
import os
import secrets
import sys
from datetime import UTC, datetime
from uuid import uuid4

import click
import prometheus_client as prometheus
import structlog
from pydantic import ValidationError

from services.ingest.adapters.inside_http import InsideHttp
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.listeners import Listener, Readiness
from services.ingest.adapters.listeners import serve as serve_both
from services.ingest.adapters.public_http import PublicHttp
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.tick_log import KafkaTickLog
from services.ingest.collect import ClockFeeder, Collector, Edge
from services.ingest.domain.rules import Rules
from services.ingest.domain.sealing import NONCE_BYTES
from services.ingest.settings import Settings, StartRefused, load_rules, refuse_unknown

EDGE = Edge(
    now=lambda: datetime.now(UTC),
    uid=uuid4,
    nonce=lambda: secrets.token_bytes(NONCE_BYTES),
)


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Admit what channels report: check it, hide who it was, and put it on Kafka.

    Without a command it serves. Settings are THROUGHLINE_ variables; see docs/reference.md.
    """
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Serve the public listener (events) and the inside one (health, metrics, clocks).

    SIGTERM: not ready, wait, stop accepting, finish what was begun, exit 0.
    """
    settings, rules = _start()
    asyncio.run(_serve(settings, rules))


async def _serve(settings: Settings, rules: Rules) -> None:
    prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = prometheus.CollectorRegistry()
    telemetry = IngestTelemetry(registry, rules.sources.values())
    limits = Limits(settings.ingest_publish_timeout_seconds, settings.ingest_max_in_flight_bytes)
    publisher = KafkaPublisher(settings.kafka_bootstrap, limits, telemetry)
    collector = Collector(rules, publisher, telemetry, EDGE)
    feeder = ClockFeeder(publisher, KafkaTickLog(settings.kafka_bootstrap))
    readiness = Readiness(publisher)
    public = PublicHttp(collector, telemetry, settings.ingest_max_body_bytes)
    inside = InsideHttp(registry, feeder, readiness, is_loopback=settings.inside.is_loopback)
    gc.freeze()
    await serve_both(
        Listener("public", public.app(), *settings.public),
        Listener("inside", inside.app(), *settings.inside),
        readiness,
        settings.ingest_drain_seconds,
    )


def _start() -> tuple[Settings, Rules]:
    """Settings and rules, or the end of the process with sentences for the operator."""
    try:
        refuse_unknown(os.environ)
        settings = Settings()
        _log_as_json(settings.log_level)
        return settings, load_rules(settings)
    except (StartRefused, ValidationError) as refused:
        sys.exit(f"ingest does not start:\n{refused}")


def _log_as_json(level: str) -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    main(prog_name="python -m services.ingest")
