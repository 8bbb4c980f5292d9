"""Refusals on a real broker: listed, and replayed after the catalogue was mended under way."""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from tests.integration.ingest_process import Running, Surroundings, events, log, start
from tests.unit.ingest.test_replay import BRANCH, LETTER
from tests.unit.ingest.world import CATALOGUE, cloudevent, json, visit

WEB = {"Authorization": "Bearer web-token"}


async def ran(surroundings: Surroundings, *arguments: str) -> str:
    """What a command printed; fails when it did not exit 0."""
    child = surroundings.run(f"rejected-{uuid4().hex[:6]}", "rejected", *arguments, COLUMNS="200")
    code = await asyncio.to_thread(child.process.wait, 60)
    assert code == 0, child.account()
    return child.output()


async def posted(running: Running, own: str, id_: str) -> list[str]:
    """For what a visit to the branch is refused."""
    event = json(cloudevent(visit(touchpoint="branch"), source=own, id=id_))
    url = f"{running.public}/v1/events"
    async with ClientSession() as client, client.post(url, data=event, headers=WEB) as response:
        return [one["reason"] for one in (await response.json())["rejected"]]


def counted(printed: str, word: str) -> str | None:
    """The number in the line of the account that begins with a word."""
    found = re.search(rf"{word}\W+([\d,]+)", printed)
    return found[1] if found else None


@pytest.mark.kafka
async def test_a_mended_catalogue_is_used_at_once_and_what_waited_for_it_is_replayed_once(
    kafka: LocalKafka, processes: Processes, tmp_path: Path
) -> None:
    surroundings = Surroundings(kafka.bootstrap, processes, tmp_path)
    surroundings.prepare()
    running, own = await start(surroundings), f"/{uuid4().hex}"
    assert await posted(running, own, "a") == ["unknown_touchpoint"]
    mended = CATALOGUE.replace(LETTER, f"      - {BRANCH}\n{LETTER}", 1)
    (tmp_path / "town.yaml").write_text(mended, encoding="utf-8")
    async with asyncio.timeout(20):
        while await posted(running, own, "b"):  # noqa: ASYNC110  until the file was read again
            await asyncio.sleep(0.2)
    assert running.child.stop() == 0
    chosen = ("--reason", "unknown_touchpoint", "--source", "web")
    assert counted(await ran(surroundings, "list", *chosen), "unknown_touchpoint") is not None
    first, second = [await ran(surroundings, "replay", *chosen) for _ in range(2)]
    found = list(events(await log(surroundings.bootstrap), f"/web{own}"))
    assert sorted(one.identity[1] for one in found) == ["a", "b"]
    assert counted(first, "accepted") is not None
    assert counted(second, "accepted") is None
