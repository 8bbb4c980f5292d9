"""The text of a scrape, as the library writes it, without having it write each label each time."""

from collections.abc import Iterable, Iterator

from prometheus_client import Metric, generate_latest
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample
from prometheus_client.utils import floatToGoString

_COMMENTS = 2  # HELP and TYPE


class Exposition:
    """A collector whose label sets stay while their numbers change. What stands before a number is
    taken from the library's own text, at the first scrape; of thirty thousand series that is
    nearly all of its work. A sample's name must always have the same labels, in one order.
    """

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._comments: dict[str, str] = {}
        self._before: dict[tuple[str, ...], str] = {}

    def text(self) -> bytes:
        """What `generate_latest` makes of the collector, to the byte."""
        return "".join(map(self._family, self._collector.collect())).encode()

    def _family(self, metric: Metric) -> str:
        try:
            return "".join([self._comments[metric.name], *self._lines(metric.samples)])
        except KeyError:
            self._learn(metric)
        return self._family(metric)

    def _lines(self, samples: Iterable[Sample]) -> Iterator[str]:
        before = self._before
        for sample in samples:
            number = floatToGoString(sample.value)  # type: ignore[no-untyped-call]
            yield f"{before[_key(sample)]}{number}\n"

    def _learn(self, metric: Metric) -> None:
        lines = generate_latest(_Only(metric)).decode().split("\n")[:-1]
        self._comments[metric.name] = "".join(f"{line}\n" for line in lines[:_COMMENTS])
        for sample, line in zip(metric.samples, lines[_COMMENTS:], strict=True):
            self._before[_key(sample)] = line[: line.rindex(" ") + 1]


class _Only(Collector):
    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def collect(self) -> Iterable[Metric]:
        return (self._metric,)


def _key(sample: Sample) -> tuple[str, ...]:
    return (sample.name, *sample.labels.values())
