"""The two listeners put together: the scorecard for people inside, the open data for everybody."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from functools import partial

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from schemas import topics
from schemas.inside_readers import Gate
from schemas.listen_address import address_of
from services.publish.adapters import catalogue_files
from services.publish.adapters.authority_file import read_authority
from services.publish.adapters.cards import Cards
from services.publish.adapters.fall_collector import FallCollector
from services.publish.adapters.inside_http import Inside
from services.publish.adapters.kafka_consumer import MetricTopic, consumer_of
from services.publish.adapters.public_http import PublicHttp
from services.publish.adapters.public_records import PublicRecords
from services.publish.adapters.telemetry import PublicTelemetry, PublishTelemetry
from services.publish.domain.open_data.about import About, as_address
from services.publish.publish import Publication
from services.publish.settings import Settings
from services.publish.watch import Watch

log = structlog.get_logger()


class ReaderLost(Exception):
    """The reader ended, and nobody wanted it to."""


async def serve_inside(settings: Settings) -> None:
    """The scorecard, until SIGTERM or SIGINT; an end of the reader is the end of the process."""
    registry = CollectorRegistry()
    telemetry = PublishTelemetry(registry)
    publication, watch = Publication(telemetry), Watch()
    registry.register(FallCollector(watch))
    catalogue = catalogue_files.read(settings.catalogue)
    source = partial(consumer_of, settings.kafka, topics.METRICS_INTERNAL)
    topic = MetricTopic(source, publication, telemetry, along=[watch])
    cards = Cards(catalogue, publication, read_authority(settings.authority))
    readers = Gate(settings.inside_readers, log.error)
    inside = Inside(cards, registry, lambda: topic.is_caught_up, readers)
    async with _listening(inside.application(), settings.publish_inside):
        await _follow(topic)


async def serve_public(settings: Settings) -> None:
    """The open data, for as long."""
    about = About(
        url=settings.publish_public_url,
        licence=settings.publish_licence,
        comments=as_address(settings.publish_comments) or "",
        catalogue=catalogue_files.read(settings.catalogue),
    )
    telemetry = PublicTelemetry()
    records = PublicRecords(about, telemetry)
    source = partial(consumer_of, settings.kafka, topics.METRICS_PUBLIC)
    topic = MetricTopic(source, records, telemetry)
    shown = PublicHttp(records, lambda: topic.is_caught_up)
    async with _listening(shown.application(), settings.publish_public):
        await _follow(topic)


async def _follow(topic: MetricTopic) -> None:
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
        log.info("publish.listening", host=host, port=port)
        yield
    finally:
        await runner.cleanup()
