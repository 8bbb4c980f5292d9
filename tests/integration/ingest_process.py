"""Ingest as its own process on a real broker, and what it has put on the topics."""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.ports import free_ports
from deploy.local.process import Child, Processes, Program
from deploy.provision.apply import Broker, apply
from schemas.authority import AUTHORITY_FILE
from schemas.codec import decode
from schemas.control import Tick
from schemas.rejection import Rejection
from schemas.topics import TOPICS, TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.touchpoint_event import TouchpointRecord
from tests.unit.ingest.world import CATALOGUE, KEYS, SOURCES

COMMAND = (sys.executable, "-m", "services.ingest")
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A server, and where it listens."""

    child: Child
    public: str
    inside: str


@dataclass(frozen=True)
class Surroundings:
    """Where ingest runs: a broker with the contracts' topics, and the small agency's files."""

    bootstrap: str
    processes: Processes
    folder: Path
    authority: str = field(default=AUTHORITY_FILE.read_text(encoding="utf-8"), kw_only=True)

    def prepare(self) -> None:
        """Make topics and files."""
        apply(Broker(self.bootstrap), TOPICS)
        self.write_files()

    def write_files(self) -> None:
        """Make the files alone."""
        files = {"town": CATALOGUE, "sources": SOURCES, "keys": KEYS, "authority": self.authority}
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """The settings."""
        return {
            "THROUGHLINE_KAFKA_BOOTSTRAP": self.bootstrap,
            "THROUGHLINE_CATALOGUE": str(self.folder / "town.yaml"),
            "THROUGHLINE_SOURCES": str(self.folder / "sources.yaml"),
            "THROUGHLINE_PSEUDONYM_KEYS": str(self.folder / "keys.yaml"),
            "THROUGHLINE_AUTHORITY": str(self.folder / "authority.yaml"),
        }

    def run(self, name: str, *arguments: str, **more: str) -> Child:
        """Start a command of ingest."""
        environment = self.environment() | more
        return self.processes.start(Program(name, [*COMMAND, *arguments], environment))

    def serve(self, name: str = "ingest") -> Running:
        """Start a server on free ports; it need not be ready yet."""
        public, inside = (f"127.0.0.1:{port}" for port in free_ports(2))
        child = self.run(
            name,
            "serve",
            THROUGHLINE_INGEST_LISTEN=public,
            THROUGHLINE_INGEST_INSIDE=inside,
            THROUGHLINE_INGEST_DRAIN_SECONDS="1",
        )
        return Running(child, f"http://{public}", f"http://{inside}")


async def start(surroundings: Surroundings, name: str = "ingest") -> Running:
    """A server that says it is ready."""
    running = surroundings.serve(name)
    async with ClientSession() as client:
        await _until_ready(running, client)
    return running


async def _until_ready(running: Running, client: ClientSession) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and running.child.exit_code is None:
        try:
            async with client.get(f"{running.inside}/readyz") as response:
                if response.status == 200:
                    return
        except OSError:
            await asyncio.sleep(0.05)
    raise AssertionError(running.child.account())


@dataclass(frozen=True)
class Found:
    """A record of `touchpoints.v1`."""

    partition: int
    offset: int
    key: bytes | None
    content: TouchpointRecord | Tick

    @property
    def identity(self) -> tuple[str, str]:
        """Source and id, of an event."""
        assert isinstance(self.content, TouchpointRecord)
        return self.content.source, self.content.id

    @property
    def clock(self) -> str:
        """The clock of an event or a tick."""
        is_tick = isinstance(self.content, Tick)
        return self.content.clock if is_tick else self.content.data.clock  # type: ignore[union-attr]


async def log(bootstrap: str) -> list[Found]:
    """Every record of `touchpoints.v1`, decoded as its contract, partition by partition."""
    found = [_found(record) for record in await _records(bootstrap, TOUCHPOINTS)]
    return sorted(found, key=lambda one: (one.partition, one.offset))


async def rejections(bootstrap: str) -> list[Rejection]:
    """Everything that was refused."""
    records = await _records(bootstrap, TOUCHPOINTS_REJECTED)
    return [decode(Rejection, record.value) for record in records]


async def _records(bootstrap: str, topic: str) -> list[Any]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        names = [TopicPartition(topic, p) for p in range(4)]
        ends = await consumer.end_offsets(names)
        consumer.assign(names)
        found: list[Any] = []
        while len(found) < sum(ends.values()):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += records
        return found
    finally:
        await consumer.stop()


def _found(record: Any) -> Found:
    is_tick = ("kind", b"tick") in record.headers
    content = decode(Tick, record.value) if is_tick else decode(TouchpointRecord, record.value)
    return Found(record.partition, record.offset, record.key, content)


def events(found: list[Found], source: str) -> Iterator[Found]:
    """The touchpoint events whose published source begins like this."""
    for one in found:
        if isinstance(one.content, TouchpointRecord) and one.content.source.startswith(source):
            yield one


def ticks(found: list[Found], clock: str) -> Iterator[Found]:
    """The ticks of a clock."""
    for one in found:
        if isinstance(one.content, Tick) and one.content.clock == clock:
            yield one
