"""What the commands begin with, and how each of them ends: the same for all."""

import asyncio
import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar
from uuid import uuid4

import click
import prometheus_client as prometheus
import structlog

from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.collect import Edge
from services.ingest.domain.rules import Rules
from services.ingest.domain.sealing import NONCE_BYTES
from services.ingest.sending import PublishFailed
from services.ingest.settings import Settings, StartRefused, load_rules, read_settings

EDGE = Edge(
    now=lambda: datetime.now(UTC),
    uid=uuid4,
    nonce=lambda: secrets.token_bytes(NONCE_BYTES),
)
Answer = TypeVar("Answer")


def start() -> tuple[Settings, Rules]:
    """Settings and rules, or the end of the process with sentences for the operator."""
    try:
        settings = read_settings(os.environ)
        _log_as_json(settings.log_level)
        return settings, load_rules(settings, datetime.now(UTC))
    except StartRefused as refused:
        end(refused)


def end(refused: StartRefused) -> NoReturn:
    """End the process with a sentence for the operator."""
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
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def answer(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What it returns, or the end of the process with a sentence."""
    try:
        return asyncio.run(work)
    except PublishFailed as failed:
        raise click.ClickException(str(failed)) from None
    except KeyboardInterrupt:
        raise click.ClickException("interrupted; the same command goes on") from None


@asynccontextmanager
async def publishing(
    settings: Settings, telemetry: IngestTelemetry
) -> AsyncIterator[KafkaPublisher]:
    """A connected publisher, for the length of a command."""
    publisher = KafkaPublisher(settings.kafka, Limits(timeout_seconds=30), telemetry)
    await publisher.connect()
    try:
        yield publisher
    finally:
        await publisher.stop()


def untold_telemetry() -> IngestTelemetry:
    """Of a command that nobody scrapes."""
    return IngestTelemetry(prometheus.CollectorRegistry(), ())
