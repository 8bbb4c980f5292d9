"""`python -m services.metrics serve | rebuild`: the one place where the real things are chosen.

Long because it is that one place: commands, wiring, start and end are read from top to bottom.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import click
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry, disable_created_metrics
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from schemas import settings_names, topics
from schemas.codec import explain
from schemas.yaml_file import FileRefused
from services.metrics.adapters.inside_http import listening
from services.metrics.adapters.kafka_consumer import JourneysConsumer, Work, consumer_of
from services.metrics.adapters.kafka_log import KafkaLog, cluster_id, ends_of
from services.metrics.adapters.kafka_memory import KafkaMemory
from services.metrics.adapters.kafka_publisher import KafkaPublisher, producer_of
from services.metrics.adapters.owner import Owner, World
from services.metrics.adapters.prometheus_collector import JourneyCollector
from services.metrics.adapters.redis_cells import RedisCells
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.commands.rebuild import Rebuild, RebuildFailed
from services.metrics.domain.rules import Rules
from services.metrics.publish import Publication
from services.metrics.settings import Settings, load_rules
from services.metrics.tally import Tally

Client = TypeVar("Client")
GROUP = "throughline-metrics"
log = structlog.get_logger()


@click.group(invoke_without_command=True)
@click.pass_context
def program(context: click.Context) -> None:
    """Count journeys: from journeys.v1 into Redis, and out to /metrics and metrics.internal.v1.

    Settings are THROUGHLINE_KAFKA_BOOTSTRAP, _REDIS_URL, _REDIS_PREFIX, _CATALOGUE,
    _METRICS_INSIDE, _METRICS_PUBLISH_SECONDS, _METRICS_SESSION_TIMEOUT_SECONDS and _LOG_LEVEL.
    """
    if context.invoked_subcommand is None:
        context.invoke(serve)


@program.command()
def serve() -> None:
    """Count, publish and serve the inside listener until SIGTERM (the default).

    Several processes share the work; the one with partition 0 publishes for all. An empty Redis is
    filled from journeys.v1 and tallies.v1 by itself.
    """
    _run(_serve)


@program.command()
def rebuild() -> None:
    """Make all counters anew from journeys.v1, beside the services that count.

    No counter falls: what comes out lower is counted as taken back. Messages whose numbers change
    are revisions with the reason `rebuilt`.
    """
    _run(_rebuild)


@dataclass(frozen=True)
class Wiring:
    """The real things, connected."""

    settings: Settings
    rules: Rules
    redis: Redis
    place: Place
    producer: AIOKafkaProducer
    registry: CollectorRegistry
    telemetry: MetricsTelemetry

    @property
    def publisher(self) -> KafkaPublisher:
        """All that is written to Kafka."""
        return KafkaPublisher(self.producer)

    @property
    def generations(self) -> RedisGenerations:
        """Which generation counts."""
        return RedisGenerations(self.redis, self.place)

    def log_of(self, topic: str) -> KafkaLog:
        """A topic that can be read to its end."""
        return KafkaLog(self.settings.kafka_bootstrap, topic)

    def cells(self, generation: str) -> RedisCells:
        """A generation as the publisher reads it."""
        return RedisCells(self.redis, self.place, generation)

    def publication(self, generation: str) -> Publication:
        """The publisher of a generation."""
        return Publication(self.rules, self.cells(generation), self.publisher)

    async def mend(self, why: str) -> None:
        """Make a new generation; where that fails it is tried again by whoever misses it next."""
        try:
            await self.rebuild(why)
        except RebuildFailed as failed:
            self.telemetry.failed("rebuild", failed)

    async def rebuild(self, why: str) -> None:
        """Make a new generation, unless another process is at it. Raises RebuildFailed."""
        memory = KafkaMemory(
            self.log_of(topics.TALLIES), self.log_of(topics.METRICS_INTERNAL), self.publisher
        )
        journeys = self.log_of(topics.JOURNEYS)
        work = Rebuild(self.rules, journeys, self.generations, memory, self.publisher)
        generation = uuid4().hex[:12]
        if await self.generations.hold(generation):
            self.telemetry.rebuilding(why)
            await work.run(generation)
            self.telemetry.rebuilt(generation)


async def _rebuild(wiring: Wiring) -> None:
    await wiring.rebuild("asked for")


async def _serve(wiring: Wiring) -> None:
    settings, publisher = wiring.settings, wiring.publisher
    seconds = settings.metrics_session_timeout_seconds
    group = f"{settings.redis_prefix}{GROUP}"
    async with _started(consumer_of(settings.kafka_bootstrap, group, seconds)) as consumer:
        work = Work(
            tally_of=lambda counters: Tally(wiring.rules, counters, publisher),
            rebuild=wiring.mend,
            publishing=asyncio.Lock(),
        )
        reader = JourneysConsumer(consumer, wiring.generations, work, wiring.telemetry)
        world = World(
            ends=lambda: ends_of(consumer, topics.JOURNEYS),
            keep=publisher.keep,
            standing=lambda generation: wiring.cells(generation).standing(),
            is_current=lambda generation: wiring.cells(generation).is_current(),
            publication=wiring.publication,
            telemetry=wiring.telemetry,
            publishing=work.publishing,
        )
        owner = Owner(reader, world, settings.metrics_publish_seconds)
        wiring.registry.register(JourneyCollector(wiring.rules, owner.shown))
        async with listening(settings.inside, wiring.registry, lambda: reader.is_ready):
            log.info("inside.listening", address=settings.metrics_inside)
            await asyncio.gather(reader.run(topics.JOURNEYS), owner.run())


def _run(work: Callable[[Wiring], Awaitable[None]]) -> None:
    settings = _settings()
    _write_logs(settings.log_level)
    address = urlsplit(settings.redis_url)
    shown = settings.model_dump(mode="json") | {"redis_url": f"{address.hostname}:{address.port}"}
    log.info("metrics.starting", **shown)
    try:
        asyncio.run(_until_told(work, settings))
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from None
    except (KafkaError, RedisError, RebuildFailed, OSError) as problem:
        log.critical("metrics.stopped", problem=f"{type(problem).__name__}: {problem}")
        sys.exit(1)
    log.info("metrics.ended")


async def _until_told(work: Callable[[Wiring], Awaitable[None]], settings: Settings) -> None:
    """Run to the end, or until SIGTERM or SIGINT. A batch in flight may be cut off: whatever is
    not in Redis with its offset is counted by the next start.
    """
    async with _wired(settings) as wiring:
        working = asyncio.ensure_future(work(wiring))
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, working.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await working


@asynccontextmanager
async def _wired(settings: Settings) -> AsyncIterator[Wiring]:
    rules = load_rules(settings.catalogue)
    registry = CollectorRegistry()
    cluster = await cluster_id(settings.kafka_bootstrap)
    redis = Redis.from_url(settings.redis_url, socket_timeout=30, socket_connect_timeout=5)
    # A batch of 1,000 snapshots holds some 40,000 objects at once, none of them in a cycle: looking
    # for cycles at every 700, as is the default, took a quarter of all CPU (measured).
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    async with _started(producer_of(settings.kafka_bootstrap)) as producer, redis:
        yield Wiring(
            settings=settings,
            rules=rules,
            redis=redis,
            place=Place(cluster, topics.EPOCH, settings.redis_prefix),
            producer=producer,
            registry=registry,
            telemetry=MetricsTelemetry(registry),
        )


@asynccontextmanager
async def _started(client: Client) -> AsyncIterator[Client]:
    await client.start()  # type: ignore[attr-defined]
    try:
        yield client
    finally:
        await client.stop()  # type: ignore[attr-defined]


def _settings() -> Settings:
    """The settings of the environment; a wrong one ends the process with its sentence."""
    if wrong := settings_names.unknown(os.environ):
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
    disable_created_metrics()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    program(prog_name="python -m services.metrics")
