"""The inbox: CloudEvents of internal systems, from Kafka through the same admission as HTTP.

A record is done when what became of it is acknowledged; only then its offset is committed. Whoever
dies between the two leaves the record to the next, which publishes it again under the same id.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from schemas.codec import encode
from schemas.kafka_access import Kafka, client_options
from schemas.rejection import Origin, Rejection
from schemas.topics import TOUCHPOINTS_INBOX, TOUCHPOINTS_REJECTED
from services.ingest.adapters.senders import Senders
from services.ingest.collect import Batch, Collector
from services.ingest.domain.inbox import NOBODY, PROTOCOL, UNKNOWN, VERSION, InboxRecord
from services.ingest.domain.sealing import NONCE_BYTES, seal
from services.ingest.sending import Message, Publisher, PublishFailed

GROUP = "throughline-ingest-inbox"
_MOST_RECORDS = 500
_RETRY_SECONDS = 1.0
_LOOK_SECONDS = 1.0
_STOP_SECONDS = 5.0
_log = structlog.get_logger()


class InboxTelemetry(Protocol):
    """What is told about the inbox."""

    def unknown_sender(self) -> None:
        """A record named no source; it is kept, sealed."""


def consumer(kafka: Kafka, topic: str = TOUCHPOINTS_INBOX, group: str = GROUP) -> Any:
    """A member of the group; what a transaction of a sender took back is not read."""
    return AIOKafkaConsumer(
        topic,
        **client_options(kafka),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )


class Inbox:
    """`connect` makes the consumer: a new one after each failure."""

    def __init__(
        self,
        connect: Callable[[], Any],
        collector: Collector,
        publisher: Publisher,
        telemetry: InboxTelemetry,
    ) -> None:
        self._connect = connect
        self._collector = collector
        self._publisher = publisher
        self._telemetry = telemetry

    async def run(self) -> None:
        """Read until cancelled, from when a source may send this way; a broker that is away is
        waited for.
        """
        while not self._collector.rules.have_protocol(PROTOCOL):  # noqa: ASYNC110 (files tell it)
            await asyncio.sleep(_LOOK_SECONDS)
        while True:
            reading = self._connect()
            try:
                await reading.start()
                await self._read(reading)
            except KafkaError as fault:
                _log.warning("inbox.away", error=type(fault).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            finally:
                await _stopped(reading)

    async def _read(self, reading: Any) -> None:
        while True:
            polled = await reading.getmany(timeout_ms=1000, max_records=_MOST_RECORDS)
            for partition, records in polled.items():
                await self._take(records)
                await reading.commit({partition: records[-1].offset + 1})

    async def _take(self, records: Sequence[Any]) -> None:
        """Return when whatever became of these records is acknowledged."""
        batches, strangers = self._sorted(records)
        for batch in batches:
            await _patiently(partial(self._collector.collect, batch))
        if strangers:
            messages = [self._refused(record) for record in strangers]
            await _patiently(partial(self._publisher.publish, messages))
            for _ in strangers:
                self._telemetry.unknown_sender()

    def _sorted(self, records: Sequence[Any]) -> tuple[list[Batch], list[Any]]:
        """The records by their sources, each in its order, and those that name none."""
        senders = Senders(self._collector.rules.sources.values())
        by_source: dict[str, list[Any]] = {}
        strangers = []
        for record in records:
            source = senders.by_token(InboxRecord(record.headers, record.value).token)
            if source is None or PROTOCOL not in source.protocols:
                strangers.append(record)
            else:
                by_source.setdefault(source.id, []).append(record)
        return [self._batch(id_, own) for id_, own in by_source.items()], strangers

    def _batch(self, source_id: str, records: Sequence[Any]) -> Batch:
        source = self._collector.rules.sources[source_id]
        events = [InboxRecord(one.headers, one.value).received for one in records]
        return Batch(source, PROTOCOL, VERSION, events, [_origin(one) for one in records])

    def _refused(self, record: Any) -> Message:
        """Kept sealed, without its token."""
        rejection = Rejection(
            reason=UNKNOWN.reason,
            detail=UNKNOWN.detail,
            source=NOBODY,
            protocol=PROTOCOL,
            at=datetime.now(UTC),
            origin=_origin(record),
            original=seal(
                self._collector.rules.sealing,
                record.value or b"",
                secrets.token_bytes(NONCE_BYTES),
            ),
        )
        return Message(TOUCHPOINTS_REJECTED, NOBODY.encode(), encode(rejection))


@contextlib.asynccontextmanager
async def running(inbox: Inbox) -> AsyncIterator[None]:
    """It works beside the block. Should it fail, the block is cancelled and the failure raised: a
    process that reads its inbox no more must not go on as if it did.
    """
    async with asyncio.TaskGroup() as group:
        working = group.create_task(inbox.run())
        yield
        working.cancel()


async def _stopped(reading: Any) -> None:
    """A broker that does not answer to a farewell is left without one."""
    try:
        await asyncio.wait_for(reading.stop(), _STOP_SECONDS)
    except (TimeoutError, KafkaError) as fault:
        _log.warning("inbox.stop_failed", error=type(fault).__name__)


async def _patiently(work: Callable[[], Any]) -> None:
    """Until it is acknowledged: what arrived after all is a repeat under the same id."""
    while True:
        try:
            await work()
        except PublishFailed as failed:
            _log.warning("inbox.waiting", reason=str(failed))
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


def _origin(record: Any) -> Origin:
    return Origin(topic=record.topic, partition=record.partition, offset=record.offset)
