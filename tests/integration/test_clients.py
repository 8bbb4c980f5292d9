"""The clients that channels already have, unchanged, against ingest on a real broker.

Each sends page views, events and errors as its own documentation says; what it retries, and what
it takes for yes, is its own. The scripts are in `clients/`.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

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
    """A script, the source it is known as, how often what must arrive of it, and how much of what
    it tells is no contact: who the citizen is, or a draft of an answer.
    """

    script: str
    source: str
    delivers: Mapping[Told, int]
    ignored: int = 0


_CALLS = {VIEW: 1, SENT: 1, FAILED: 1}
CLIENTS = [
    # Each event by itself and in a bulk.
    Client("matomo.js", "/web/matomo", {VIEW: 2, KEPT: 2, FAILED: 2}),
    # Encoded, plain, and as queries; what is kept is an event of a schema and a structured one.
    Client("snowplow.js", "/web/snowplow", {VIEW: 3, KEPT: 6, FAILED: 3}),
    Client("snowplow_sender.py", "/web/snowplow", {VIEW: 3, KEPT: 6, FAILED: 3}),
    Client("segment.js", "/web/segment", _CALLS, ignored=1),
    Client("segment_sender.py", "/web/segment", _CALLS, ignored=1),
    Client("rudder.js", "/web/segment", _CALLS, ignored=1),
    Client("rudder_sender.py", "/web/segment", _CALLS, ignored=1),
    # The other is a form that is no survey.
    Client("webhook_sender.py", "/survey/webhook", {("survey", "answered"): 1, SENT: 1}, ignored=1),
    # Binary and structured.
    Client("cloudevents.js", "/web/cloudevents-js", {VIEW: 2, SENT: 2, FAILED: 2}),
    Client("cloudevents_sender.py", "/web/cloudevents-py", {VIEW: 2, SENT: 2, FAILED: 2}),
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
    before, counted = await _delivered(surroundings, client), await _counted(ingest)
    done = await _run(client.script, ingest, node_program)
    assert done.returncode == 0, f"{done}\n{ingest.child.account()}"
    delivered = (await _delivered(surroundings, client))[len(before) :]
    assert Counter((one.data.touchpoint, str(one.data.action)) for one in delivered) == (
        client.delivers
    )
    assert len({one.id for one in delivered}) == len(delivered)
    # Also of what is not on the topic nothing was told twice.
    accepted = sum(client.delivers.values())
    assert await _counted(ingest) - counted == Counter(accepted=accepted, ignored=client.ignored)
    assert {str(one.data.identity_kind) for one in delivered} == {"citizen"}
    assert {str(one.data.quality) for one in delivered} == {"valid"}


@pytest.mark.node
async def test_rudderstacks_client_takes_a_no_that_will_stay_one_for_it(
    running: tuple[Surroundings, Running], node_program: str
) -> None:
    """It would ask ten times more, for minutes, and hold up what it has to send."""
    _, ingest = running
    done = await _run("rudder_sender.py", ingest, node_program, "no-such-key")
    assert done.returncode == 1
    assert "[rudderstack] 401: no source has this token or write key (401)" in done.stderr


async def _delivered(surroundings: Surroundings, client: Client) -> list[TouchpointRecord]:
    """In the order in which ingest took them."""
    found = events(await log(surroundings.bootstrap), client.source)
    records = [one.content for one in found if isinstance(one.content, TouchpointRecord)]
    return sorted(records, key=lambda one: one.data.received_at)


async def _counted(ingest: Running) -> Counter[str]:
    """How many events it has answered, by what became of them."""
    async with ClientSession() as client, client.get(f"{ingest.inside}/metrics") as response:
        families = text_string_to_metric_families(await response.text())
    counted: Counter[str] = Counter()
    for family in families:
        if family.name == "throughline_events":
            for sample in family.samples:
                counted[sample.labels["result"]] += int(sample.value)
    return counted


async def _run(
    script: str, ingest: Running, node: str, *more: str
) -> "subprocess.CompletedProcess[str]":
    is_python = script.endswith(".py")
    paths = {"PYTHONPATH": str(python_clients())} if is_python else {}
    environment = {**os.environ, "NODE_PATH": str(node_clients()), **paths}
    command = [sys.executable if is_python else node, str(SCRIPTS / script), ingest.public, *more]
    return await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, timeout=_SECONDS
    )
