from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers.ground import Ground
from benchmarks.peers.measure import measure
from benchmarks.peers.peer import CannotRun, Peer
from benchmarks.peers.visits import Visits
from deploy.local.process import Processes


def _lacking(_folder: Path) -> Sequence[str]:
    raise CannotRun("there is no mvn here")


def test_a_peer_that_cannot_be_made_ready_says_why_and_reaches_no_broker(tmp_path: Path) -> None:
    peer = Peer("Engine", "1", _lacking, limit_seconds=1, state="none")
    ground = Ground("nowhere", Processes(tmp_path), tmp_path)
    visits = Visits(100, 2, datetime(2026, 1, 5, tzinfo=UTC))
    found = measure(peer, ground, visits, tmp_path, lambda _: None)
    assert (found.events, found.trouble) == (0, "there is no mvn here")
    assert found.cells()[2] == "cannot run: there is no mvn here"
