"""What a worker does every few seconds: it tells how things stand, and lets time go on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import faust
from faust.types import TP

from services.journey.adapters.delivery import Delivery
from services.journey.adapters.ticks import LiveTicks
from services.journey.sessionise import Partition


class Observing(Protocol):
    """Who is told."""

    def observe(self, partitions: Collection[Partition], lags: Mapping[int, int]) -> None:
        """How things stand: the partitions that have recovered, and what waits in each of ours."""


@dataclass(frozen=True)
class Timer:
    """Run by Faust from the first assignment on. `source` is the topic that is read."""

    app: faust.App
    source: str
    delivery: Delivery
    ticks: LiveTicks
    telemetry: Observing

    async def run(self) -> None:
        """Observe, and send a tick into each partition that is ours.

        A worker that cannot tell the time must not go on, and Faust lets a timer end in silence.
        """
        try:
            self.telemetry.observe(self.delivery.partitions, self._lags())
            if not self.app.rebalancing:
                await self.ticks.send(partition.number for partition in self.delivery.partitions)
        except BaseException as error:
            self.delivery.fail("tick.failed", error)
            raise

    def _lags(self) -> dict[int, int]:
        """How many records wait in each partition of ours, recovered or not."""
        if not self.delivery.owned:
            return {}
        consumer = self.app.consumer
        assigned = consumer.assignment()
        lags = {}
        for number, owned in self.delivery.owned.items():
            place = TP(self.source, number)
            # Until the first fetch Faust knows no end, and says None.
            end = (consumer.highwater(place) or 0) if place in assigned else 0
            lags[number] = max(0, end - owned.wanted)
        return lags
