"""Kafka and Redis, connected, and every part of ours that speaks to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from redis.asyncio import Redis

from schemas import topics
from services.metrics.adapters.kafka_log import KafkaLog, cluster_id
from services.metrics.adapters.kafka_memory import KafkaMemory
from services.metrics.adapters.kafka_publisher import KafkaPublisher, producer_of
from services.metrics.adapters.lease import Lease
from services.metrics.adapters.redis_books import RedisBooks
from services.metrics.adapters.redis_cells import RedisCells
from services.metrics.adapters.redis_client import client_of, must_let_in
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.adapters.redis_lock import RedisLock
from services.metrics.adapters.telemetry import MetricsTelemetry
from services.metrics.adapters.watched_outlet import WatchedOutlet
from services.metrics.close import Closing
from services.metrics.domain.rules import Rules
from services.metrics.publish import Publication
from services.metrics.settings import Settings


@dataclass(frozen=True)
class Outside:
    """The real things."""

    settings: Settings
    rules: Rules
    redis: Redis
    place: Place
    publisher: KafkaPublisher
    telemetry: MetricsTelemetry

    @property
    def generations(self) -> RedisGenerations:
        """Which generation counts."""
        return RedisGenerations(self.redis, self.place)

    def new_lease(self) -> Lease:
        """For the one who shows; it outlasts a silence as long as the group's patience."""
        seconds = self.settings.metrics_session_timeout_seconds
        return Lease(RedisLock(self.redis, self.place.showing, seconds))

    def cells(self, generation: str) -> RedisCells:
        """A generation as the publisher reads it."""
        return RedisCells(self.redis, self.place, generation)

    def publication(self, generation: str) -> Publication:
        """The publisher of a generation."""
        outlet = WatchedOutlet(self.publisher, self.telemetry)
        return Publication(self.rules, self.cells(generation), outlet, uuid4().hex)

    def closing(self, generation: str) -> Closing:
        """Who closes the books of a generation."""
        books = RedisBooks(self.redis, self.place, generation)
        return Closing(self.rules, books, self.publisher)

    def log_of(self, topic: str) -> KafkaLog:
        """A topic that can be read to its end."""
        return KafkaLog(self.settings.kafka, topic)

    @property
    def memory(self) -> KafkaMemory:
        """What others have heard from us."""
        tallies, messages = self.log_of(topics.TALLIES), self.log_of(topics.METRICS_INTERNAL)
        return KafkaMemory(tallies, messages, self.publisher)


@asynccontextmanager
async def connected(
    settings: Settings, rules: Rules, telemetry: MetricsTelemetry
) -> AsyncIterator[Outside]:
    """The outside for as long as the block runs; raises KafkaError where no broker answers, and
    StartRefused where Redis does not let us in.
    """
    place = Place(await cluster_id(settings.kafka), topics.EPOCH, settings.redis_prefix)
    publisher = KafkaPublisher(partial(producer_of, settings.kafka))
    async with client_of(settings) as redis, publisher:
        await must_let_in(redis)
        yield Outside(settings, rules, redis, place, publisher, telemetry)
