"""The command that decides that a key is destroyed, as its own process, on a real broker."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas.audit import DecisionRecord
from schemas.codec import decode
from schemas.topics import AUDIT
from tests.integration.ingest_process import Surroundings
from tests.system.topic import read_all
from tests.unit.ingest.world import KEYS

BY = ("--proposed-by", "ingest-steward")


@pytest.mark.kafka
async def test_a_key_is_destroyed_by_two_and_the_record_says_by_whom(
    kafka: LocalKafka, processes: Processes, tmp_path: Path
) -> None:
    surroundings = Surroundings(kafka.bootstrap, processes, tmp_path)
    surroundings.prepare()
    name = f"town-{uuid4().hex}"
    span = "from: 2010-01-01T00:00:00Z, until: 2015-01-01T00:00:00Z"
    former = f"  - {{id: {name}, agency: town, {span}, secret: a secret of long ago}}\n"
    text = KEYS.replace("keys:\n", f"keys:\n{former}", 1)
    (tmp_path / "keys.yaml").write_text(text, encoding="utf-8")
    alone = surroundings.run("alone", "keys", "destroy", name, *BY)
    both = surroundings.run("both", "keys", "destroy", name, *BY, "--decided-by", "data-officer")
    codes = [await asyncio.to_thread(one.process.wait, 60) for one in (alone, both)]
    assert codes == [1, 0], both.account()
    assert "nobody has decided destroy_key" in alone.output()
    assert f"- {{id: {name}, agency: town, from: 2010-01-01T00:00:00Z" in both.output()
    records = [decode(DecisionRecord, one.value) for one in await read_all(kafka.bootstrap, AUDIT)]
    found = [(one.proposer, one.decider) for one in records if one.subject == name]
    assert found == [("ingest-steward", "data-officer")]
