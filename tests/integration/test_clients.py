"""The clients that channels already have, unchanged, against ingest on a real broker.

Each sends page views, events and errors as its own documentation says; what it retries, and what
it takes for yes, is its own. The scripts are in `clients/`.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas.touchpoint_event import TouchpointRecord
from tests.integration.clients_installed import SCRIPTS, node_clients, python_clients
from tests.integration.ingest_process import Running, Surroundings, events, log, start

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
_SECONDS = 60
Told = tuple[str, str]
VIEW, KEPT, FAILED, SENT = (
    *(("page", "visited"), ("form", "saved")),
    *(("page", "failed"), ("form", "submitted")),
)


@dataclass(frozen=True)
class Client:
    """A script, the source it is known as, and how often what must arrive of it."""

    script: str
    source: str
    delivers: Mapping[Told, int]

    @property
    def is_python(self) -> bool:
        """Or for Node.js."""
        return self.script.endswith(".py")


_CALLS = {VIEW: 1, SENT: 1, FAILED: 1}
CLIENTS = [
    # Each event by itself and in a bulk.
    Client("matomo.js", "/web/matomo", {VIEW: 2, KEPT: 2, FAILED: 2}),
    # Encoded, plain, and as queries; what is kept is an event of a schema and a structured one.
    Client("snowplow.js", "/web/snowplow", {VIEW: 3, KEPT: 6, FAILED: 3}),
    Client("snowplow_sender.py", "/web/snowplow", {VIEW: 3, KEPT: 6, FAILED: 3}),
    # None of these is a contact of its own: who the citizen is.
    Client("segment.js", "/web/segment", _CALLS),
    Client("segment_sender.py", "/web/segment", _CALLS),
    Client("rudder.js", "/web/segment", _CALLS),
    Client("rudder_sender.py", "/web/segment", _CALLS),
    # A draft is no answer yet; the other is a form that is no survey.
    Client("webhook_sender.py", "/survey/webhook", {("survey", "answered"): 1, SENT: 1}),
    # Binary and structured.
    Client("cloudevents.js", "/web/cloudevents-js", {VIEW: 2, SENT: 2, FAILED: 2}),
]


@pytest.fixture(scope="module")
def running(
    kafka: LocalKafka, processes: Processes, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Surroundings, Running]:
    found = Surroundings(kafka.bootstrap, processes, tmp_path_factory.mktemp("ingest"))
    found.prepare()
    return found, asyncio.run(start(found, "ingest-for-clients"))


@pytest.mark.node
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.script)
async def test_a_client_delivers_each_event_once(
    running: tuple[Surroundings, Running], node_program: str, client: Client
) -> None:
    surroundings, ingest = running
    before = await _delivered(surroundings, client)
    program = sys.executable if client.is_python else node_program
    paths = {"PYTHONPATH": str(python_clients())} if client.is_python else {}
    environment = {**os.environ, "NODE_PATH": str(node_clients()), **paths}
    command = [program, str(SCRIPTS / client.script), ingest.public]
    done = await asyncio.to_thread(_run, command, environment)
    assert done.returncode == 0, f"{done}\n{ingest.child.account()}"
    delivered = (await _delivered(surroundings, client))[len(before) :]
    assert Counter((one.data.touchpoint, str(one.data.action)) for one in delivered) == (
        client.delivers
    )
    assert len({one.id for one in delivered}) == len(delivered)
    assert {str(one.data.identity_kind) for one in delivered} == {"citizen"}
    assert {str(one.data.quality) for one in delivered} == {"valid"}


async def _delivered(surroundings: Surroundings, client: Client) -> list[TouchpointRecord]:
    """In the order in which ingest took them."""
    found = events(await log(surroundings.bootstrap), client.source)
    records = [one.content for one in found if isinstance(one.content, TouchpointRecord)]
    return sorted(records, key=lambda one: one.data.received_at)


def _run(
    command: Sequence[str], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
