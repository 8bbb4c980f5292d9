"""Who may do what on a broker that asks: what the contracts grant, and not one thing more."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from click.testing import CliRunner, Result

from deploy.local.process import Processes
from deploy.provision.__main__ import main
from deploy.provision.acls import Acl
from deploy.provision.broker import Broker
from deploy.provision.plan import Change
from schemas.access import METRICS, PUBLISH_INSIDE, PUBLISH_PUBLIC, Access
from schemas.audit import DecisionRecord
from schemas.codec import decode
from schemas.kafka_access import KafkaAccess, client_options
from schemas.topics import AUDIT, JOURNEYS, TOPICS, TOUCHPOINTS
from tests.integration import secured_broker, secured_line, secured_redis
from tests.integration.secured_broker import ADMINISTRATOR, ROLES, STRANGER, SecuredBroker
from tests.integration.test_release_on_kafka import AS_THEY, is_open, of_metrics, ran, send
from tests.integration.who_may import Right, rights

GROUPS = {
    "throughline-journey",
    "throughline-metrics",
    "throughline-ingest-inbox",
    "subscriber-mail",
}


PROPOSED = ("--proposed-by", "journey-steward")
DECIDED = (*PROPOSED, "--decided-by", "data-officer")


@pytest.fixture(scope="module")
def broker(
    processes: Processes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecuredBroker]:
    with secured_broker.running(tmp_path_factory.mktemp("secured"), processes) as found:
        assert provision(found, "apply", *DECIDED).exit_code == 0
        until(lambda: provision(found, "check").exit_code == 0)
        yield found


def provision(broker: SecuredBroker, command: str, *options: str) -> Result:
    settings = {**broker.settings(ADMINISTRATOR), "COLUMNS": "200"}
    return CliRunner().invoke(main, [command, *options], env=settings)


def until(is_so: Callable[[], bool]) -> None:
    """A broker knows of its list a moment after it has answered."""
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def told(result: Result) -> set[str]:
    return {" ".join(line.split()) for line in result.output.splitlines()}


def granted(role: str) -> set[Right]:
    """What the contracts say, read apart from what makes the list: whoever may read or write a
    topic, or read a group, may see that it is there.
    """
    found: set[Right] = set()
    for topic in TOPICS:
        groups = {one.group.replace("*", "mail") for one in topic.grants if one.group}
        for grant in topic.grants:
            if grant.role != role:
                continue
            found |= {(grant.access.value, topic.name), ("describe", topic.name)}
            if grant.access is Access.DESCRIBE:
                found |= {("describe", group) for group in groups}
            if grant.group:
                group = grant.group.replace("*", "mail")
                found |= {("read", group), ("describe", group)}
    return found


async def test_every_role_can_do_what_its_contracts_grant_and_nothing_else(
    broker: SecuredBroker,
) -> None:
    topics, groups = [topic.name for topic in TOPICS], sorted(GROUPS)
    can = {role: await rights(broker.access(role), topics, groups) for role in (*ROLES, STRANGER)}
    assert can == {role: granted(role) for role in (*ROLES, STRANGER)}
    assert can[STRANGER] == set()


@pytest.mark.parametrize("how", ["a wrong password", "no user", "another authority"])
async def test_who_is_not_known_does_not_come_in(broker: SecuredBroker, how: str) -> None:
    known = broker.access("metrics")
    access = {
        "a wrong password": broker.access("metrics", "guessed"),
        "no user": KafkaAccess(broker.bootstrap),
        "another authority": KafkaAccess(known.bootstrap, known.user, known.password),
    }[how]
    client = AIOKafkaClient(**client_options(access), request_timeout_ms=3_000)
    with pytest.raises(KafkaError):
        await client.bootstrap()
    await client.close()


async def kept(broker: SecuredBroker) -> list[DecisionRecord]:
    """Every decision on record, as the auditor reads it."""
    consumer = AIOKafkaConsumer(
        AUDIT, **client_options(broker.access("auditor")), auto_offset_reset="earliest"
    )
    async with asyncio.timeout(30), consumer:
        [partition] = consumer.assignment()
        end = (await consumer.end_offsets([partition]))[partition]
        return [decode(DecisionRecord, (await consumer.getone()).value) for _ in range(end)]


async def test_what_drifts_is_told_and_mended_once_it_is_decided(broker: SecuredBroker) -> None:
    administrator = Broker(broker.access(ADMINISTRATOR))
    administrator.revoke([Acl("TOPIC", JOURNEYS, "User:metrics", "READ")])
    administrator.grant([Acl("TOPIC", JOURNEYS, "User:stranger", "READ")])
    administrator.configure([Change(TOUCHPOINTS, "retention.ms", "2332800000", "1000000000")])
    wrong = {
        "change touchpoints.v1 retention.ms 1000000000 2332800000",
        "grant topic journeys.v1 allow User:metrics READ on topic journeys.v1",
        "revoke topic journeys.v1 allow User:stranger READ on topic journeys.v1",
    }
    until(lambda: told(provision(broker, "check")) >= wrong)
    assert provision(broker, "check").exit_code == 1
    before = await kept(broker)
    alone = provision(broker, "apply", *PROPOSED)
    assert (alone.exit_code, "nobody has decided admit_reader" in alone.output) == (1, True)
    assert told(provision(broker, "check")) >= wrong
    assert provision(broker, "apply", *DECIDED).exit_code == 0
    records = (await kept(broker))[len(before) :]
    assert {(one.subject, one.proposer, one.decider) for one in records} == {
        (subject, "journey-steward", "data-officer")
        for subject in (
            "no more: allow User:stranger READ on topic journeys.v1",
            "allow User:metrics READ on topic journeys.v1",
        )
    }
    until(lambda: "nothing differs" in told(provision(broker, "check")))


@pytest.mark.redis
async def test_an_event_becomes_a_number_on_the_page_with_each_service_as_its_own_user(
    broker: SecuredBroker, processes: Processes, tmp_path: Path
) -> None:
    with secured_redis.running(tmp_path, processes) as redis:
        await _goes_through(broker, processes, tmp_path, redis.settings())


async def _goes_through(
    broker: SecuredBroker, processes: Processes, folder: Path, redis: Mapping[str, str]
) -> None:
    async with secured_line.running(broker, processes, folder, redis) as line:
        await line.report()
        number = await line.told("identity_linked_share")
        assert (number["numerator"], number["n"]) == (1, 1)
        key = "identity_linked_share/agency=town/service=parking/rolling_28d"
        assert f'data-key="{key}" data-n="1"' in await line.page()
        line.stop()


def test_a_release_needs_no_more_than_its_role_and_the_public_page_can_make_none(
    broker: SecuredBroker, processes: Processes
) -> None:
    send(broker.access(METRICS), of_metrics())
    refused = ran(broker.settings(PUBLISH_PUBLIC), *AS_THEY)
    assert (refused.exit_code, "metrics.internal.v1" in refused.output) == (1, True)
    done = ran(broker.settings(PUBLISH_INSIDE), *AS_THEY)
    assert "Written." in done.output, done.output
    is_open(broker.settings(PUBLISH_PUBLIC), processes, f"{datetime.now(UTC).date()}.csv")
