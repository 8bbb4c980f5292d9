"""A broker with the events on it: filled once for each number of events, shared by all peers."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]  # theirs

from benchmarks.peers.visits import Visits
from deploy.local.jars import Say
from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes


@dataclass
class Ground:
    """Where peers run; each run's state is kept under the folder."""

    bootstrap: str
    processes: Processes
    folder: Path
    filled: dict[int, str] = field(default_factory=dict)

    def topic(self, visits: Visits) -> str:
        """The topic with these events."""
        if visits.events not in self.filled:
            name = f"events-{visits.events}"
            self.make(name, visits.partitions)
            fill(self.bootstrap, name, visits)
            self.filled[visits.events] = name
        return self.filled[visits.events]

    def make(self, name: str, partitions: int) -> None:
        """Make an empty topic that keeps everything."""
        topic = NewTopic(name, partitions, 1, config={"retention.ms": "-1"})
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        admin.create_topics([topic])[name].result(30)


def fill(bootstrap: str, topic: str, visits: Visits) -> None:
    """Put all events into a topic; raises RuntimeError when Kafka does not take them."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "acks": "all",
            "linger.ms": 20,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 2_000_000,
            "queue.buffering.max.kbytes": 2_000_000,
        }
    )
    for record in visits.records():
        producer.produce(topic, record.value, record.key, record.partition)
    if producer.flush(120):
        raise RuntimeError("Kafka did not take all events in time")


@contextlib.contextmanager
def grounds(say: Say) -> Iterator[Ground]:
    """A fresh broker and folder each time, so that no run pays for what another has left."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Processes(Path(folder)) as processes,
        LocalKafka.start(Path(folder) / "kafka", say=say) as kafka,
    ):
        yield Ground(kafka.bootstrap, processes, Path(folder))
