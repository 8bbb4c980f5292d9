"""What `docs/channels.md` gives to copy, taken out of the page and run against ingest.

Its sources are the demonstration's with those of the page. What is not run here is listed, with the
reason, so that nothing new on the page is neither. Kafka is a fake: HTTP and the clients are real.
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.process import ROOT
from schemas import catalogue
from schemas.codec import decode
from schemas.keyring import Keyring
from schemas.sources import Sources
from schemas.touchpoint_event import TouchpointRecord
from schemas.yaml_file import parse
from services.ingest.domain.rules import Rules, make_rules
from tests.integration.clients_installed import node_clients, python_clients
from tests.integration.ingest_served import Served, served
from tests.unit.ingest.world import AUTHORITY, EDGE, RecordingWorld

PAGE = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
ADDRESSES = dict(
    re.findall(r"^\*\*([^*]+)\*\* `([^`]+)`$", PAGE.partition("## Addresses")[2], re.MULTILINE)
)
BROKER = "kcat"
NOT_RUN = {
    BROKER: "needs a broker; test_inbox_on_kafka.py sends the same by a client",
    "matomo.js": "comes in no package; its requests are in protocols/matomo.yml",
    "Snowplow, browser": "test_snowplow_in_chromium.py runs it in a browser",
    "Formbricks, Qualtrics, Standard Webhooks": "is typed into a tool; test_webhooks_over_http.py",
}
# What stands around an address: `it` is what the page gives to copy.
SCRIPTS = {
    "Snowplow, Node.js": """
        const { newTracker, buildPageView } = require("@snowplow/node-tracker");
        const it = %s;
        it.track(buildPageView({ pageUrl: "https://permits.example/" })); it.flush();""",
    "Segment, Node.js": """
        const { Analytics } = require("@segment/analytics-node");
        const it = %s; it.track({ userId: "42", event: "seen" }); it.closeAndFlush();""",
    "RudderStack, Node.js": """
        const RudderAnalytics = require("@rudderstack/rudder-sdk-node");
        const it = %s;
        it.track({ userId: "42", event: "seen" }); it.flush().then(() => process.exit());""",
    "Snowplow, Python": """
from snowplow_tracker import Emitter, PageView, Tracker
it = %s
it.track(PageView("https://permits.example/"))
it.flush()""",
    "Segment, Python": """
from segment.analytics import Client
it = %s
it.track("42", "seen")
it.shutdown()""",
    "RudderStack, Python": """
from rudderstack.analytics import Client
it = %s
it.track("42", "seen")
it.shutdown()""",
}
GA4 = "GA4, server side"


def sources_of_the_page() -> Iterator[dict[str, Any]]:
    """Each source that a block shows whole; a block may go on with other files."""
    for _, text in (block for block in BLOCKS if block[0] == "yaml"):
        for entry in re.findall(r"^- id: .*?(?=^\S|\Z)", text, re.DOTALL | re.MULTILINE):
            yield from yaml.safe_load(entry)


def with_the_page() -> Rules:
    """A source the demonstration has too speaks the protocols of both, with the keys of both."""
    demo = yaml.safe_load((ROOT / "deploy" / "sources.yaml").read_text(encoding="utf-8"))
    known = {one["id"]: one for one in demo["sources"]}
    for new in sources_of_the_page():
        old = known.get(new["id"], {})
        protocols = [*dict.fromkeys([*old.get("protocols", []), *new["protocols"]])]
        keys = {**old.get("write_keys", {})}
        for protocol, own in new.get("write_keys", {}).items():
            keys[protocol] = [*keys.get(protocol, []), *own]
        known[new["id"]] = {**old, **new, "protocols": protocols, "write_keys": keys}
    files = [(f.name, f.read_text("utf-8")) for f in (ROOT / "deploy/catalogue").glob("*.yaml")]
    keyring = (ROOT / "deploy" / "demo-keys.yaml").read_text(encoding="utf-8")
    return make_rules(
        catalogue.load(files),
        parse(Sources, yaml.safe_dump({"sources": [*known.values()]}), "sources.yaml"),
        parse(Keyring, keyring, "demo-keys.yaml"),
        AUTHORITY,
    )


@pytest.fixture
def world() -> RecordingWorld:
    return RecordingWorld()


@pytest.fixture
async def ingest(world: RecordingWorld) -> AsyncIterator[Served]:
    today = replace(EDGE, now=lambda: datetime.now(UTC))
    async with served(world, world, rules=with_the_page(), edge=today) as found:
        yield found


async def output(*command: str, folder: Path, **more: str) -> str:
    """What a command prints; it must end well, and in time."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **more},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, wrong = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, wrong.decode()
    return told.decode()


def documents(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text, one after the other."""
    while text := text.strip():
        found, end = json.JSONDecoder().raw_decode(text)
        yield found
        text = text[end:]


def is_yes(told: dict[str, Any]) -> bool:
    """Whether every event of an answer was accepted, or would be."""
    if "events" in told:
        return bool(told["events"]) and all(e["result"] == "accepted" for e in told["events"])
    return bool(told["accepted"]) and not told["rejected"]


COMMANDS = [text for kind, text in BLOCKS if kind == "sh" and f"{BROKER} " not in text]


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block[:40])
async def test_a_command_of_the_page_is_accepted(
    ingest: Served, tmp_path: Path, block: str
) -> None:
    script = block.replace("http://127.0.0.1:8080", ingest.public)
    script = script.replace("python -m", f"{sys.executable} -m")
    strict = ("bash", "-euo", "pipefail", "-c", script)
    told = [*documents(await output(*strict, folder=tmp_path, PYTHONPATH=str(ROOT)))]
    asked = block.count("curl ") + block.count("python -m")
    assert [is_yes(one) for one in told] == [True] * asked, told


@pytest.mark.node
@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_client_with_an_address_of_the_page_delivers(
    ingest: Served, world: RecordingWorld, tmp_path: Path, node_program: str, name: str
) -> None:
    here = ingest.public.removeprefix("http://")
    address = ADDRESSES[name].replace("https://throughline.example", ingest.public)
    # Snowplow's for Python takes the protocol apart from the host.
    address = address.replace('"throughline.example"', f'"{here}", protocol="http"')
    paths = {"NODE_PATH": str(node_clients()), "PYTHONPATH": str(python_clients())}
    program = [sys.executable, "-c"] if name.endswith("Python") else [node_program, "-e"]
    await output(*program, SCRIPTS[name] % address, folder=tmp_path, **paths)
    [message] = world.messages
    assert decode(TouchpointRecord, message.value).source.startswith("/permit-web")


async def test_the_address_for_ga4_takes_what_its_page_describes(
    ingest: Served, world: RecordingWorld
) -> None:
    method, address = ADDRESSES[GA4].split()
    url = address.replace("https://throughline.example", ingest.public)
    event = {"client_id": "c-1", "events": [{"name": "page_view", "params": {}}]}
    async with ingest.client.request(method, url, json=event) as response:
        assert response.status == 204
    assert len(world.messages) == 1


def test_everything_there_is_to_copy_is_run_or_listed_here() -> None:
    assert {*ADDRESSES} - {*SCRIPTS} - {GA4} == {*NOT_RUN} - {BROKER}
    assert {*SCRIPTS, GA4} <= {*ADDRESSES}
    assert len([text for kind, text in BLOCKS if kind == "sh"]) == len(COMMANDS) + 1
    assert {kind for kind, _ in BLOCKS} == {"sh", "yaml"}
    assert len([*sources_of_the_page()]) == PAGE.count("\n- id: ") >= 4
