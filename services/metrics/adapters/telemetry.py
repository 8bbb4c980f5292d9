"""What metrics says of itself: every metric is declared here, and every log line is written here.

The counters of journeys themselves are in `prometheus_collector.py`: they are not of this process.
"""

from collections import Counter as Counted
from collections.abc import Callable

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from schemas.metric import MetricMessage
from schemas.vocabulary import PublishState, RecordKind
from services.metrics.tally import Record

_KINDS = (RecordKind.JOURNEY, RecordKind.BUCKET, RecordKind.PROGRESS)
_OTHER = "other"


class MetricsTelemetry:
    """One method per happening."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._log = structlog.get_logger()
        self._is_waiting = False
        self._records = Counter(
            "throughline_metrics_records",
            "Records of journeys.v1 that were counted by this process.",
            ["kind"],
            registry=registry,
        )
        self._refused = Counter(
            "throughline_metrics_refused_batches",
            "Batches that another process had counted already.",
            registry=registry,
        )
        self._rejected = Counter(
            "throughline_metrics_rejected_records",
            "Records that could not be read; never in a healthy system.",
            registry=registry,
        )
        self._messages = Counter(
            "throughline_metrics_messages",
            "Messages sent to metrics.internal.v1.",
            registry=registry,
        )
        self._revisions = Counter(
            "throughline_metrics_revisions",
            "Messages of a number that was revised, by the reason of its last revision.",
            ["agency", "kind"],
            registry=registry,
        )
        self._suppressed = Counter(
            "throughline_metrics_suppressed_cells",
            "Messages of a number that may not be shown, by what it is of.",
            ["agency", "kind"],
            registry=registry,
        )
        self._rebuilds = Counter(
            "throughline_metrics_rebuilds",
            "Times that all counters were made anew by this process.",
            registry=registry,
        )
        self._failures = Counter(
            "throughline_metrics_failures",
            "Times that Redis or Kafka did not answer and the work was tried again.",
            registry=registry,
        )
        self._owner = Gauge(
            "throughline_metrics_owner",
            "1 where this process keeps and shows the counters for all, 0 where it only counts.",
            registry=registry,
        )
        for kind in (*_KINDS, _OTHER):
            self._records.labels(kind)

    def watch(self, is_owner: Callable[[], bool]) -> None:
        """Whom to ask, at each scrape, whether this process shows the counters."""
        self._owner.set_function(lambda: float(is_owner()))

    def counted(self, records: list[Record]) -> None:
        """A batch is in the store."""
        for kind, count in Counted(record.kind for record in records).items():
            self._records.labels(kind if kind in _KINDS else _OTHER).inc(count)

    def refused(self, partition: int, expected: int, current: int) -> None:
        """Another process has counted here."""
        self._refused.inc()
        self._log.info("batch.refused", partition=partition, expected=expected, current=current)

    def rejected(self, partition: int, offset: int, detail: str) -> None:
        """A record could not be read."""
        self._rejected.inc()
        self._log.error("snapshot.rejected", partition=partition, offset=offset, detail=detail)

    def published(self, messages: int) -> None:
        """A round of messages is on the topic."""
        self._messages.inc(messages)

    def told(self, message: MetricMessage) -> None:
        """One number is on the topic."""
        agency = message.dimensions.agency
        if message.revision_reason is not None:
            self._revisions.labels(agency, message.revision_reason.value).inc()
        if message.state is PublishState.SUPPRESSED:
            self._suppressed.labels(agency, message.level.value).inc()

    def assigned(self, partitions: list[int], *, is_owner: bool) -> None:
        """The group gave us these partitions."""
        self._log.info("partitions.assigned", partitions=partitions, is_owner=is_owner)

    def lease_taken(self) -> None:
        """This process, and no other, may keep and show the counters."""
        self._is_waiting = False
        self._log.info("lease.taken")

    def lease_over(self) -> None:
        """It may no more."""
        self._log.info("lease.over")

    def lease_awaited(self) -> None:
        """Another still is, and is asked every second: told once."""
        if not self._is_waiting:
            self._log.info("lease.awaited")
        self._is_waiting = True

    def generation_lost(self, generation: str, found: str | None) -> None:
        """Redis is empty or holds another generation."""
        self._log.warning("generation.lost", generation=generation, found=found)

    def generation_loaded(self, generation: str) -> None:
        """Counting goes on in this generation."""
        self._log.info("generation.loaded", generation=generation)

    def rebuilding(self, why: str) -> None:
        """All counters are about to be made anew."""
        self._rebuilds.inc()
        self._log.warning("rebuild.started", why=why)

    def rebuilt(self, generation: str) -> None:
        """They were."""
        self._log.info("rebuild.finished", generation=generation)

    def failed(self, what: str, error: Exception) -> None:
        """Something outside did not answer; it is tried again."""
        self._failures.inc()
        self._log.error("outside.failed", what=what, problem=f"{type(error).__name__}: {error}")
