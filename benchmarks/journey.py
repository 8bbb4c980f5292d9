"""`python -m benchmarks.journey`: from touchpoints.v1 to the acknowledged snapshot, on real Kafka.

Starts a broker and one worker of its own, loads events into the topic and waits until all are
accounted for. CPU is the worker's alone, start-up left out.
"""

import contextlib
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import psutil
from confluent_kafka import Producer

from benchmarks.machine import machine
from benchmarks.touchpoints import Load
from deploy.local.kafka import LocalKafka
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import Child, Processes, Program
from deploy.provision.apply import Broker, apply
from schemas.topics import TOPICS, TOUCHPOINTS

_PROFILED = ("-m", "cProfile", "-o")


@dataclass(frozen=True)
class Result:
    """What one run took."""

    events: int
    bytes_each: float
    seconds: float
    cpu_seconds: float
    megabytes: float
    steps: int

    def told(self) -> str:
        """For people."""
        return "\n".join(
            (
                f"machine    {machine()}",
                f"events     {self.events:,} of {self.bytes_each:.0f} bytes",
                f"rate       {self.events / self.seconds:,.0f} events/s",
                f"CPU        {self.cpu_seconds / self.events * 1e6:.1f} s per million events",
                f"steps      {self.steps}, {self.events / self.steps:.0f} events each",
                f"memory     {self.megabytes:.0f} MB",
            )
        )


class Worker:
    """The journey worker under test."""

    def __init__(self, processes: Processes, bootstrap: str, folder: Path, profile: str) -> None:
        (port,) = free_ports(1)
        self._inside = f"{LOOPBACK}:{port}"
        profiled = [*_PROFILED, profile] if profile else []
        program = Program(
            "journey",
            [sys.executable, *profiled, "-m", "services.journey", "worker"],
            {
                "THROUGHLINE_KAFKA_BOOTSTRAP": bootstrap,
                "THROUGHLINE_JOURNEY_INSIDE": self._inside,
                # One that starts again need not wait until the group has noticed the death.
                "THROUGHLINE_JOURNEY_INSTANCE_ID": "one",
                "TMPDIR": str(folder),
            },
        )
        self.child: Child = processes.start(program)
        self._process = psutil.Process(self.child.process.pid)

    def wait_until_ready(self) -> None:
        """Returns when every partition has recovered."""
        while True:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://{self._inside}/readyz"),
            ):
                return
            self._fail_if_ended()
            time.sleep(0.2)

    def metric(self, name: str) -> float:
        """The sum of a metric's series."""
        with urllib.request.urlopen(f"http://{self._inside}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        series = [line for line in lines if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rpartition(" ")[2]) for line in series)

    def wait_until_accounted(self, events: int) -> None:
        """Returns when so many events are applied, duplicate, late or rejected."""
        while self.metric("throughline_journey_events_total") < events:
            self._fail_if_ended()
            time.sleep(0.1)

    @property
    def cpu_seconds(self) -> float:
        """User and system time since it started."""
        times = self._process.cpu_times()
        return times.user + times.system

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        return self._process.memory_info().rss / 2**20

    def _fail_if_ended(self) -> None:
        if self.child.exit_code is not None:
            raise click.ClickException(self.child.account())


def load(bootstrap: str, records: list[tuple[bytes, bytes]]) -> None:
    """Put the records into the topic, by key as the services do, and wait for all of them."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "partitioner": "murmur2_random",
            "acks": "all",
            "linger.ms": 20,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    for key, value in records:
        producer.produce(TOUCHPOINTS, value, key)
    if producer.flush(120):
        raise click.ClickException("Kafka did not take all events in time")


def run(worker: Worker, bootstrap: str, records: list[tuple[bytes, bytes]]) -> Result:
    """Load everything and wait; the worker is ready."""
    steps, cpu, begin = (
        worker.metric("throughline_journey_steps_total"),
        worker.cpu_seconds,
        time.monotonic(),
    )
    load(bootstrap, records)
    worker.wait_until_accounted(len(records))
    return Result(
        events=len(records),
        bytes_each=sum(len(value) for _, value in records) / len(records),
        seconds=time.monotonic() - begin,
        cpu_seconds=worker.cpu_seconds - cpu,
        megabytes=worker.megabytes,
        steps=round(worker.metric("throughline_journey_steps_total") - steps),
    )


@contextlib.contextmanager
def stack(profile: str = "") -> Iterator[tuple[Worker, str]]:
    """A broker and a ready worker, and where the broker answers."""
    with tempfile.TemporaryDirectory() as name, Processes(Path(name)) as processes:
        kafka = LocalKafka.start(Path(name) / "kafka", processes=processes)
        apply(Broker(kafka.bootstrap), TOPICS)
        worker = Worker(processes, kafka.bootstrap, Path(name), profile)
        worker.wait_until_ready()
        yield worker, kafka.bootstrap
        worker.child.stop()


@click.command()
@click.option("--events", default=300_000, show_default=True)
@click.option("--citizens", default=20_000, show_default=True)
@click.option("--profile", default="", help="Write cProfile's file here; figures are then useless.")
def main(events: int, citizens: int, profile: str) -> None:
    """Measure the journey worker."""
    records = list(Load(events, citizens, datetime.now(UTC)).records())
    with stack(profile) as (worker, bootstrap):
        click.echo(run(worker, bootstrap, records).told())


if __name__ == "__main__":
    main()
