"""What the watch knows, as Prometheus reads it: only what falls has a series of its own."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.publish.watch import Watch

PREFIX = "throughline_"
FALLING, WATCHED = f"{PREFIX}falling_measure_ratio", f"{PREFIX}watched_series"
LABELS = {
    FALLING: ("agency", "service", "touchpoint", "measure"),
    WATCHED: ("measure", "state"),
}
HELP = {
    FALLING: "How far a measure fell in two closed windows below the 8 weeks before; else absent.",
    WATCHED: "Numbers that are watched: judged, or waiting for enough weeks before them.",
}


class FallCollector(Collector):
    """Asked at every scrape. Instruments and wordings of one measure are one series: the worst."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def describe(self) -> Iterable[Metric]:
        """Nothing: there may be nothing that falls."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """What falls, and how much is watched."""
        worst: dict[tuple[str, ...], float] = {}
        for each in self._watch.falling():
            place = (each.agency, each.service, each.touchpoint or "", each.measure)
            worst[place] = max(each.fall.points, worst.get(place, 0))
        yield _gauge(FALLING, worst)
        yield _gauge(WATCHED, self._watch.watched())


def _gauge(name: str, samples: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(name, HELP[name], labels=LABELS[name])
    for labels, value in sorted(samples.items()):
        family.add_metric(labels, value)
    return family
