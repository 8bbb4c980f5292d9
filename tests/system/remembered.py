"""What a Prometheus remembers of the counters of journeys, and what is wrong with it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from services.metrics.adapters.prometheus_collector import JourneyCollector, Shown
from services.metrics.domain.pairs import Pairs
from services.metrics.domain.periods import Watermarks
from tests.integration.prometheus_server import RealPrometheus
from tests.unit.metrics.snapshots import rules

# A process' counters of itself begin anew with it; those of journeys may never.
_COUNTERS = (
    '{__name__=~"throughline_.+_(total|bucket|count|sum)",__name__!~"throughline_metrics_.+"}'
)
_RETRACTED = "_retracted"
# Beyond the last sample Prometheus supposes at most this many times the usual distance.
_EXTRAPOLATED = 1.1
Series = tuple[str, tuple[tuple[str, str], ...]]
Values = Mapping[Series, float]


@dataclass(frozen=True)
class Remembered:
    """The samples of each series in a stretch of time."""

    samples: Mapping[Series, Sequence[float]]

    def falls(self) -> list[str]:
        """Where a counter was lower than before."""
        return [
            f"{series}: {before} -> {after}"
            for series, values in self.samples.items()
            for before, after in pairwise(values)
            if after < before
        ]

    def beyond(self, gross: Pairs) -> list[str]:
        """Where a side of a pair says more than was ever counted on it."""
        most = _exported(gross)
        return [
            f"{series}: {values[-1]}, counted {most.get(series, 0)}"
            for series, values in self.samples.items()
            if values[-1] > most.get(series, 0)
        ]

    def grown(self) -> Counter[Series]:
        """By how much each net has grown from the first sample to the last; 0 is left out."""
        return _nets({s: values[-1] - values[0] for s, values in self.samples.items()})

    def most_increase(self, series: Series) -> float:
        """What `increase()` may say: the growth, and what is supposed beyond the last sample."""
        values = self.samples[series]
        return (values[-1] - values[0]) * (1 + _EXTRAPOLATED / (len(values) - 1)) + 1e-6


def nets(pairs: Pairs) -> Counter[Series]:
    """The nets of these pairs, as they are exported."""
    return _nets(_exported(pairs))


def remembered(server: RealPrometheus, seconds: int) -> Remembered:
    """All of the last seconds. A series that has been there once only says nothing yet."""
    found = {_series(s["metric"]): _numbers(s) for s in server.ask(f"{_COUNTERS}[{seconds}s]")}
    return Remembered({series: values for series, values in found.items() if len(values) > 1})


def judged(server: RealPrometheus, seconds: int, function: str) -> dict[Series, float]:
    """What `increase` or `resets` says of every series: Prometheus' own word."""
    names = sorted({name for name, _ in remembered(server, seconds).samples})
    return {
        _series({**sample["metric"], "__name__": name}): float(sample["value"][1])
        for name in names
        for sample in server.ask(f"{function}({name}[{seconds}s])")
    }


def _numbers(series: Mapping[str, Any]) -> list[float]:
    return [float(value) for _, value in series["values"]]


def _series(metric: Mapping[str, str]) -> Series:
    """Job and instance are the same for all, or a counter would not go on with the next owner."""
    assert metric["instance"] == "throughline", metric
    labels = {k: v for k, v in metric.items() if k not in ("__name__", "instance", "job")}
    return metric["__name__"], tuple(sorted(labels.items()))


def _exported(pairs: Pairs) -> dict[Series, float]:
    shown = Shown(pairs, Watermarks({}, frozenset()))
    return dict(_samples(JourneyCollector(rules(), lambda: shown)))


def _samples(collector: JourneyCollector) -> Iterator[tuple[Series, float]]:
    for metric in collector.collect():
        for sample in metric.samples:
            yield (sample.name, tuple(sorted(sample.labels.items()))), sample.value


def _nets(values: Values) -> Counter[Series]:
    found: Counter[Series] = Counter()
    for (name, labels), value in values.items():
        if name.endswith(("_total", "_bucket", "_count", "_sum")):
            sign = -1 if _RETRACTED in name else 1
            found[name.replace(_RETRACTED, ""), labels] += sign * round(value)
    return Counter({series: n for series, n in found.items() if n})
