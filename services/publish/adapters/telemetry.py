"""What publish tells of itself: its metrics and its log lines, each declared here once."""

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

log = structlog.get_logger()
KINDS = ("metric", "progress", "removal", "unreadable")


class PublicTelemetry:
    """What happens to the public program, in its log: it has no address for anything inside."""

    def unreadable(self, key: str, problem: str) -> None:
        """A record breaks the contract; it is passed over."""
        log.warning("metric.unreadable", key=key[:200], problem=problem)

    def caught_up(self, held: int) -> None:
        """Everything that lay on the topic at the start was read."""
        log.info("topic.caught_up", held=held)


class PublishTelemetry:
    """One method for each happening. Metrics live in the registry that is handed in."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._messages = Counter(
            "throughline_publish_messages",
            "Records read from metrics.internal.v1, by kind.",
            ["kind"],
            registry=registry,
        )
        self._caught_up = Gauge(
            "throughline_publish_caught_up",
            "1 once everything that lay on the topic at the start was read.",
            registry=registry,
        )
        for kind in KINDS:
            self._messages.labels(kind)

    def read(self, what: str) -> None:
        """A record was read."""
        self._messages.labels(what).inc()

    def unreadable(self, key: str, problem: str) -> None:
        """A record breaks the contract; it is passed over."""
        self._messages.labels("unreadable").inc()
        log.warning("metric.unreadable", key=key[:200], problem=problem)

    def caught_up(self, held: int) -> None:
        """Everything that lay on the topic at the start was read."""
        self._caught_up.set(1)
        log.info("topic.caught_up", held=held)
