"""Writes straight to the topic: copies of what lies there, as a producer's late retries would leave
them, and records of citizens that no HTTP has seen.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError

from schemas.catalogue import Catalogue
from schemas.codec import encode
from schemas.topics import TOUCHPOINTS
from schemas.touchpoint_event import TouchpointRecord
from tests.builders import pseudonym, record

SERVICE = "building-permit"
_PLACES = ("guidance", "application-start", "application-plans", "receipt", "decision")
_COPIED = 0.04
_HELD_BACK = 0.5


@dataclass
class Wire:
    """A broker that is away is waited for; what was not acknowledged is sent again."""

    bootstrap: str
    catalogue: Catalogue
    copied: int = 0
    direct: int = 0

    async def run(self, rng: Random, is_over: asyncio.Event) -> None:
        """Until it is over; nothing stays held back."""
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        consumer = AIOKafkaConsumer(TOUCHPOINTS, bootstrap_servers=self.bootstrap)
        async with producer, consumer:
            waiting: list[dict[str, Any]] = []
            while not is_over.is_set():
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    waiting += [self._copy(one) for one in records if _is_copied(one, rng)]
                waiting += self._newcomer(rng)
                rng.shuffle(waiting)
                now = round(len(waiting) * (1 - _HELD_BACK))
                going, waiting = waiting[:now], waiting[now:]
                await _send(producer, going)
                await asyncio.sleep(0.5)
            await _send(producer, waiting)

    def _copy(self, one: ConsumerRecord) -> dict[str, Any]:
        self.copied += 1
        headers = list(one.headers)
        where = {"partition": one.partition, "headers": headers}
        return {"key": one.key, "value": one.value, **where}

    def _newcomer(self, rng: Random) -> list[dict[str, Any]]:
        self.direct += 1
        name = f"direct-{rng.getrandbits(48):012x}"
        visits = range(rng.randint(1, len(_PLACES)))
        told = [self._visit(name, number) for number in visits]
        told += [rng.choice(told)] if rng.random() < 0.2 else []
        return [{"key": one.subject.encode(), "value": encode(one)} for one in told]

    def _visit(self, name: str, number: int) -> TouchpointRecord:
        now = datetime.now(UTC) - timedelta(seconds=5 - number)
        place = self.catalogue.services[SERVICE].by_touchpoint[_PLACES[number]]
        return record(
            f"{name}-{number}",
            source="/direct",
            time=now,
            received_at=now,
            subject=pseudonym(name),
            case=pseudonym(f"case of {name}") if number > 2 else None,
            touchpoint=place.id,
            stage=place.stage,
            action=place.action,
            initiator=place.initiator,
        )


def _is_copied(one: ConsumerRecord, rng: Random) -> bool:
    is_event = all(name != "kind" for name, _ in one.headers)
    return is_event and rng.random() < _COPIED


async def _send(producer: AIOKafkaProducer, going: list[dict[str, Any]]) -> None:
    for one in going:
        while True:
            try:
                await producer.send_and_wait(TOUCHPOINTS, **one)
                break
            except KafkaError:
                await asyncio.sleep(0.5)
