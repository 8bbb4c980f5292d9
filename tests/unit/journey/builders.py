"""Entries and a partition for the tests of the journey domain: state only what matters."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from schemas.codec import decode, encode
from schemas.control import LIVE, Tick
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.rejection import Rejection
from schemas.topics import JOURNEYS
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Initiator, RecordKind, Stage
from services.journey.domain.belonging import fold
from services.journey.domain.ending import View, view
from services.journey.domain.entries import Entry
from services.journey.domain.journey import Journey
from services.journey.domain.partition import Output, PartitionState, SourceRecord, Step
from services.journey.domain.rules import FOREVER, Rules, ServiceRules
from tests.builders import uid

ZERO = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

DEFAULT = Rules({}).of("any")
"""The default windows, in days: gap 30, limit 90, decision 365, follow-up 30 or 180, grace 60."""

SHORT = ServiceRules(
    journey_gap=3 * HOUR,
    time_limit=9 * HOUR,
    decision_limit=20 * HOUR,
    follow_up=4 * HOUR,
    case_follow_up=10 * HOUR,
    grace=6 * HOUR,
    max_duration=40 * HOUR,
    zone=UTC,
    recall=30 * HOUR,
)
"""So short that random entries lie before, on and after every limit."""

_FOLLOW_UP = (Action.FOLLOWED_UP, Action.OFFERED, Action.ANSWERED, Action.DISMISSED)
_INFORMATION = (Action.VISITED, Action.CONTACTED)


def stage_of(action: Action) -> Stage:
    """The usual stage of an action."""
    if action in _FOLLOW_UP:
        return Stage.FOLLOW_UP
    return Stage.INFORMATION if action in _INFORMATION else Stage.TRANSACTION


def day(number: float) -> datetime:
    """So many days after the first."""
    return ZERO + number * DAY


def entry(action: Action, time: datetime, ident: int | None = None, **changes: Any) -> Entry:
    """A citizen's act on the website; its id is the minute it happened unless one is given."""
    number = ident if ident is not None else round((time - ZERO) / MINUTE) + 10_000
    ordinary: dict[str, Any] = {
        "sequence": 0,
        "uid": UUID(int=number),
        "touchpoint": action.value,
        "stage": stage_of(action).value,
        "channel": "website",
        "initiator": "citizen",
        "provenance": "observed",
    }
    return Entry(time=time, action=action.value, id=number, **(ordinary | changes))


def by_agency(action: Action, time: datetime, **changes: Any) -> Entry:
    """Something the agency did."""
    return entry(action, time, initiator=Initiator.AGENCY.value, **changes)


def folded(*entries: Entry, rules: ServiceRules = DEFAULT) -> list[Journey]:
    """The journeys of these entries, in any order, without any memory."""
    return fold(sorted(entries, key=lambda e: e.order), (), rules)[0]


def members(*entries: Entry, rules: ServiceRules = DEFAULT) -> list[list[Entry]]:
    """The same entries, by journey."""
    return fold(sorted(entries, key=lambda e: e.order), (), rules)[1]


def seen(journey: Journey, at: datetime = FOREVER, rules: ServiceRules = DEFAULT) -> View:
    """The journey as the watermark shows it."""
    return view(journey, at, at, rules)


class World:
    """One partition, fed record by record; everything it tells is kept, decoded by the contract."""

    def __init__(self, rules: Rules | None = None, partition: int = 0, chunk: int = 1_000) -> None:
        self.rules = rules if rules is not None else Rules({})
        self.state = PartitionState.empty(partition)
        self.chunk = chunk
        self.steps: list[Step] = []
        self.outputs: list[Output] = []
        self.next = 0

    def records(self, *events: TouchpointRecord, at: datetime = ZERO) -> list[SourceRecord]:
        """These events, appended at `at` to the end of the log."""
        made = [
            SourceRecord(self.next + n, at, event.subject.encode(), encode(event))
            for n, event in enumerate(events)
        ]
        self.next += len(made)
        return made

    def tick_record(self, time: datetime, clock: str = LIVE, *, last: bool = False) -> SourceRecord:
        """A tick at the end of the log."""
        told = Tick(clock=clock) if clock == LIVE else Tick(clock=clock, time=time, last=last)
        self.next += 1
        return SourceRecord(self.next - 1, time, None, encode(told), RecordKind.TICK.value)

    def send(self, *events: TouchpointRecord, at: datetime = ZERO) -> list[Output]:
        """Events arrive."""
        return self.apply(self.records(*events, at=at))

    def tick(self, time: datetime, clock: str = LIVE, *, last: bool = False) -> list[Output]:
        """Time passes."""
        return self.apply([self.tick_record(time, clock, last=last)])

    def apply(self, records: Sequence[SourceRecord]) -> list[Output]:
        """Records in chunks, each to the end; what they made the partition tell."""
        told: list[Output] = []
        waiting = list(records)
        while waiting:
            step = self.state.fold(waiting[: self.chunk], self.rules)
            self.state.take(step)
            self.steps.append(step)
            told += step.outputs
            waiting = waiting[step.used :]
        self.outputs += told
        return told

    @property
    def journeys(self) -> dict[UUID, JourneySnapshot]:
        """The newest snapshot of each journey."""
        return {j.id: j for j in snapshots(self.outputs)}

    @property
    def journey(self) -> JourneySnapshot:
        """The only journey."""
        [only] = self.journeys.values()
        return only


def snapshots(outputs: Iterable[Output]) -> list[JourneySnapshot]:
    """The journeys among outputs."""
    return [decode(JourneySnapshot, o.value) for o in outputs if o.kind == RecordKind.JOURNEY]


def buckets(outputs: Iterable[Output]) -> list[Bucket]:
    """The buckets among outputs."""
    return [decode(Bucket, o.value) for o in outputs if o.kind == RecordKind.BUCKET]


def progress(outputs: Iterable[Output]) -> list[Progress]:
    """The progress among outputs."""
    return [decode(Progress, o.value) for o in outputs if o.kind == RecordKind.PROGRESS]


def rejections(outputs: Iterable[Output]) -> list[Rejection]:
    """What was refused."""
    return [decode(Rejection, o.value) for o in outputs if o.topic != JOURNEYS]


def name(ident: str) -> UUID:
    """The journey that `record(ident)` opens."""
    return uid(ident)
