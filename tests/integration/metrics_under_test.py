"""The metrics service as a program, seen from outside: a broker, a Redis, its listener."""

import json
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import ROOT, Child, Processes, Program
from schemas.codec import decode, encode
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.metric import ClockProgress, MetricMessage
from schemas.model import Contract
from schemas.topics import JOURNEYS, METRICS_INTERNAL
from tests.unit.metrics.snapshots import CATALOGUE

Samples = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]
PARTITIONS = 4


@dataclass
class Metrics:
    """One process of the service; start it again after a kill and it has the same address.

    `program` is what is started, if not the service itself.
    """

    processes: Processes
    folder: Path
    settings: Mapping[str, str]
    name: str = "metrics"
    port: int = field(default_factory=lambda: free_ports(1)[0])
    child: Child | None = None
    program: Sequence[str] = ("services.metrics",)

    def start(self, *arguments: str) -> Child:
        """Start it; does not wait."""
        file = self.folder / "town.yaml"
        file.write_text(CATALOGUE, encoding="utf-8")
        settings = {
            "CATALOGUE": str(file),
            "METRICS_INSIDE": f"{LOOPBACK}:{self.port}",
            "METRICS_PUBLISH_SECONDS": "1",
            "METRICS_SESSION_TIMEOUT_SECONDS": "6",
            **self.settings,
        }
        environment = {f"THROUGHLINE_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", *self.program, *arguments]
        self.child = self.processes.start(Program(self.name, command, environment, ROOT))
        return self.child

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.child is not None
        self.child.kill()
        self.processes.forget(self.child)

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does, as a paused machine would."""
        for process in self._running():
            process.suspend()

    def thaw(self) -> None:
        """Let it go on as if no time had passed."""
        for process in self._running():
            process.resume()

    def _running(self) -> list[psutil.Process]:
        assert self.child is not None
        guard = psutil.Process(self.child.process.pid)
        return [guard, *guard.children(recursive=True)]

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self.child is not None
        code = self.child.stop()
        self.processes.forget(self.child)
        return code

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}{path}", timeout=5) as got:
                return got.status, got.read().decode()
        except urllib.error.HTTPError as answered:
            return answered.code, answered.read().decode()
        except OSError:
            return 0, ""

    def samples(self) -> Samples:
        """What /metrics says of journeys; empty while it says nothing of them."""
        status, text = self.get("/metrics")
        if status != 200:
            return {}
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if not sample.name.startswith("throughline_metrics_")
        }

    def until(self, holds: Callable[[Samples], bool], seconds: float = 60) -> Samples:
        """The first scrape for which `holds` is true."""
        deadline = time.monotonic() + seconds
        while not holds(samples := self.samples()):
            assert self.child is not None
            assert time.monotonic() < deadline, f"{total(samples)}\n{self.child.account()}"
            assert self.child.exit_code is None, self.child.account()
            time.sleep(0.1)
        return samples


def nets(samples: Samples) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every counter's `_total` less its `_retracted_total`, those at 0 left out."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], float] = defaultdict(float)
    for (name, labels), value in samples.items():
        if name.endswith("_retracted_total"):
            found[name.removesuffix("_retracted_total"), labels] -= value
        elif name.endswith("_total"):
            found[name.removesuffix("_total"), labels] += value
    return {place: net for place, net in found.items() if net}


def total(samples: Samples, name: str = "throughline_journeys_ended") -> float:
    """The net of one counter over all labels."""
    return sum(net for (found, _), net in nets(samples).items() if found == name)


def fallen(before: Samples, after: Samples) -> list[str]:
    """Counters that are lower than before, or gone."""
    return [
        f"{place}: {value} -> {after.get(place)}"
        for place, value in before.items()
        if place[0].endswith(("_total", "_count", "_sum", "_bucket"))
        and after.get(place, -1) < value
    ]


def sending(bootstrap: str) -> AIOKafkaProducer:
    """A producer as journey's."""
    return AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)


def partition_of(body: Contract) -> int:
    """Where a snapshot lies: each id in one partition."""
    if isinstance(body, JourneySnapshot):
        return body.id.int % PARTITIONS
    return body.partition if isinstance(body, Progress) else 0


async def send(producer: AIOKafkaProducer, bodies: Iterable[Contract]) -> None:
    """Put them on journeys.v1, and wait for the broker."""
    sent = []
    for body in bodies:
        kind, key = _kind_and_key(body)
        record = await producer.send(
            JOURNEYS,
            value=encode(body),
            key=key.encode(),
            partition=partition_of(body),
            headers=[("kind", kind.encode())],
        )
        sent.append(record)
    for record in sent:
        await record


def _kind_and_key(body: Contract) -> tuple[str, str]:
    if isinstance(body, JourneySnapshot):
        return "journey", str(body.id)
    if isinstance(body, Bucket):
        return "bucket", f"bucket/0/{body.clock}/{body.touchpoint}-{body.quality}-{body.hour}"
    assert isinstance(body, Progress)
    return "progress", f"progress/{body.partition}/{body.clock}"


async def heard(
    bootstrap: str, complete: Callable[[Mapping[str, ClockProgress]], bool], seconds: float = 60
) -> tuple[dict[str, MetricMessage], dict[str, ClockProgress]]:
    """The newest messages and progress, as soon as the progress is complete."""
    messages: dict[str, MetricMessage] = {}
    progress: dict[str, ClockProgress] = {}
    consumer = AIOKafkaConsumer(
        METRICS_INTERNAL, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    deadline = time.monotonic() + seconds
    try:
        while not complete(progress):
            assert time.monotonic() < deadline, json.dumps(
                {clock: told.model_dump(mode="json") for clock, told in progress.items()}
            )
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    key = record.key.decode()
                    if key.startswith("progress/"):
                        told = decode(ClockProgress, record.value)
                        progress[told.clock] = told
                    elif record.value is None:  # an hour that is kept no longer
                        messages.pop(key, None)
                    else:
                        messages[key] = decode(MetricMessage, record.value)
    finally:
        await consumer.stop()
    return messages, progress
