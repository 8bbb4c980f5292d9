"""What the watch knows, as Prometheus reads it: only what falls has a series of its own."""

from collections.abc import Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.publish.watch import Watch

FALLING, WATCHED = "throughline_falling_measure_ratio", "throughline_watched_series"
_PLACE = ("agency", "service", "touchpoint", "measure")


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
        falling = GaugeMetricFamily(
            FALLING,
            "How far a measure fell in two closed windows below the 8 weeks before; absent if not.",
            labels=_PLACE,
        )
        for labels, points in sorted(worst.items()):
            falling.add_metric(labels, points)
        yield falling
        yield self._series()

    def _series(self) -> Metric:
        family = GaugeMetricFamily(
            WATCHED,
            "Numbers that are watched: judged, or waiting for enough weeks before them.",
            labels=("measure", "state"),
        )
        for (measure, state), count in sorted(self._watch.watched().items()):
            family.add_metric((measure, state), count)
        return family
