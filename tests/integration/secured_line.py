"""Every service on a broker that asks who one is, each as its own user and as nobody else."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import Child, Processes, Program
from schemas.access import COLLECTOR, JOURNEY, METRICS, PUBLISH_INSIDE
from tests.integration.ingest_process import Running, Surroundings, start
from tests.integration.secured_broker import SecuredBroker
from tests.unit.ingest.world import cloudevent

_COMMANDS = {
    JOURNEY: ("services.journey", "worker"),
    METRICS: ("services.metrics",),
    PUBLISH_INSIDE: ("services.publish",),
}


@dataclass(frozen=True)
class AsCollector(Surroundings):
    """Ingest as the user that may only collect."""

    broker: SecuredBroker

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self.broker.settings(COLLECTOR)}


@dataclass(frozen=True)
class SecuredLine:
    """What runs, by role, and where the scorecard is."""

    ingest: Running
    others: Mapping[str, Child]
    scorecard: str

    async def report(self) -> None:
        """One event of the small agency."""
        address, token = f"{self.ingest.public}/v1/events", {"Authorization": "Bearer web-token"}
        async with (
            ClientSession(headers=token) as client,
            client.post(address, json=cloudevent()) as got,
        ):
            assert (await got.json())["accepted"] == 1

    async def told(self, metric_id: str, seconds: float = 90) -> dict[str, Any]:
        """What the scorecard has of a metric in its newest 28 days, as soon as it has it."""
        asked = f"metric_id={metric_id}&period=rolling_28d"
        address = f"{self.scorecard}/api/v1/services/parking/metrics?{asked}"
        async with asyncio.timeout(seconds), ClientSession() as client:
            while True:
                self.is_well()
                with contextlib.suppress(ClientError):
                    async with client.get(address) as got:
                        if got.status == 200 and (found := (await got.json())["metrics"]):
                            return dict(found[0])
                await asyncio.sleep(0.2)

    async def page(self) -> str:
        """What people see of the service."""
        address = f"{self.scorecard}/services/parking"
        async with ClientSession() as client, client.get(address) as got:
            return await got.text()

    def is_well(self) -> None:
        """None has ended."""
        for child in (self.ingest.child, *self.others.values()):
            assert child.exit_code is None, child.account()

    def stop(self) -> None:
        """Each ends by itself when it is told to."""
        for child in (self.ingest.child, *self.others.values()):
            assert child.stop() == 0, child.account()


@contextlib.asynccontextmanager
async def running(
    broker: SecuredBroker, processes: Processes, folder: Path, settings: Mapping[str, str]
) -> AsyncIterator[SecuredLine]:
    """The four services; `settings` are for those that are not ingest."""
    surroundings = AsCollector(broker.bootstrap, processes, folder, broker)
    surroundings.write_files()
    shown = f"{LOOPBACK}:{free_ports(1)[0]}"
    for_all = {
        **surroundings.environment(),
        "THROUGHLINE_JOURNEY_INSIDE": f"{LOOPBACK}:0",
        "THROUGHLINE_JOURNEY_TICK_SECONDS": "0.5",
        "THROUGHLINE_METRICS_INSIDE": f"{LOOPBACK}:0",
        "THROUGHLINE_METRICS_PUBLISH_SECONDS": "1",
        "THROUGHLINE_PUBLISH_INSIDE": shown,
        "TMPDIR": str(folder),
        **settings,
    }
    others = {
        role: processes.start(
            Program(
                f"secured-{role}",
                [sys.executable, "-m", *command],
                {**for_all, **broker.settings(role)},
            )
        )
        for role, command in _COMMANDS.items()
    }
    ingest = await start(surroundings, "secured-ingest")
    yield SecuredLine(ingest, others, f"http://{shown}")
