"""The Faust application: one topic, one agent, the assignment signals, one timer.

Faust delivers and the state log decides: nothing here depends on Faust's acknowledgements, commits
or recovery, and only its public parts are used.
"""

import asyncio
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import faust
from aiokafka.errors import IllegalStateError
from faust.types import TP

from schemas import topics
from schemas.kafka_access import Kafka
from services.journey.adapters.assignor import knowing
from services.journey.adapters.chunks import PassingThrough
from services.journey.adapters.delivery import Delivery, Ports, Rule
from services.journey.adapters.engine import Engine
from services.journey.adapters.exit import End
from services.journey.adapters.faust_settings import configuration
from services.journey.adapters.log_reader import LogReader
from services.journey.adapters.offset_rule import fitting
from services.journey.adapters.output_repair import OutputRepair
from services.journey.adapters.owned_log import OwnedLog
from services.journey.adapters.producer import Producer
from services.journey.adapters.publisher import KafkaPublisher
from services.journey.adapters.recovery import Recovery, States
from services.journey.adapters.state_log import StateLog
from services.journey.adapters.telemetry import Telemetry
from services.journey.adapters.ticks import LiveTicks
from services.journey.adapters.timer import Timer
from services.journey.adapters.watchdog import Watchdog
from services.journey.domain.rules import Rules
from services.journey.sessionise import Sessioniser
from services.journey.settings import Settings

# Chunks that wait between Faust's consumer and the agent: 8,000 records; its default is 4 million.
_WAITING_CHUNKS = 8


@dataclass(frozen=True)
class Topics:
    """Which topics a worker reads and writes; they are the contracts' unless a test says so."""

    source: str = topics.TOUCHPOINTS
    state: str = topics.JOURNEY_STATE
    journeys: str = topics.JOURNEYS
    rejected: str = topics.TOUCHPOINTS_REJECTED
    erasures: str = topics.ERASURES


@dataclass(frozen=True)
class Parts:
    """What a worker is made of beside its settings. `rule` decides which chunks are taken."""

    rules: Rules
    states: States
    telemetry: Telemetry
    end: End
    folder: Path
    topics: Topics = Topics()
    group: str = "throughline-journey"
    rule: Rule = fitting


@dataclass(frozen=True)
class Worker:
    """An application and what must run before it starts and until it has stopped."""

    app: faust.App
    delivery: Delivery
    engine: faust.Service


def build(settings: Settings, parts: Parts) -> Worker:
    """Put a worker together; nothing is connected before it is started."""
    app = faust.App(
        parts.group,
        PartitionAssignor=knowing(parts.end),
        **configuration(settings, parts.folder),
    )
    watchdog = Watchdog(settings.journey_session_timeout_seconds, parts.end)
    producer = Producer(settings.kafka, settings.journey_session_timeout_seconds, watchdog)
    delivery = _delivery(app, settings.kafka, parts, producer)
    parts.telemetry.watch(watchdog)
    _connect(app, delivery, parts)
    ticks = LiveTicks(parts.topics.source, producer)
    timer = Timer(app, parts.topics.source, delivery, ticks, parts.telemetry)
    app.timer(settings.journey_tick_seconds, name="tick")(timer.run)
    return Worker(app, delivery, Engine(app, producer, watchdog, delivery))


def _delivery(app: faust.App, kafka: Kafka, parts: Parts, producer: Producer) -> Delivery:
    reader = partial(LogReader.open, kafka)
    state_log = StateLog(OwnedLog(parts.topics.state, producer, reader))
    journeys = OwnedLog(parts.topics.journeys, producer, reader)
    others = {
        topics.TOUCHPOINTS: parts.topics.source,
        topics.TOUCHPOINTS_REJECTED: parts.topics.rejected,
        topics.ERASURES: parts.topics.erasures,
    }
    outputs = KafkaPublisher(journeys, others, producer)
    recovery = Recovery(
        source=parts.topics.source,
        epoch=parts.rules.epoch,
        states=parts.states,
        state_log=state_log,
        outputs=OutputRepair(parts.topics.journeys, outputs),
        telemetry=parts.telemetry,
    )
    ports = Ports(
        seek=partial(_seek, app, parts.topics.source),
        reader=reader,
        end=parts.end,
        is_stopping=lambda: app.should_stop,
        telemetry=parts.telemetry,
    )
    sessioniser = Sessioniser(parts.rules, outputs, state_log, parts.telemetry, monotonic)
    return Delivery(sessioniser, recovery, ports, parts.rule)


def _connect(app: faust.App, delivery: Delivery, parts: Parts) -> None:
    source = parts.topics.source
    channel = app.topic(
        source, schema=PassingThrough(key_type=bytes, value_type=bytes), maxsize=_WAITING_CHUNKS
    )

    async def journey(stream: Any) -> None:
        await follow(stream, delivery)

    async def assigned(*about: Any, **_: Any) -> None:
        partitions: AbstractSet[TP] = about[1]
        delivery.assigned({one.partition for one in partitions if one.topic == source})

    async def revoked(*_: Any, **__: Any) -> None:
        await delivery.revoked()

    app.agent(channel, concurrency=1)(journey)
    app.on_partitions_assigned.connect(assigned, weak=False)
    app.on_partitions_revoked.connect(revoked, weak=False)


async def follow(stream: Any, delivery: Delivery) -> None:
    """Hand on what Faust delivers; a chunk is acknowledged when it is in the log, and only then.

    One chunk of each partition is in flight: while one waits for Kafka another is folded.
    """
    going: dict[int, asyncio.Task[None]] = {}
    try:
        async for event in stream.noack().events():
            number = event.message.partition
            if number in going:
                await going[number]
            going[number] = asyncio.create_task(_hand_on(stream, event, delivery))
        await asyncio.gather(*going.values())
    finally:
        for task in going.values():
            task.cancel()
        await asyncio.gather(*going.values(), return_exceptions=True)


async def _hand_on(stream: Any, event: Any, delivery: Delivery) -> None:
    if await delivery.handle(event.message.partition, event.value):
        await stream.ack(event)


async def _seek(app: faust.App, source: str, partition: int, offset: int) -> None:
    place = TP(source, partition)
    if place not in app.consumer.assignment():
        return
    # Not `seek`: it acts in this thread on what Faust's own is fetching, and has ended a worker.
    # A partition that goes elsewhere meanwhile is its new owner's to read.
    with suppress(IllegalStateError):
        await app.consumer.seek_wait({place: offset})
