"""Every inside listener asks who reads it, and Prometheus shows its token as `docs/securing.md`
tells it to.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession
from prometheus_client import CollectorRegistry

from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import ROOT, Processes
from schemas.inside_readers import CHALLENGE, Gate
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.adapters.inside_http import InsideHttp
from services.ingest.adapters.listeners import Listener
from services.ingest.adapters.listeners import listening as ingest_listening
from services.ingest.feed import ClockFeeder
from services.journey.adapters.inside_http import InsideListener
from services.metrics.adapters.exposition import Exposition
from services.metrics.adapters.inside_http import listening as metrics_listening
from services.publish.adapters.cards import Cards
from services.publish.adapters.inside_http import Inside
from services.publish.publish import Publication
from tests.integration.prometheus_server import RealPrometheus
from tests.unit.ingest.world import RecordingWorld
from tests.unit.publish.samples import AUTHORITY, catalogue
from tests.unit.schemas.test_inside_readers import written

BEARER = {"Authorization": "Bearer a-token"}
Addresses = Mapping[str, str]


@pytest.fixture
async def addresses(tmp_path: Path) -> AsyncIterator[Addresses]:
    """The inside listeners of the four services, which know two readers."""
    gate = Gate(written(tmp_path / "readers.yaml", "a-token"), print)
    at = dict(zip(("ingest", "journey", "metrics", "publish"), free_ports(4), strict=True))
    registry = CollectorRegistry()
    access = InsideAccess(lambda: (), gate, is_loopback=True)
    ingest = InsideHttp(
        registry, ClockFeeder(RecordingWorld(), RecordingWorld()), lambda: True, access
    ).app()
    inside = Inside(Cards(catalogue(), Publication.of([]), AUTHORITY), registry, lambda: True, gate)
    publish = inside.application()
    journey = InsideListener((LOOPBACK, at["journey"]), registry, lambda: True, gate)
    shown = Exposition(registry), lambda: True, gate
    async with AsyncExitStack() as stack:
        for name, app in (("ingest", ingest), ("publish", publish)):
            listener = Listener(name, app, LOOPBACK, at[name])
            await stack.enter_async_context(ingest_listening(listener))
        metrics = metrics_listening((LOOPBACK, at["metrics"]), registry, *shown)
        await stack.enter_async_context(metrics)
        journey.start()
        stack.callback(journey.stop)
        yield {name: f"{LOOPBACK}:{port}" for name, port in at.items()}


async def test_what_is_counted_is_for_readers_and_health_for_everybody(
    addresses: Addresses,
) -> None:
    async with ClientSession() as client:

        async def status(name: str, path: str, headers: Mapping[str, str] | None = None) -> Any:
            async with client.get(f"http://{addresses[name]}{path}", headers=headers) as got:
                return got.status, got.headers.get("WWW-Authenticate")

        for name in addresses:
            assert await status(name, "/metrics") == (401, CHALLENGE)
            assert await status(name, "/metrics", BEARER) == (200, None)
            assert await status(name, "/livez") == (200, None)
            assert await status(name, "/readyz") == (200, None)
        for path in ("/", "/api/v1/services", "/governance", "/nowhere"):
            assert await status("publish", path) == (401, CHALLENGE)
            assert (await status("publish", path, BEARER))[0] == 403
        people = {"Authorization": "Bearer people"}
        assert await status("publish", "/governance", people) == (200, None)


async def test_prometheus_shows_its_token_as_it_is_told_to(
    addresses: Addresses, prometheus_program: str, processes: Processes, tmp_path: Path
) -> None:
    text = (ROOT / "docs" / "securing.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(authorization:.*?)```", text, re.DOTALL)
    assert found
    (tmp_path / "token").write_text("a-token\n", encoding="utf-8")
    told = yaml.safe_load(found[1].replace("/etc/prometheus/throughline.token", "../token"))
    folder = tmp_path / "prometheus"
    with RealPrometheus.running(prometheus_program, folder, processes, addresses, told) as server:
        assert await asyncio.to_thread(server.wait_for, "sum(up) == 4")
