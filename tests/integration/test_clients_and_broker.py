"""Every client at once, while answers are lost and the broker is stopped and started again.

What any was promised is on the topic, and what any sends again counts once, as journey counts: a
view, an event, an error, and who it is where that is a call of its own.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from schemas import catalogue
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import IdentityKind, Reason
from services.ingest.domain.pseudonym import pseudonym
from services.journey.domain.rules import rules_from
from tests.folding import fold_log
from tests.integration.before_ingest import BeforeIngest, Event, before
from tests.integration.clients_running import (
    CALLS,
    CLIENTS,
    GIVES_UP,
    IDENTIFY,
    NEVER_AGAIN,
    WITH_THE_NEXT,
    Tell,
    clients,
)
from tests.integration.ingest_process import Found, Surroundings, events, log, rejections, start
from tests.integration.tracked_page import tracked_page
from tests.real import MakeKafka
from tests.unit.ingest.world import CATALOGUE, KEY, KEYS, LAWFUL, SOURCES, SURVEY_SECRET

LOST_YES, TOO_OLD, AWAY, BACK = STEPS = (1, 2, 3, 4)
YES = (200, 204)
ANSWERS = (*YES, 503)
EVENTS = {Event(*call, step) for call in CALLS for step in STEPS}
PATIENT = CLIENTS - NEVER_AGAIN - GIVES_UP
MEANT = {
    "view": {("page", "visited")},
    "custom": {("form", "saved"), ("form", "submitted")},
    "failed": {("page", "failed")},
}
# A tool that signs, with a layout of its own: it says more than that a form was sent.
TOOL = f"""
  - {{id: tool, agency: town, {LAWFUL}, protocols: [webhook], services: [parking],
     channels: [website], issuer: town, webhook: {{signature: standard,
     layout: {{id: id, time: at, citizen: citizen, address: page, name: name}}}}}}
"""
SECRET_OF_TOOL = f"webhooks:\n  - {{id: demo-tool-1, source: tool, secret: {SURVEY_SECRET}}}\n"
FAILS = "match: [{type: event, pattern: page/failed, action: failed}, {type: address,"
TOWN = CATALOGUE.replace("match: [{type: address,", FAILS)


@pytest.mark.kafka
@pytest.mark.node
@pytest.mark.chromium
@pytest.mark.timeout(240)
async def test_what_any_client_was_promised_is_kept_and_counts_once(
    private_kafka: MakeKafka,
    processes: Processes,
    tmp_path: Path,
    node_program: str,
    chromium_program: str,
) -> None:
    broker = private_kafka()
    surroundings = Surroundings(broker.bootstrap, processes, tmp_path)
    async with tracked_page() as page:
        write_files(surroundings, page)
        running = await start(surroundings, "ingest-of-all-clients")
        async with (
            before(running.public, LOST_YES) as (proxy, address),
            clients(node_program, chromium_program, tmp_path, page, address) as tell,
        ):
            await mistreat(proxy, tell, broker)
    assert running.child.stop() == 0
    assert_nobody_asks_again_after_a_yes(proxy.told)
    found = await log(broker.bootstrap)
    records = of_each(found)
    promised = {event for event, all_ in proxy.told.items() if all_[-1] in YES}
    assert counted(promised) - records.keys() == set()
    assert_what_was_sent_twice_has_one_id(records, proxy.told)
    assert_each_is_what_was_meant(records)
    assert as_journey_counts(found) == {subject(event): 1 for event in records}
    assert_what_is_too_old_is_kept(await rejections(broker.bootstrap), proxy.told)


def write_files(surroundings: Surroundings, page: str) -> None:
    """The small agency's, with the tool and the page."""
    surroundings.write_files()
    sources = SOURCES.replace('["https://town.example"]', f'["{page}"]') + TOOL.lstrip("\n")
    keys = KEYS.replace("webhooks:\n", SECRET_OF_TOOL)
    for name, text in {"town": TOWN, "sources": sources, "keys": keys}.items():
        (surroundings.folder / f"{name}.yaml").write_text(text, encoding="utf-8")


