"""The chapter on Prometheus metrics, from what each service registers."""

from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from deploy.reference.markdown import code, codes, table
from services.ingest.adapters.telemetry import IngestTelemetry
from services.journey.adapters.telemetry import Telemetry as JourneyTelemetry
from services.metrics.adapters.prometheus_collector import PREFIX
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.domain.flows import FLOWS, GAUGE, HISTOGRAMS
from services.publish.adapters import fall_collector as falls
from services.publish.adapters.telemetry import PublishTelemetry

# What a reader of other systems will look for, and why it is not here.
NOT_COUNTED = {
    "throughline_survey_started_total": "No sender tells of a form that was opened: a survey is "
    "offered, answered or dismissed. It counts as answered from its first answer on, in "
    "`throughline_survey_completed_total`.",
}


class Declared(NamedTuple):
    """A metric as it is exported."""

    name: str
    kind: str
    labels: tuple[str, ...]
    text: str


class Listening(CollectorRegistry):
    """A registry that keeps what is registered, to be asked for it."""

    def __init__(self) -> None:
        super().__init__()
        self.declared: list[Declared] = []

    def register(self, collector: Collector) -> None:
        """Keep the collector's declaration."""
        super().register(collector)
        if isinstance(collector, MetricWrapperBase):
            labels = tuple(getattr(collector, "_labelnames", ()))
            self.declared += [declared(metric, labels) for metric in collector.describe()]


def declared(metric: Metric, labels: tuple[str, ...]) -> Declared:
    """A metric under the name it is scraped by."""
    name = metric.name + "_total" * (metric.type == "counter")
    return Declared(name, metric.type, labels, metric.documentation)


def chapter() -> str:
    """Every metric by the service that exports it."""
    parts = [f"### {name}\n\n{_table(found)}" for name, found in _services()]
    return "\n\n".join([*parts, f"### Not counted\n\n{_not_counted()}"])


def _services() -> Iterator[tuple[str, list[Declared]]]:
    ingest, journey, metrics, publish = (Listening() for _ in range(4))
    IngestTelemetry(ingest, ())
    JourneyTelemetry(journey)
    MetricsTelemetry(metrics)
    PublishTelemetry(publish)
    yield "ingest", ingest.declared
    yield "journey", journey.declared
    yield "metrics: of journeys", list(of_journeys())
    yield "metrics: of itself", metrics.declared
    yield "publish", [*publish.declared, *of_falls()]


def declared_names() -> frozenset[str]:
    """The name of every metric of every service, as it is scraped."""
    return frozenset(metric.name for _, found in _services() for metric in found)


def of_falls() -> Iterator[Declared]:
    """What the watch of publish exports."""
    for name, labels in falls.LABELS.items():
        yield Declared(name, "gauge", labels, falls.HELP[name])


def of_journeys() -> Iterator[Declared]:
    """What the collector of journeys exports."""
    for flow in FLOWS:
        name = PREFIX + flow.name
        yield Declared(f"{name}_total", "counter", flow.labels, flow.help)
        yield Declared(f"{name}_retracted_total", "counter", flow.labels, "Taken back of these.")
    for histogram in HISTOGRAMS:
        for part, text in (("", histogram.help), ("_retracted", "Taken back of these.")):
            name = f"{PREFIX}{histogram.name}{part}_seconds"
            yield Declared(name, "histogram", histogram.labels, text)
    yield Declared(PREFIX + GAUGE.name, "gauge", GAUGE.labels, GAUGE.help)
    yield Declared(
        f"{PREFIX}watermark_timestamp_seconds", "gauge", ("clock",), "How far a clock has come."
    )


def _table(found: list[Declared]) -> str:
    rows = [(code(m.name), m.kind, codes(m.labels), m.text) for m in sorted(found)]
    return table(("metric", "kind", "labels", "meaning"), rows)


def _not_counted() -> str:
    rows = [(code(name), why) for name, why in NOT_COUNTED.items()]
    return table(("metric", "why there is none"), rows)
