"""Looks at /metrics as Prometheus does while all is mistreated: no counter may fall."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

from tests.chaos.line.found import exposition

_COUNTERS = "throughline_"
_OWN = "throughline_metrics_"  # those of one process begin anew with it
Name = tuple[str, tuple[tuple[str, str], ...]]


@dataclass
class Scraper:
    """`falls` are sentences; whoever shows a counter shows what anybody has shown, or more."""

    addresses: Callable[[], Sequence[str]]
    falls: list[str] = field(default_factory=list)
    scrapes: int = 0
    _highest: dict[Name, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Every second, until cancelled."""
        while True:
            for address in self.addresses():
                self._take(address, await exposition(address))
            await asyncio.sleep(1)

    def _take(self, address: str, text: str) -> None:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name.startswith(_COUNTERS) and sample.name.endswith("_total"):
                    name = sample.name, tuple(sorted(sample.labels.items()))
                    self._compare(address, name, sample.value)
        self.scrapes += bool(text)

    def _compare(self, address: str, name: Name, value: float) -> None:
        if name[0].startswith(_OWN):
            return
        before = self._highest.get(name, 0.0)
        if value < before:
            self.falls.append(f"{address} shows {name} at {value}, it was {before}")
        self._highest[name] = max(before, value)