async def mistreat(proxy: BeforeIngest, tell: Tell, broker: LocalKafka) -> None:
    """Lose the first yes to each event, refuse one, take the broker away and bring it again."""
    await tell(f"{LOST_YES}")
    await proxy.until(lambda: who(proxy.had(LOST_YES, 503)) == CLIENTS)
    await tell(f"{TOO_OLD} 2001-01-01T00:00:00Z")
    await proxy.until(lambda: proxy.had(TOO_OLD, *YES) == of(TOO_OLD, CLIENTS))
    await proxy.until(lambda: proxy.had(LOST_YES, *YES) == of(LOST_YES, CLIENTS - NEVER_AGAIN))
    await asyncio.to_thread(broker.stop)
    await tell(f"{AWAY}")
    await proxy.until(lambda: who(proxy.had(AWAY, 503)) == CLIENTS)
    await asyncio.to_thread(broker.resume)
    by_themselves = of(AWAY, PATIENT - WITH_THE_NEXT)
    await proxy.until(lambda: proxy.had(AWAY, *YES) >= by_themselves)
    await tell(f"{BACK}")
    await proxy.until(lambda: proxy.had(BACK, *ANSWERS) == of(BACK, CLIENTS))
    for step in (AWAY, BACK):
        await proxy.until(lambda step=step: proxy.had(step, *YES) >= of(step, PATIENT))  # type: ignore[misc]


def who(events: Iterable[Event]) -> set[str]:
    return {event.client for event in events}


def of(step: int, clients: set[str]) -> set[Event]:
    """The events that these clients send in a step."""
    return {event for event in EVENTS if event.step == step and event.client in clients}


def counted(events: Iterable[Event]) -> set[Event]:
    """Those of which a record must be."""
    return {one for one in events if one.step != TOO_OLD and one.kind != IDENTIFY}


def assert_nobody_asks_again_after_a_yes(told: Mapping[Event, list[int]]) -> None:
    assert set(told) == EVENTS
    assert {event for event, all_ in told.items() if {*all_[:-1]} & {*YES}} == set()


def assert_what_was_sent_twice_has_one_id(
    records: Mapping[Event, list[Found]], told: Mapping[Event, list[int]]
) -> None:
    ids = {event: {one.identity for one in all_} for event, all_ in records.items()}
    assert {event: all_ for event, all_ in ids.items() if len(all_) > 1} == {}
    lost = counted(of(LOST_YES, CLIENTS))
    assert {event: len(records[event]) for event in lost} == {e: len(told[e]) for e in lost}
    assert {event for event in lost if len(told[event]) == 1} == {
        event for event in lost if event.client in NEVER_AGAIN
    }


def assert_what_is_too_old_is_kept(
    refused: Sequence[Rejection], told: Mapping[Event, list[int]]
) -> None:
    """Once for each time it came: who was told to come again sends it all again."""
    sent = [len(told[event]) for event in of(TOO_OLD, CLIENTS) if event.kind != IDENTIFY]
    assert {one.reason for one in refused} == {Reason.TOO_OLD}
    assert len(sent) <= len(refused) <= sum(sent)


def assert_each_is_what_was_meant(records: Mapping[Event, list[Found]]) -> None:
    for event, all_ in records.items():
        for one in all_:
            assert isinstance(one.content, TouchpointRecord)
            data = one.content.data
            assert (data.touchpoint, data.action) in MEANT[event.kind], event


def subject(event: Event) -> str:
    """What becomes of an event's own citizen."""
    named = f"who.{event.client}.{event.kind}.{event.step}"
    return pseudonym(KEY, IdentityKind.CITIZEN, "town", named)


def of_each(found: list[Found]) -> dict[Event, list[Found]]:
    """The records of each event that has any."""
    known = {subject(event): event for event in EVENTS}
    records: dict[Event, list[Found]] = defaultdict(list)
    for one in events(found, ""):
        records[known[one.content.subject]].append(one)  # type: ignore[union-attr]
    return records


def as_journey_counts(found: list[Found]) -> Counter[str]:
    """How many touchpoint events each citizen has, in all journeys."""
    rules = rules_from(catalogue.load([("town.yaml", TOWN)]), epoch=1)
    counts: Counter[str] = Counter()
    for _, partition in groupby(found, lambda one: one.partition):
        for journey in fold_log([one.content for one in partition], rules).journeys:
            counts[journey.pseudonym] += journey.entries
    return counts
