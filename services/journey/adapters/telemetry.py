"""What journey tells about itself: every metric declared here, one method per happening."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.journey.adapters.watchdog import Watchdog
from services.journey.domain.partition import Alarm, Step
from services.journey.sessionise import Partition

_PREFIX = "throughline_journey_"
_COUNTERS: Mapping[str, tuple[str, Sequence[str]]] = {
    "events": ("Touchpoint events and what became of them.", ["result"]),
    "closed_snapshots": (
        "Snapshots of closed journeys published, by outcome; a revision counts again.",
        ["outcome"],
    ),
    "alarms": ("What no input should cause: told in the log, and worked around.", []),
    "steps": ("Steps in the log.", []),
    "chunks_dropped": ("Chunks that did not go on where the log left off.", []),
    "holes": ("Chunks that started later than the log left off.", []),
    "seeks": ("Times Faust was sent back to where the log left off.", []),
    "rebalances": ("Assignments of partitions.", []),
    "recoveries": ("Partitions brought up to their log.", []),
    "recovered_records": ("Records read to recover.", []),
    "foreign_writes": ("Keys or journeys that somebody else overwrote; mended.", []),
    "oversize_steps": ("Steps folded again with half their records.", []),
}
_GAUGES: Mapping[str, tuple[str, Sequence[str]]] = {
    "lag": ("Records that wait.", ["partition"]),
    "watermark_timestamp_seconds": ("How far a clock is in the slowest partition.", ["clock"]),
    "live_citizens": ("Citizens with an open or not yet final journey.", []),
    "deadlines": ("Entries of the heaps of deadlines.", []),
    "state_bytes": ("Bytes of state in memory, as encoded.", []),
    "partitions": ("Partitions this worker owns and has recovered.", []),
}
_HISTOGRAMS: Mapping[str, tuple[str, Sequence[float]]] = {
    "chunk_records": ("Records of a chunk.", (1, 3, 10, 30, 100, 300, 1000)),
    "step_seconds": (
        "From the fold to the acknowledged state.",
        (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
    ),
    "recovery_seconds": ("Bringing one partition up to its log.", (0.03, 0.1, 0.3, 1, 3, 10, 30)),
}

# A snapshot that says so is decoded; all others are not. It is the first status in one, so nothing
# behind it is searched: to search all of each snapshot takes 2 µs for each event.
_STATUS = b'"status":"'
_CLOSED = b'"status":"closed"'

log = structlog.get_logger()


class _Told(msgspec.Struct):
    outcome: str


_told = msgspec.json.Decoder(_Told).decode


def counted(partition: Partition) -> Mapping[str, int]:
    """What became of all events of a partition, over all clocks."""
    accounts = partition.state.position.accounts.values()
    return {
        "applied": sum(account.applied for account in accounts),
        "duplicate": sum(account.duplicate for account in accounts),
        "late": sum(account.late for account in accounts),
        "rejected": sum(sum(account.rejected.values()) for account in accounts),
    }


class Telemetry:
    """Counts on the registry it is given, and logs what an operator wants to read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counters = {
            name: Counter(_PREFIX + name, text, labels, registry=registry)
            for name, (text, labels) in _COUNTERS.items()
        }
        self._gauges = {
            name: Gauge(_PREFIX + name, text, labels, registry=registry)
            for name, (text, labels) in _GAUGES.items()
        }
        self._histograms = {
            name: Histogram(_PREFIX + name, text, buckets=buckets, registry=registry)
            for name, (text, buckets) in _HISTOGRAMS.items()
        }
        self._watchdog: Watchdog | None = None
        self._accounted: dict[int, Mapping[str, int]] = {}
        self._clocks: set[str] = set()

    def watch(self, watchdog: Watchdog) -> None:
        """Tell a watchdog, too, what goes on."""
        self._watchdog = watchdog

    def chunk(self, records: int) -> None:
        """A chunk goes on where the log left off."""
        self._histograms["chunk_records"].observe(records)

    def dropped(self, partition: int, wanted: int, first: int, *, sought: bool) -> None:
        """A chunk does not go on there; with `sought`, Faust was sent back."""
        self._counters["chunks_dropped"].inc()
        if first > wanted:
            self._counters["holes"].inc()
        if sought:
            self._counters["seeks"].inc()
            log.info("offset.sought", partition=partition, wanted=wanted, delivered=first)

    def assigned(self, partitions: Collection[int]) -> None:
        """A rebalance gave this worker these partitions."""
        self._counters["rebalances"].inc()
        log.info("partitions.assigned", partitions=sorted(partitions))

    def reading(self) -> None:
        """Recovery reads on, or something else shows that this worker does not stand still."""
        if self._watchdog is not None:
            self._watchdog.progressed()

    def recovered(self, partition: Partition, seconds: float, records: int) -> None:
        """A partition is ready."""
        self._counters["recoveries"].inc()
        self._counters["recovered_records"].inc(records)
        self._histograms["recovery_seconds"].observe(seconds)
        self._accounted[partition.number] = counted(partition)
        self.reading()
        log.info(
            "partition.recovered",
            partition=partition.number,
            applied=partition.applied,
            records=records,
            seconds=round(seconds, 3),
        )

    def repaired(self, partition: int, topic: str, records: int) -> None:
        """So many records were written again over what somebody else had written."""
        self._counters["foreign_writes"].inc(records)
        log.warning("foreign_write.repaired", partition=partition, topic=topic, records=records)

    def oversize(self) -> None:
        """A step did not fit one batch."""
        self._counters["oversize_steps"].inc()

    def stepped(self, partition: Partition, step: Step, seconds: float) -> None:
        """A step is in the log and in memory."""
        self._counters["steps"].inc()
        self._histograms["step_seconds"].observe(seconds)
        for output in step.outputs:
            if output.value.startswith(_CLOSED, output.value.find(_STATUS)):
                self._counters["closed_snapshots"].labels(_told(output.value).outcome).inc()
        for alarm in step.alarms:
            self._alarm(partition.number, alarm)
        self._count(partition)
        self.reading()

    def _alarm(self, partition: int, alarm: Alarm) -> None:
        self._counters["alarms"].inc()
        log.error(alarm.happening, partition=partition, offset=alarm.offset, exc_info=alarm.error)

    def _count(self, partition: Partition) -> None:
        now = counted(partition)
        before = self._accounted.get(partition.number, now)
        for result, events in now.items():
            self._counters["events"].labels(result).inc(events - before[result])
        self._accounted[partition.number] = now

    def observe(self, partitions: Collection[Partition], lags: Mapping[int, int]) -> None:
        """How things stand: the partitions that have recovered, and what waits in each of ours."""
        states = [partition.state for partition in partitions]
        self._gauges["partitions"].set(len(states))
        self._gauges["live_citizens"].set(sum(state.live_citizens for state in states))
        self._gauges["deadlines"].set(sum(state.deadlines for state in states))
        self._gauges["state_bytes"].set(sum(state.state_bytes for state in states))
        self._watermarks([state.position.watermarks for state in states])
        self._lag(lags)

    def _watermarks(self, watermarks: Sequence[Mapping[str, datetime]]) -> None:
        gauge = self._gauges["watermark_timestamp_seconds"]
        clocks = {clock for marks in watermarks for clock in marks}
        for clock in clocks:
            slowest = min(marks[clock] for marks in watermarks if clock in marks)
            gauge.labels(clock).set(slowest.timestamp())
        for gone in self._clocks - clocks:
            gauge.remove(gone)
        self._clocks = clocks

    def _lag(self, lags: Mapping[int, int]) -> None:
        gauge = self._gauges["lag"]
        gauge.clear()
        for partition, lag in lags.items():
            gauge.labels(str(partition)).set(lag)
        if self._watchdog is not None:
            self._watchdog.waiting(max([0, *lags.values()]))
