"""The use case: decide each event, publish what was decided, count it, and only then answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schemas.codec import encode
from schemas.comment import Comment
from schemas.control import Link
from schemas.rejection import Origin, Rejection
from schemas.sources import Source
from schemas.topics import COMMENTS, TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.vocabulary import RecordKind
from services.ingest.domain import pace
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.explanation import Told, explain
from services.ingest.domain.linked import Linked
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.rules import Rules
from services.ingest.domain.sealing import seal
from services.ingest.domain.submission import Received, Submission
from services.ingest.sending import Message, Publisher

# A body is never larger; a row of a log may be, and is then kept up to here.
_MAX_SEALED_BYTES = 2**20
_LINK = (("kind", RecordKind.LINK.value.encode()),)
_CLOUDEVENT = (("content-type", b"application/cloudevents+json"),)


class Telemetry(Protocol):
    """Counts what became of events."""

    def decided(self, source: Source, outcome: Outcome, at: datetime) -> None:
        """One event was decided, and what had to be published for it is acknowledged."""


class Watch(Protocol):
    """Remembers how visitors go through pages."""

    def is_machine(self, source_id: str, visitor: str, view: pace.View) -> bool:
        """Whether no human views pages as this visitor does, this view included."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one source in one protocol that arrived together; `origins` says of each where it
    lay, if it came by Kafka.
    """

    source: Source
    protocol: str
    protocol_version: str
    events: Sequence[Received]
    origins: Sequence[Origin] = ()


@dataclass(frozen=True)
class Edge:
    """What only the edge can know: the time, a random id, a nonce used once."""

    now: Callable[[], datetime]
    uid: Callable[[], UUID]
    nonce: Callable[[], bytes]


class Collector:
    """Admits batches. A duplicate is found downstream, in keyed state; only the `watch` remembers
    anything here, and without one no visitor is taken for a machine.
    """

    def __init__(
        self,
        rules: Rules,
        publisher: Publisher,
        telemetry: Telemetry,
        edge: Edge,
        watch: Watch | None = None,
    ) -> None:
        self.rules = rules
        self._publisher = publisher
        self._telemetry = telemetry
        self._edge = edge
        self._watch = watch
        self._linked = Linked()

    async def collect(self, batch: Batch) -> tuple[Outcome, ...]:
        """The outcomes in the order of the events, once Kafka has acknowledged every accepted
        event and every rejection. Raises PublishFailed, and has then counted nothing.
        """
        now = self._edge.now()
        outcomes = tuple([outcome async for outcome in self._outcomes(batch, now)])
        links = self._linked.missing(outcomes)
        messages = [
            message
            for index, outcome in enumerate(outcomes)
            for message in self._messages(batch, index, outcome, now)
        ]
        await self._publisher.publish([*map(link_message, links), *messages])
        self._linked.add(links)
        for outcome in outcomes:
            self._telemetry.decided(batch.source, outcome, now)
        return outcomes

    def explain(self, batch: Batch) -> list[Told]:
        """How each event would be decided; nothing is sent or counted."""
        return explained(batch, self.rules, self._edge)

    async def _outcomes(self, batch: Batch, now: datetime) -> AsyncIterator[Outcome]:
        """Others are let in after each text: a batch of long ones takes seconds."""
        for event in batch.events:
            outcome = self._decided(batch, event, now)
            yield outcome
            if not isinstance(outcome, Rejected) and outcome.comments:
                await asyncio.sleep(0)

    def _decided(self, batch: Batch, event: Received, now: datetime) -> Outcome:
        arrived = arrival(batch, event, now, self._edge.uid())
        outcome = admit(event, arrived, self.rules)
        if not self._is_of_machine(batch, event, outcome):
            return outcome
        return admit(event, replace(arrived, is_of_machine=True), self.rules)

    def _is_of_machine(self, batch: Batch, event: Received, outcome: Outcome) -> bool:
        if self._watch is None or not isinstance(outcome, Accepted):
            return False
        if not isinstance(event.content, Submission):
            return False
        view = pace.view(event.content, outcome.record, is_alone=len(batch.events) == 1)
        return view is not None and self._watch.is_machine(
            batch.source.id, outcome.record.subject, view
        )

    def _messages(
        self, batch: Batch, index: int, outcome: Outcome, now: datetime
    ) -> tuple[Message, ...]:
        if not isinstance(outcome, Rejected):
            return messages_of(outcome)
        original = batch.events[index].original[:_MAX_SEALED_BYTES]
        rejection = Rejection(
            reason=outcome.reason,
            detail=outcome.detail[:1000],
            source=batch.source.id,
            protocol=batch.protocol,
            at=now,
            index=index,
            subject=outcome.subject,
            origin=batch.origins[index] if batch.origins else None,
            original=seal(self.rules.sealing, original, self._edge.nonce()),
        )
        return (Message(TOUCHPOINTS_REJECTED, batch.source.id.encode(), encode(rejection)),)


def messages_of(outcome: Accepted | Ignored) -> tuple[Message, ...]:
    """Comments for Kafka, and after them an accepted event: its pseudonym finds the partition."""
    comments = tuple(map(_comment_message, outcome.comments))
    if isinstance(outcome, Ignored):
        return comments
    record = outcome.record
    return (*comments, Message(TOUCHPOINTS, record.subject.encode(), encode(record), _CLOUDEVENT))


def link_message(link: Link) -> Message:
    """A link for Kafka: the former pseudonym finds the partition."""
    return Message(TOUCHPOINTS, link.lower.encode(), encode(link), _LINK)


def _comment_message(comment: Comment) -> Message:
    return Message(COMMENTS, (comment.subject or comment.id).encode(), encode(comment))


def explained(batch: Batch, rules: Rules, edge: Edge) -> list[Told]:
    """How each event would be decided."""
    now = edge.now()
    return [explain(e, arrival(batch, e, now, edge.uid()), rules) for e in batch.events]


def arrival(batch: Batch, received: Received, now: datetime, uid: UUID) -> Arrival:
    """What the edge knows of one event."""
    return Arrival(
        source_id=batch.source.id,
        protocol=batch.protocol,
        protocol_version=batch.protocol_version,
        received_at=now,
        uid=uid,
        size=len(received.original),
    )
