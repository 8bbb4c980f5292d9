"""Touchpoint events and ticks through one partition of the journey service, without Kafka."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.codec import decode, encode
from schemas.control import Tick
from schemas.journey import Account, Bucket, JourneySnapshot, Progress
from schemas.rejection import Rejection
from schemas.topics import JOURNEYS
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import RecordKind
from services.journey.domain.partition import Output, PartitionState, SourceRecord
from services.journey.domain.rules import Rules

APPENDED = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Folded:
    """What a reader of the topics sees in the end: the newest record of every key."""

    journeys: tuple[JourneySnapshot, ...]
    buckets: tuple[Bucket, ...]
    progress: tuple[Progress, ...]
    rejections: tuple[Rejection, ...]

    def account(self, clock: str) -> Account:
        """Where the clock's events went; it is told on each tick."""
        return next(p.account for p in self.progress if p.clock == clock)


def fold_log(log: Sequence[TouchpointRecord | Tick], rules: Rules) -> Folded:
    """Fold a partition's log to its end. Journeys that are no more are left out."""
    outputs = [output for step in _outputs(_on_topic(log), rules) for output in step]
    newest = {o.key: o for o in outputs if o.topic == JOURNEYS}
    journeys = [decode(JourneySnapshot, o.value) for o in _of(newest.values(), RecordKind.JOURNEY)]
    return Folded(
        journeys=tuple(j for j in journeys if j.superseded_by is None),
        buckets=tuple(decode(Bucket, o.value) for o in _of(newest.values(), RecordKind.BUCKET)),
        progress=tuple(
            decode(Progress, o.value) for o in _of(newest.values(), RecordKind.PROGRESS)
        ),
        rejections=tuple(decode(Rejection, o.value) for o in outputs if o.topic != JOURNEYS),
    )


def _of(outputs: Iterable[Output], kind: RecordKind) -> list[Output]:
    return [output for output in outputs if output.kind == kind]


def _on_topic(log: Sequence[TouchpointRecord | Tick]) -> list[SourceRecord]:
    return [_record(offset, value) for offset, value in enumerate(log)]


def _record(offset: int, value: TouchpointRecord | Tick) -> SourceRecord:
    appended = APPENDED + timedelta(milliseconds=offset)
    if isinstance(value, Tick):
        return SourceRecord(offset, appended, None, encode(value), RecordKind.TICK.value)
    return SourceRecord(offset, appended, value.subject.encode(), encode(value))


def _outputs(records: list[SourceRecord], rules: Rules) -> Iterator[tuple[Output, ...]]:
    state = PartitionState.empty(0)
    while records:
        step = state.fold(records, rules)
        assert step.alarms == ()
        state.take(step)
        records = records[step.used :]
        yield step.outputs
