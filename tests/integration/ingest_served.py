"""The real listeners of ingest in this process, with whatever publisher a test wants."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import prometheus_client as prometheus
from aiohttp import ClientSession

from schemas.inside_readers import Gate
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.adapters.inside_http import InsideHttp
from services.ingest.adapters.listeners import Listener, listening
from services.ingest.adapters.public_http import PublicHttp
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.collect import Collector, Edge
from services.ingest.domain.rules import Rules
from services.ingest.feed import ClockFeeder, TickLog
from services.ingest.sending import Publisher, Way
from tests.unit.ingest.world import EDGE, OPEN, RULES

MAX_BODY_BYTES = 2**20
MAX_HELD_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Served:
    """Both listeners, a client for them, and what was counted."""

    public: str
    inside: str
    client: ClientSession
    registry: prometheus.CollectorRegistry

    def value(self, name: str, **labels: str) -> float | None:
        """A sample of the registry."""
        return self.registry.get_sample_value(name, labels)


@contextlib.asynccontextmanager
async def served(
    publisher: Publisher,
    ticks: TickLog,
    *,
    is_loopback: bool = True,
    rules: Rules = RULES,
    patience: float = 30,
    edge: Edge = EDGE,
    way: Way = OPEN,
) -> AsyncIterator[Served]:
    """Serve until the block ends. Half of the spread is drawn each time."""
    registry = prometheus.CollectorRegistry()
    telemetry = IngestTelemetry(registry, rules.sources.values())
    collector = Collector(rules, publisher, telemetry, edge)
    bodies = BodyReader(MAX_BODY_BYTES, MAX_HELD_BYTES, patience)
    public = PublicHttp(collector, telemetry, bodies, way, lambda: 0.5).app()
    feeder = ClockFeeder(publisher, ticks)
    access = InsideAccess(lambda: rules.operators, Gate(None, print), is_loopback=is_loopback)
    inside = InsideHttp(registry, feeder, lambda: True, access).app()
    async with (
        listening(Listener("public", public, "127.0.0.1", 0), patience) as port,
        listening(Listener("inside", inside, "127.0.0.1", 0)) as inside_port,
        ClientSession(auto_decompress=False) as client,
    ):
        at = "http://127.0.0.1"
        yield Served(f"{at}:{port}", f"{at}:{inside_port}", client, registry)
