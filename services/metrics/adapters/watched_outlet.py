"""An outlet whose messages are seen: how many of them are revisions, or may not be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.metric import ClockProgress, MetricMessage
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.publish import Outlet


@dataclass(frozen=True)
class WatchedOutlet:
    """Passes everything on, and says of what the broker has that it was told."""

    outlet: Outlet
    telemetry: MetricsTelemetry

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        """As the outlet does."""
        await self.outlet.publish(messages)
        for message in messages:
            self.telemetry.told(message)

    async def retract(self, keys: Sequence[str]) -> None:
        """As the outlet does."""
        await self.outlet.retract(keys)

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        """As the outlet does."""
        await self.outlet.tell(progress)
