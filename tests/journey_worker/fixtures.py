"""The crew as a fixture; the folders that mistreat workers import it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from tests.journey_worker.crew import Crew

MakeCrew = Callable[[int], Crew]


@pytest.fixture
def crew(kafka: LocalKafka, processes: Processes, tmp_path: Path) -> Iterator[Crew]:
    """A crew of no worker yet, with topics of its own on the shared broker."""
    own = Crew(kafka.bootstrap, processes, tmp_path)
    yield own
    own.end_all()
