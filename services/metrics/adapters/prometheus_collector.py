"""The counters of journeys, as Prometheus reads them: only what the broker has acknowledged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from services.metrics.domain import flows
from services.metrics.domain.flows import Flow, Labels
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.rules import Rules

PREFIX = "throughline_"
_BOUNDS = (*map(str, flows.DURATION_BOUNDS), flows.ENDLESS)
_ByFlow = Mapping[str, Mapping[Labels, Pair]]


@dataclass(frozen=True)
class Shown:
    """What may be shown now."""

    pairs: Pairs
    watermarks: Watermarks


class JourneyCollector(Collector):
    """Shows nothing while `view` returns None: elsewhere another process shows it, or some
    partition is still being caught up with. An absent counter is no fall, a low one would be.
    """

    def __init__(self, rules: Rules, view: Callable[[], Shown | None]) -> None:
        self._view = view
        self._expected: dict[str, dict[Labels, Pair]] = defaultdict(dict)
        for service in rules.services.values():
            for name, labels in flows.expected(service).items():
                self._expected[name].update(dict.fromkeys(labels, Pair()))

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry must not ask for numbers before there are any."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families, or none."""
        shown = self._view()
        if shown is None:
            return
        counters = self._by_flow(shown.pairs)
        for flow in flows.FLOWS:
            yield from _counters(flow, counters[flow.name])
        yield from _histograms(counters)
        yield _gauge(counters[flows.OPEN])
        yield _watermarks(shown.watermarks)

    def _by_flow(self, pairs: Pairs) -> _ByFlow:
        found = {name: dict(labels) for name, labels in self._expected.items()}
        for key, pair in pairs.items():
            name, labels = flows.name_and_labels(key)
            found.setdefault(name, {})[labels] = pair
        return defaultdict(dict, found)


def _counters(flow: Flow, pairs: Mapping[Labels, Pair]) -> Iterator[Metric]:
    added = CounterMetricFamily(f"{PREFIX}{flow.name}", flow.help, labels=flow.labels)
    retracted = CounterMetricFamily(
        f"{PREFIX}{flow.name}_retracted", f"Taken back: {flow.help}", labels=flow.labels
    )
    for labels, pair in sorted(pairs.items()):
        added.add_metric(labels, pair.added)
        retracted.add_metric(labels, pair.retracted)
    yield added
    yield retracted


def _histograms(counters: _ByFlow) -> Iterator[Metric]:
    bounds, sums = counters[flows.DURATION], counters[flows.DURATION_SUM]
    flow = flows.HISTOGRAM_SUM
    for suffix, side, text in (
        ("_seconds", 0, flows.HISTOGRAM.help),
        ("_retracted_seconds", 1, f"Taken back: {flows.HISTOGRAM.help}"),
    ):
        family = HistogramMetricFamily(
            f"{PREFIX}{flows.DURATION}{suffix}", text, labels=flow.labels
        )
        for labels, total in sorted(sums.items()):
            family.add_metric(labels, _cumulated(bounds, labels, side), total[side])
        yield family


def _cumulated(
    bounds: Mapping[Labels, Pair], labels: Labels, side: int
) -> Sequence[tuple[str, float]]:
    seen, buckets = 0, []
    for bound in _BOUNDS:
        seen += bounds.get((*labels, bound), Pair())[side]
        buckets.append((bound if bound == flows.ENDLESS else str(float(bound)), float(seen)))
    return buckets


def _gauge(pairs: Mapping[Labels, Pair]) -> Metric:
    flow = flows.GAUGE
    family = GaugeMetricFamily(f"{PREFIX}{flow.name}", flow.help, labels=flow.labels)
    for labels, pair in sorted(pairs.items()):
        family.add_metric(labels, pair.net)
    return family


def _watermarks(watermarks: Watermarks) -> Metric:
    family = GaugeMetricFamily(
        f"{PREFIX}watermark_timestamp_seconds",
        "Event time up to which a clock is complete in every partition.",
        labels=("clock",),
    )
    for clock, time in sorted(watermarks.times.items()):
        if time is not None:
            family.add_metric((clock,), time.timestamp())
    return family
