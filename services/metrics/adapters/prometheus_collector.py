"""The counters of journeys, as Prometheus reads them: only what the broker has acknowledged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from services.metrics.domain import flows
from services.metrics.domain.flows import Flow, Histogram, Labels
from services.metrics.domain.pairs import Pair, Pairs
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.rules import Rules

PREFIX = "throughline_"
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
        for histogram in flows.HISTOGRAMS:
            yield from _histograms(histogram, counters)
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
    for labels, pair in pairs.items():
        named = _named(flow.labels, labels)
        added.add_sample(f"{added.name}_total", named, pair.added)
        retracted.add_sample(f"{retracted.name}_total", named, pair.retracted)
    yield added
    yield retracted


@cache  # made anew, the labels cost a third of a scrape
def _named(names: Labels, labels: Labels) -> dict[str, str]:
    return dict(zip(names, labels, strict=True))


def _histograms(histogram: Histogram, counters: _ByFlow) -> Iterator[Metric]:
    ends, sums = counters[histogram.name], counters[histogram.sum]
    for suffix, side, text in (
        ("_seconds", 0, histogram.help),
        ("_retracted_seconds", 1, f"Taken back: {histogram.help}"),
    ):
        family = HistogramMetricFamily(
            f"{PREFIX}{histogram.name}{suffix}", text, labels=histogram.labels
        )
        for labels, total in sums.items():
            counts = [ends.get((*labels, end), Pair())[side] for end in histogram.ends]
            family.add_metric(labels, _cumulated(histogram, counts), total[side])
        yield family


def _cumulated(histogram: Histogram, counts: Sequence[int]) -> Sequence[tuple[str, float]]:
    bounds = (*(str(float(bound)) for bound in histogram.bounds), flows.ENDLESS)
    return [(bound, float(n)) for bound, n in zip(bounds, accumulate(counts), strict=True)]


def _gauge(pairs: Mapping[Labels, Pair]) -> Metric:
    flow = flows.GAUGE
    family = GaugeMetricFamily(f"{PREFIX}{flow.name}", flow.help, labels=flow.labels)
    for labels, pair in pairs.items():
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
