"""What ingest counts: on a registry that is passed in, with labels from closed sets only."""

import contextlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import prometheus_client as prometheus
import structlog

from schemas.comment import Comment
from schemas.sources import Source
from schemas.vocabulary import Reason, Redaction, RequestRefusal
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.pace import Sign

_NONE = "none"
_SAMPLES = 100
_log = structlog.get_logger()


@dataclass
class SourceAccount:
    """What this process has seen of one source since it started."""

    last_seen: datetime | None = None
    accepted: int = 0
    ignored: int = 0
    rejected: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "last_seen": self.last_seen.isoformat() if self.last_seen else None,
            "accepted": self.accepted,
            "ignored": self.ignored,
            "rejected": dict(self.rejected),
        }


class IngestTelemetry:
    """One method per happening."""

    def __init__(self, registry: prometheus.CollectorRegistry, sources: Collection[Source]) -> None:
        self.accounts: dict[str, SourceAccount] = {}
        self._addresses: set[tuple[str, str]] = set()
        self._events = prometheus.Counter(
            "throughline_events",
            "Events that were answered, by what became of them; channel is none unless accepted",
            ["source", "channel", "result"],
            registry=registry,
        )
        self._reasons = prometheus.Counter(
            "throughline_rejected_events",
            "Events that were refused, by reason",
            ["agency", "source", "reason"],
            registry=registry,
        )
        self._ignored = prometheus.Counter(
            "throughline_ignored_events",
            "Calls that report no contact, by reason",
            ["source", "reason"],
            registry=registry,
        )
        self._comments = prometheus.Counter(
            "throughline_comments",
            "Free texts that were published, redacted",
            ["source"],
            registry=registry,
        )
        self._redactions = prometheus.Counter(
            "throughline_redactions",
            "What was taken out of free texts, by kind",
            ["kind"],
            registry=registry,
        )
        for kind in Redaction:
            self._redactions.labels(kind)
        self._unmatched = prometheus.Counter(
            "throughline_unmatched_events",
            "Accepted events that named no touchpoint and fitted no match rule",
            ["source"],
            registry=registry,
        )
        self._last = prometheus.Gauge(
            "throughline_feed_last_event_timestamp_seconds",
            "When the last event of a source was accepted",
            ["source"],
            registry=registry,
        )
        self._max_silence = prometheus.Gauge(
            "throughline_feed_max_silence_seconds",
            "How long a source may be silent before somebody should ask why; absent if it may",
            ["source"],
            registry=registry,
        )
        self._requests = prometheus.Counter(
            "throughline_requests",
            "Requests of the public listener, by the status of the answer",
            ["status"],
            registry=registry,
        )
        self._strangers = prometheus.Counter(
            "throughline_inbox_unknown_senders",
            "Records of the Kafka inbox that named no source, and were refused for it",
            registry=registry,
        )
        self._erasures = prometheus.Counter(
            "throughline_erasures",
            "Erasures that were asked for, each once",
            ["agency"],
            registry=registry,
        )
        self._in_flight = prometheus.Gauge(
            "throughline_ingest_in_flight_bytes",
            "Bytes given to Kafka and not acknowledged yet",
            registry=registry,
        )
        self._latency = prometheus.Histogram(
            "throughline_ingest_send_seconds",
            "From handing a request's messages to Kafka to the last acknowledgement",
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30),
            registry=registry,
        )
        self._suspected = prometheus.Counter(
            "throughline_suspected_events",
            "Accepted events labelled for how their visitor goes through pages, by what told it",
            ["source", "sign"],
            registry=registry,
        )
        self._refusals = prometheus.Counter(
            "throughline_refused_requests",
            "Requests of a known source that were refused whole, by reason",
            ["source", "reason"],
            registry=registry,
        )
        self._rules_refused = prometheus.Gauge(
            "throughline_ingest_rules_refused",
            "1 while the files, as they are now, cannot be used: the former rules hold",
            registry=registry,
        )
        self.know(sources)

    def know(self, sources: Collection[Source]) -> None:
        """These are the sources from now on. What was counted of others stays."""
        for gone in self.accounts.keys() - {source.id for source in sources}:
            with contextlib.suppress(KeyError):
                self._max_silence.remove(gone)
        for source in sources:
            self.accounts.setdefault(source.id, SourceAccount())
            self._start_at_zero(source)

    def _start_at_zero(self, source: Source) -> None:
        """A series that is first seen at 5 has lost the 5."""
        for channel in source.channels:
            self._events.labels(source.id, channel, "accepted")
        for result in ("ignored", "rejected"):
            self._events.labels(source.id, _NONE, result)
        for reason in Reason:
            self._reasons.labels(source.agency, source.id, reason)
        if source.max_silence is not None:
            self._max_silence.labels(source.id).set(source.max_silence.total_seconds())
        for refusal in RequestRefusal:
            self._refusals.labels(source.id, refusal)
        for sign in Sign:
            self._suspected.labels(source.id, sign)
        self._comments.labels(source.id)
        self._unmatched.labels(source.id)

    def decided(self, source: Source, outcome: Outcome, at: datetime) -> None:
        """One event was decided, and what had to be published for it is acknowledged."""
        account = self.accounts[source.id]
        account.last_seen = at
        match outcome:
            case Accepted():
                self._accepted(source, outcome, at)
                account.accepted += 1
            case Ignored(reason):
                self._commented(source, outcome.comments)
                self._events.labels(source.id, _NONE, "ignored").inc()
                self._ignored.labels(source.id, reason).inc()
                account.ignored += 1
            case Rejected(reason):
                self._events.labels(source.id, _NONE, "rejected").inc()
                self._reasons.labels(source.agency, source.id, reason).inc()
                account.rejected[reason] += 1

    def _accepted(self, source: Source, outcome: Accepted, at: datetime) -> None:
        self._events.labels(source.id, outcome.record.data.channel, "accepted").inc()
        self._last.labels(source.id).set(at.timestamp())
        self._commented(source, outcome.comments)
        if outcome.unmatched_address:
            self._unmatched.labels(source.id).inc()
            self._tell_address(source, outcome.unmatched_address)

    def _commented(self, source: Source, comments: Sequence[Comment]) -> None:
        for comment in comments:
            self._comments.labels(source.id).inc()
            for one in comment.redacted:
                self._redactions.labels(one.kind).inc(one.count)

    def _tell_address(self, source: Source, address: str) -> None:
        """Log each new scrubbed address once, so that somebody can write the missing rule."""
        sample = (source.id, address)
        if sample not in self._addresses and len(self._addresses) < _SAMPLES:
            self._addresses.add(sample)
            _log.info("touchpoint.unmatched", source=source.id, address=address)

    def refused(self, source: Source, reason: RequestRefusal) -> None:
        """A request of the source was refused whole."""
        self._refusals.labels(source.id, reason).inc()

    def suspected(self, source_id: str, sign: Sign) -> None:
        """An event was labelled for how its visitor goes through pages."""
        self._suspected.labels(source_id, sign).inc()

    def rules_are_refused(self, is_refused: bool) -> None:  # noqa: FBT001  it is what is told
        """Whether the files as they are now cannot be used, and the former rules hold."""
        self._rules_refused.set(is_refused)

    def answered(self, status: int) -> None:
        """One request of the public listener has its answer."""
        self._requests.labels(str(status)).inc()

    def unknown_sender(self) -> None:
        """A record of the inbox named no source."""
        self._strangers.inc()

    def erasure(self, agency: str) -> None:
        """One was asked for, and is in every partition."""
        self._erasures.labels(agency).inc()

    def in_flight(self, total_bytes: int) -> None:
        """So much is on its way to Kafka."""
        self._in_flight.set(total_bytes)

    def sent(self, seconds: float) -> None:
        """A request's messages are acknowledged."""
        self._latency.observe(seconds)
