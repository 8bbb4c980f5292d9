"""Every client at once, while answers are lost and the broker is stopped and started again.

What any was promised is on the topic, and what any sends again counts once, as journey counts.
"""

import asyncio
import os
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import groupby
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas import catalogue
from schemas.vocabulary import IdentityKind, Reason
from services.ingest.domain.pseudonym import pseudonym
from services.journey.domain.rules import rules_from
from tests.folding import fold_log
from tests.integration.before_ingest import BeforeIngest, Event, before
from tests.integration.clients_installed import SCRIPTS, node_clients, python_clients
from tests.integration.ingest_process import Found, Surroundings, events, log, rejections, start
from tests.real import MakeKafka
from tests.unit.ingest.world import CATALOGUE, KEY

LOST_YES, TOO_OLD, AWAY, BACK = STEPS = (1, 2, 3, 4)
YES = (200, 204)
ANSWERS = (*YES, 503)
# What sends nothing twice, and what gives up after some seconds: both were told so.
NEVER_AGAIN, GIVES_UP = {"matomo"}, {"rudder-node"}
CLIENTS = {
    *NEVER_AGAIN,
    *GIVES_UP,
    *("segment-node", "segment-py", "rudder-py", "snowplow-node", "snowplow-py"),
    *("cloudevents-node", "webhook", "ga4"),  # their users do
}
PATIENT = CLIENTS - NEVER_AGAIN - GIVES_UP
Tell = Callable[[str], None]


@asynccontextmanager
async def clients(node: str, ingest: str) -> AsyncIterator[Tell]:
    """All of them, in two processes that do what a line says and end with their input."""
    commands: list[tuple[str, str, Mapping[str, str]]] = [
        (node, "all_clients.js", {"NODE_PATH": str(node_clients())}),
        (sys.executable, "all_senders.py", {"PYTHONPATH": str(python_clients())}),
    ]
    running = [
        await asyncio.create_subprocess_exec(
            *(program, str(SCRIPTS / script), ingest),
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.PIPE,
        )
        for program, script, environment in commands
    ]
    inputs = [one.stdin for one in running if one.stdin is not None]

    def tell(line: str) -> None:
        for one in inputs:
            one.write(f"{line}\n".encode())

    try:
        yield tell
    finally:
        for one in inputs:
            one.close()
        codes = [await one.wait() for one in running]
    assert codes == [0, 0]


@pytest.mark.kafka
@pytest.mark.node
@pytest.mark.timeout(240)
async def test_what_any_client_was_promised_is_kept_and_counts_once(
    private_kafka: MakeKafka, processes: Processes, tmp_path: Path, node_program: str
) -> None:
    broker = private_kafka()
    surroundings = Surroundings(broker.bootstrap, processes, tmp_path)
    surroundings.write_files()
    running = await start(surroundings, "ingest-of-all-clients")
    async with (
        before(running.public, LOST_YES) as (proxy, address),
        clients(node_program, address) as tell,
    ):
        await mistreat(proxy, tell, broker)
    assert running.child.stop() == 0
    assert_nobody_asks_again_after_a_yes(proxy.told)
    found = await log(broker.bootstrap)
    records = of_each(found)
    promised = {event for event, all_ in proxy.told.items() if all_[-1] in YES}
    assert {event for event in promised if event[1] != TOO_OLD} - records.keys() == set()
    assert_what_was_sent_twice_has_one_id(records)
    assert as_journey_counts(found) == {subject(*event): 1 for event in records}
    refused = Counter(one.reason for one in await rejections(broker.bootstrap))
    assert refused == {Reason.TOO_OLD: len(CLIENTS)}


async def mistreat(proxy: BeforeIngest, tell: Tell, broker: LocalKafka) -> None:
    """Lose each client's first yes, refuse an event, take the broker away and bring it again."""
    tell(f"{LOST_YES}")
    await proxy.until(lambda: proxy.had(LOST_YES, 503) == CLIENTS)
    tell(f"{TOO_OLD} 2001-01-01T00:00:00Z")
    await proxy.until(lambda: proxy.had(TOO_OLD, *YES) == CLIENTS)
    await proxy.until(lambda: proxy.had(LOST_YES, *YES) == CLIENTS - NEVER_AGAIN)
    await asyncio.to_thread(broker.stop)
    tell(f"{AWAY}")
    await proxy.until(lambda: proxy.had(AWAY, 503) == CLIENTS)
    await asyncio.to_thread(broker.resume)
    await proxy.until(lambda: bool(proxy.had(AWAY, *YES)))
    tell(f"{BACK}")
    await proxy.until(lambda: proxy.had(BACK, *ANSWERS) == CLIENTS)
    for step in (AWAY, BACK):
        await proxy.until(lambda step=step: proxy.had(step, *YES) >= PATIENT)  # type: ignore[misc]


def assert_nobody_asks_again_after_a_yes(told: Mapping[Event, list[int]]) -> None:
    assert set(told) == {(who, step) for who in CLIENTS for step in STEPS}
    assert {event for event, all_ in told.items() if {*all_[:-1]} & {*YES}} == set()


def assert_what_was_sent_twice_has_one_id(records: Mapping[Event, list[Found]]) -> None:
    ids = {event: {one.identity for one in all_} for event, all_ in records.items()}
    assert {event: all_ for event, all_ in ids.items() if len(all_) > 1} == {}
    times = {who: len(records[who, LOST_YES]) for who in CLIENTS}
    assert times == {who: 1 if who in NEVER_AGAIN else 2 for who in CLIENTS}


def subject(who: str, step: int) -> str:
    """What becomes of an event's own citizen."""
    return pseudonym(KEY, IdentityKind.CITIZEN, "town", f"who.{who}.{step}")


def of_each(found: list[Found]) -> dict[Event, list[Found]]:
    """The records of each event that has any."""
    known = {subject(who, step): (who, step) for who in CLIENTS for step in STEPS}
    records: dict[Event, list[Found]] = defaultdict(list)
    for one in events(found, ""):
        records[known[one.content.subject]].append(one)  # type: ignore[union-attr]
    return records


def as_journey_counts(found: list[Found]) -> Counter[str]:
    """How many touchpoint events each citizen has, in all journeys."""
    rules = rules_from(catalogue.load([("town.yaml", CATALOGUE)]), epoch=1)
    counted: Counter[str] = Counter()
    for _, partition in groupby(found, lambda one: one.partition):
        for journey in fold_log([one.content for one in partition], rules).journeys:
            counted[journey.pseudonym] += journey.entries
    return counted
