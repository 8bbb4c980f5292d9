"""Refusals on a real broker: listed, shown, and replayed after the catalogue was mended."""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from tests.integration.ingest_process import Surroundings, events, log, start
from tests.unit.ingest.test_replay import BRANCH, LETTER
from tests.unit.ingest.world import CATALOGUE, cloudevent, json, visit

WEB = {"Authorization": "Bearer web-token"}


async def ran(surroundings: Surroundings, *arguments: str) -> str:
    """What a command printed; fails when it did not exit 0."""
    child = surroundings.run(f"rejected-{uuid4().hex[:6]}", "rejected", *arguments, COLUMNS="200")
    code = await asyncio.to_thread(child.process.wait, 60)
    assert code == 0, child.account()
    return child.output()


def counted(printed: str, word: str) -> str | None:
    """The number in the line of the account that begins with a word."""
    found = re.search(rf"{word}\W+([\d,]+)", printed)
    return found[1] if found else None


@pytest.mark.kafka
async def test_what_was_refused_is_replayed_once_the_catalogue_knows_it_and_is_there_once(
    kafka: LocalKafka, processes: Processes, tmp_path: Path
) -> None:
    surroundings = Surroundings(kafka.bootstrap, processes, tmp_path)
    surroundings.prepare()
    running, own = await start(surroundings), f"/{uuid4().hex}"
    at_branch = [cloudevent(visit(touchpoint="branch"), source=own, id="a")]
    async with ClientSession() as client:
        url = f"{running.public}/v1/events"
        async with client.post(url, data=json(at_branch), headers=WEB) as response:
            assert (await response.json())["rejected"][0]["reason"] == "unknown_touchpoint"
    assert running.child.stop() == 0

    mended = CATALOGUE.replace(LETTER, f"      - {BRANCH}\n{LETTER}", 1)
    (tmp_path / "town.yaml").write_text(mended, encoding="utf-8")
    chosen = ("--reason", "unknown_touchpoint", "--source", "web")
    assert counted(await ran(surroundings, "list", *chosen), "unknown_touchpoint") is not None
    first, second = [await ran(surroundings, "replay", *chosen) for _ in range(2)]
    found = list(events(await log(surroundings.bootstrap), f"/web{own}"))
    assert [one.identity[1] for one in found] == ["a"]
    assert counted(first, "accepted") is not None
    assert counted(second, "accepted") is None
