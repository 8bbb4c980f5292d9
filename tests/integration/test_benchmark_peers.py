"""The runner of the benchmarks on the peer that needs nothing more than our locks."""

from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.ground import Ground
from benchmarks.peers.measure import measure
from benchmarks.peers.visits import Visits
from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes


def test_a_floor_reads_every_event_to_the_end(kafka: LocalKafka, tmp_path: Path) -> None:
    (floor,) = (peer for peer in PEERS if peer.name.startswith("confluent-kafka"))
    visits = Visits(3_000, 60, datetime.now(UTC), rounds=30)
    with Processes(tmp_path) as processes:
        ground = Ground(kafka.bootstrap, processes, tmp_path)
        found = measure(floor, ground, visits, tmp_path, lambda _: None)
    assert (found.events, found.trouble) == (3_000, "")
    assert found.cpu_seconds > 0
    assert found.peak_megabytes > 0
