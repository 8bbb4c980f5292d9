"""The broker and the Redis of a stack: our own, or somebody else's that were given."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from uuid import uuid4

import redis

from deploy.local.jars import Say
from deploy.local.kafka import VERSION, LocalKafka
from deploy.local.process import Processes, StartFailed
from deploy.local.redis import LocalRedis
from deploy.provision.apply import Broker, ProvisionFailed, look
from deploy.provision.plan import Plan, rows
from schemas.topics import TOPICS


@dataclass(frozen=True)
class Given:
    """Somebody else's servers, used instead of our own; nothing in them is ours to empty.

    `broker_port` and `redis_port` are where our own should listen, if they can.
    """

    bootstrap: str = ""
    redis_url: str = ""
    broker_port: int = 0
    redis_port: int = 0

    @classmethod
    def in_environment(cls, environment: Mapping[str, str]) -> Self:
        """What the person at the screen has set."""
        return cls(
            environment.get("THROUGHLINE_KAFKA_BOOTSTRAP", ""),
            environment.get("THROUGHLINE_REDIS_URL", ""),
        )


@dataclass(frozen=True)
class Servers:
    """Where they answer; `kafka` and `redis` are None when they are somebody else's."""

    bootstrap: str
    redis_url: str
    redis_prefix: str
    kafka: LocalKafka | None
    redis: LocalRedis | None


@contextlib.contextmanager
def running_servers(
    folder: Path, processes: Processes, given: Given, say: Say
) -> Iterator[Servers]:
    """Start what is not given, make the topics; raises StartFailed."""
    broker = None
    if not given.bootstrap:
        port = given.broker_port
        broker = LocalKafka.start(folder / "kafka", port=port, processes=processes, say=say)
    bootstrap = broker.bootstrap if broker else given.bootstrap
    say(f"Kafka  {f'{VERSION}, real' if broker else 'as given'}, at {bootstrap}")
    _provision(bootstrap)
    with _running_redis(folder, processes, given, say) as (url, prefix, server):
        yield Servers(bootstrap, url, prefix, broker, server)


@contextlib.contextmanager
def _running_redis(
    folder: Path, processes: Processes, given: Given, say: Say
) -> Iterator[tuple[str, str, LocalRedis | None]]:
    if given.redis_url:
        prefix = own_prefix(folder)
        say(f"Redis  as given, under the prefix {prefix}")
        yield given.redis_url, prefix, None
        _remove(given.redis_url, prefix)
        return
    port = given.redis_port
    redis_server = LocalRedis.start(folder / "redis", port=port, processes=processes)
    say(f"Redis  {redis_server.server.description}, at {redis_server.url}")
    yield redis_server.url, "", redis_server


def own_prefix(folder: Path) -> str:
    """A prefix that no other checkout and no earlier start has used."""
    checkout = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    return f"throughline-{checkout}-{uuid4().hex[:8]}:"


def _remove(url: str, prefix: str) -> None:
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(url) as client:
        for key in client.scan_iter(match=f"{prefix}*", count=1000):
            client.unlink(key)


def _provision(bootstrap: str) -> None:
    """Create what is missing. A topic that differs may be somebody's: it is left as it is."""
    try:
        broker = Broker(bootstrap)
        found = look(broker, TOPICS)
        _refuse(bootstrap, found)
        broker.create(found.missing)
    except ProvisionFailed as failure:
        raise StartFailed(str(failure)) from failure


def _refuse(bootstrap: str, found: Plan) -> None:
    differing = replace(found, missing=())
    if not differing.is_empty:
        told = "\n".join([*found.differences, *(" ".join(row) for row in rows(differing))])
        raise StartFailed(f"Topics of {bootstrap} are not as their contracts say:\n{told}")
