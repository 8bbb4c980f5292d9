"""The server put together: both listeners, the inbox, and what reads the files again."""

import gc
from collections.abc import Callable
from datetime import datetime

import prometheus_client as prometheus
import structlog

from schemas.inside_readers import Gate
from services.ingest.adapters.erasure_http import ErasureHttp
from services.ingest.adapters.erasure_log import KafkaErasureLog
from services.ingest.adapters.inbox import Inbox, consumer, running
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.adapters.inside_http import InsideHttp
from services.ingest.adapters.kafka_publisher import KafkaPublisher, Limits
from services.ingest.adapters.listeners import Listener, Readiness, serve
from services.ingest.adapters.public_http import PublicHttp
from services.ingest.adapters.reloading import Files, Reloading
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.tick_log import KafkaTickLog
from services.ingest.adapters.visitors import Visitors
from services.ingest.collect import Collector, Edge
from services.ingest.domain.rules import Rules
from services.ingest.erase import Eraser
from services.ingest.feed import ClockFeeder
from services.ingest.settings import Settings, fingerprint, load_rules

_log = structlog.get_logger()


async def serving(settings: Settings, rules: Rules, edge: Edge) -> None:
    """Serve until told to end. Raises StartRefused where an address cannot be listened on."""
    prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = prometheus.CollectorRegistry()
    telemetry = IngestTelemetry(registry, rules.sources.values())
    limits = Limits(settings.ingest_publish_timeout_seconds, settings.ingest_max_in_flight_bytes)
    publisher = KafkaPublisher(settings.kafka, limits, telemetry)
    collector = Collector(rules, publisher, telemetry, edge, Visitors(telemetry))
    feeder = ClockFeeder(publisher, KafkaTickLog(settings.kafka_as_reader))
    readiness = Readiness(publisher)
    public = PublicHttp(collector, telemetry, _bodies(settings), publisher)
    reloading = Reloading(_files(settings, collector, edge.now), public.use, telemetry)
    access = InsideAccess(
        lambda: collector.rules.operators,
        Gate(settings.inside_readers, _log.error),
        is_loopback=settings.inside.is_loopback,
    )
    inside = InsideHttp(registry, feeder, readiness, access, reloading.told).app()
    erasures = KafkaErasureLog(settings.kafka)
    eraser = Eraser(lambda: collector.rules, publisher, erasures, telemetry, edge.now)
    ErasureHttp(eraser, access).add_to(inside)
    inbox = Inbox(lambda: consumer(settings.kafka), collector, publisher, telemetry)
    gc.freeze()
    reloading.begin()
    await serve(
        Listener("public", public.app(), *settings.public),
        Listener("inside", inside, *settings.inside),
        readiness,
        settings.ingest_drain_seconds,
        running(inbox),
    )


def _bodies(settings: Settings) -> BodyReader:
    return BodyReader(settings.ingest_max_body_bytes, settings.ingest_max_in_flight_bytes)


def _files(settings: Settings, collector: Collector, now: Callable[[], datetime]) -> Files:
    def read() -> Rules:
        return load_rules(settings, now(), collector.rules)

    return Files(read, lambda: fingerprint(settings))
