"""`python -m services.metrics serve | rebuild`: the one place where the real things are chosen."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import click
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry, disable_created_metrics
from redis.exceptions import RedisError
from rich.console import Console

from schemas import topics
from schemas.inside_readers import Gate
from schemas.yaml_file import FileRefused
from services.metrics.adapters import logs, progress
from services.metrics.adapters.exposition import Exposition
from services.metrics.adapters.inside_http import listening
from services.metrics.adapters.kafka_consumer import JourneysConsumer, Work, consumer_of
from services.metrics.adapters.kafka_log import ends_of
from services.metrics.adapters.keeper import Keeper
from services.metrics.adapters.outside import Outside, connected
from services.metrics.adapters.owner import Owner, World
from services.metrics.adapters.prometheus_collector import JourneyCollector
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.commands.rebuild import AnotherRebuilds, Rebuild, RebuildFailed
from services.metrics.settings import Settings, StartRefused, load_rules, read_settings
from services.metrics.tally import Tally

GROUP = "throughline-metrics"
_FAREWELL_SECONDS = 5
log = structlog.get_logger()
_Service = Callable[[Outside, CollectorRegistry], Awaitable[None]]


class WorkLost(Exception):
    """A client below gave up waiting by a cancel of its own, as was seen while a broker came back:
    an end that is an error, or no supervisor would start us again.
    """


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
    """Make all counters anew from journeys.v1 and tallies.v1, beside the services that count.

    No counter falls and no booked month changes: what comes out lower is counted as taken back.
    Messages whose numbers change are revisions with the reason `rebuilt`.
    """
    _run(_rebuild)


async def _rebuild(outside: Outside, _: CollectorRegistry) -> None:
    await _make_generation(outside, "asked for")


async def _make_generation(outside: Outside, why: str) -> None:
    """Raises RebuildFailed, or AnotherRebuilds before anything was begun."""
    journeys, publisher = outside.log_of(topics.JOURNEYS), outside.publisher
    generation, ports = uuid4().hex[:12], (outside.generations, outside.memory, publisher)
    with progress.shown("rebuild", Console(stderr=True)) as advance:
        work = Rebuild(outside.rules, journeys, *ports, advance=advance)
        await work.run(generation, lambda: outside.telemetry.rebuilding(why))
    outside.telemetry.rebuilt(generation)


async def _mend(outside: Outside, why: str) -> None:
    """The same beside the counting; where it fails whoever misses a generation next tries again."""
    try:
        await _make_generation(outside, why)
    except RebuildFailed as failed:
        outside.telemetry.failed("rebuild", failed)
    except AnotherRebuilds:
        return


async def _serve(outside: Outside, registry: CollectorRegistry) -> None:
    settings, publisher = outside.settings, outside.publisher
    async with _consuming(settings) as consumer:
        work = Work(
            tally_of=lambda counters: Tally(outside.rules, counters, publisher),
            rebuild=partial(_mend, outside),
            publishing=asyncio.Lock(),
        )
        reader = JourneysConsumer(consumer, outside.generations, work, outside.telemetry)
        keeper = Keeper(
            ends=lambda: ends_of(consumer, topics.JOURNEYS),
            keep=publisher.keep,
            standing=lambda generation: outside.cells(generation).standing(),
            is_current=lambda generation: outside.cells(generation).is_current(),
            lease=outside.new_lease(),
            telemetry=outside.telemetry,
        )
        world = World(
            keeper=keeper,
            ends=keeper.ends,
            publication=outside.publication,
            closing=outside.closing,
            telemetry=outside.telemetry,
            publishing=work.publishing,
        )
        owner = Owner(reader, world, settings.metrics_publish_seconds)
        journeys = Exposition(JourneyCollector(outside.rules, owner.shown))
        readers = Gate(settings.inside_readers, log.error)
        ready = lambda: reader.is_ready  # noqa: E731 (two words)
        async with listening(settings.inside, registry, journeys, ready, readers):
            log.info("inside.listening", address=settings.metrics_inside)
            await asyncio.gather(reader.run(topics.JOURNEYS), owner.run())


@asynccontextmanager
async def _consuming(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    group = f"{settings.redis_prefix}{GROUP}"
    seconds = settings.metrics_session_timeout_seconds
    consumer = consumer_of(settings.kafka, group, seconds)
    await consumer.start()
    try:
        yield consumer
    finally:
        # Without a broker it would wait for an answer to its farewell, longer than a stop may take.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(consumer.stop(), _FAREWELL_SECONDS)


def _run(work: _Service) -> None:
    try:
        settings = read_settings(os.environ)
        logs.configure(settings.log_level)
        log.info("metrics.starting", **settings.shown)
        asyncio.run(_until_told(work, settings))
    except (StartRefused, FileRefused, AnotherRebuilds) as refused:
        raise click.ClickException(str(refused)) from None
    except (KafkaError, RedisError, RebuildFailed, WorkLost, OSError) as problem:
        log.critical("metrics.stopped", problem=f"{type(problem).__name__}: {problem}")
        sys.exit(1)
    log.info("metrics.ended")


async def _until_told(work: _Service, settings: Settings) -> None:
    """Run to the end, or until SIGTERM or SIGINT. A batch in flight may be cut off: whatever is
    not in Redis with its offset is counted by the next start.
    """
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    rules, telemetry = load_rules(settings.catalogue), MetricsTelemetry(registry)
    # A batch of 1,000 snapshots holds some 40,000 objects at once, none of them in a cycle: looking
    # for cycles at every 700, as is the default, took a quarter of all CPU (measured).
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    async with connected(settings, rules, telemetry) as outside:
        working, told = asyncio.ensure_future(work(outside, registry)), asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, told.set)
        await ended_when(told, working)


async def ended_when(
    told: asyncio.Event, working: "asyncio.Future[None]", again_seconds: float = 7
) -> None:
    """Wait for the work, and cancel it when told, until it ends: to cancel once may be lost. Until
    Python 3.12 `asyncio.wait_for`, under every command to Redis, returns instead of raising when
    what it waits for is done at the same moment. `again_seconds` are more than a farewell takes.
    """
    hearing = asyncio.ensure_future(told.wait())
    await asyncio.wait((working, hearing), return_when=asyncio.FIRST_COMPLETED)
    hearing.cancel()
    while not working.done():
        working.cancel()
        await asyncio.wait((working,), timeout=again_seconds)
    try:
        await working
    except asyncio.CancelledError:
        if not told.is_set():
            raise WorkLost("the work was cancelled, and nobody had told us to end") from None


if __name__ == "__main__":
    program(prog_name="python -m services.metrics")
