"""The clients that channels already have, unchanged, against ingest on a real broker.

Each sends page views, events and errors as its own documentation says; what it retries, and what
it takes for yes, is its own. The scripts are in `clients/`.
"""

import asyncio
import os
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas.touchpoint_event import TouchpointRecord
from tests.integration.ingest_process import Surroundings, events, log, start
from tests.integration.npm import installed

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
SCRIPTS = Path(__file__).parent / "clients"
NODE_PACKAGES = {"matomo-tracker": "2.2.4"}
_SECONDS = 60


@pytest.fixture(scope="module")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("clients"), NODE_PACKAGES)


@pytest.fixture
def surroundings(kafka: LocalKafka, processes: Processes, tmp_path: Path) -> Surroundings:
    found = Surroundings(kafka.bootstrap, processes, tmp_path)
    found.prepare()
    return found


@dataclass(frozen=True)
class Client:
    """A script, the source it is known as, and how often what must arrive of it."""

    script: str
    source: str
    delivers: Mapping[tuple[str, str], int]


CLIENTS = [
    # Each event once by itself and once in a bulk.
    Client(
        "matomo.js",
        "/web/matomo",
        {("page", "visited"): 2, ("form", "saved"): 2, ("page", "failed"): 2},
    ),
]


@pytest.mark.node
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.script)
async def test_a_client_of_node_delivers_each_event_once(
    surroundings: Surroundings, node_program: str, node_modules: Path, client: Client
) -> None:
    running = await start(surroundings)
    command = [node_program, str(SCRIPTS / client.script), running.public]
    environment = {**os.environ, "NODE_PATH": str(node_modules)}
    done = await asyncio.to_thread(_run, command, environment)
    assert (done.returncode, done.stderr) == (0, ""), done
    delivered = [
        one.content
        for one in events(await log(surroundings.bootstrap), client.source)
        if isinstance(one.content, TouchpointRecord)
    ]
    told = Counter((one.data.touchpoint, str(one.data.action)) for one in delivered)
    assert told == client.delivers
    assert len({one.id for one in delivered}) == len(delivered)
    assert running.child.stop() == 0


def _run(
    command: Sequence[str], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
