"""A release on a real broker, cut off and completed, and the program that shows it to everybody."""

import asyncio
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import Processes, Program
from schemas import authority, topics
from schemas.audit import DecisionRecord
from schemas.authority import AUTHORITY_FILE
from schemas.codec import decode, encode
from schemas.kafka_access import Kafka
from schemas.metric import key_of
from schemas.public_metric import PublicMetric
from schemas.vocabulary import Decision
from services.publish.__main__ import program
from services.publish.adapters.kafka_consumer import consumer_of
from services.publish.adapters.public_writer import write
from services.publish.adapters.whole_topic import newest
from services.publish.commands.release import (
    Proposed,
    Sent,
    allowed,
    calendar_period,
    prepared,
    to_be_sent,
)
from services.publish.domain.release.asked import Asked
from tests.real import MakeKafka
from tests.unit.publish.release.town import Town, messages

pytestmark = pytest.mark.kafka
SIZES = {"success": 500, "error": 4, "abandoned": 200, "informed": 90}
TOWN: Town = {("2026-09", "permits", outcome, "website"): n for outcome, n in SIZES.items()}
BY = Proposed("publish-steward", "data-officer")
Settings = Mapping[str, str]
AS_THEY = ("--proposed-by", BY.proposer, "--decided-by", str(BY.decider))


def ran(settings: Settings, *more: str) -> Result:
    return CliRunner().invoke(program, ["release", "--period", "2026-09", *more], env=settings)


def lying(kafka: Kafka, topic: str) -> dict[str, bytes]:
    async def read() -> dict[str, bytes]:
        return await newest(consumer_of(kafka, topic))

    return asyncio.run(read())


def send(kafka: Kafka, *batches: Iterable[Sent]) -> None:
    asyncio.run(write(kafka, [list(batch) for batch in batches]))


def told() -> dict[str, bytes]:
    """What metrics has told of the town, by key."""
    return {key_of(one): encode(one) for one in messages(TOWN, ("permits",))}


def of_metrics() -> list[Sent]:
    """The same, as it is sent."""
    return [Sent(topics.METRICS_INTERNAL, *one) for one in told().items()]


def whole(now: datetime) -> list[list[Sent]]:
    """What a release sends when nothing comes between."""
    file = authority.read(AUTHORITY_FILE.read_text(encoding="utf-8"), "authority.yaml")
    approval = allowed(Decision.RELEASE, BY, now.date(), file)
    period = calendar_period("2026-09")
    made = prepared(told(), {}, Asked(period, {}, now.date()))
    return to_be_sent(made, [approval], period.name, now)


def test_a_release_that_was_cut_off_ends_whole_and_is_open_to_everybody(
    private_kafka: MakeKafka, processes: Processes
) -> None:
    broker = private_kafka().bootstrap
    settings = {"THROUGHLINE_KAFKA_BOOTSTRAP": broker}
    send(broker, of_metrics())

    def said(*more: str) -> str:
        result = ran(settings, *more)
        assert result.exit_code == 0, result.output
        return result.output

    assert "Nothing was written." in said("--dry-run")
    assert lying(broker, topics.METRICS_PUBLIC) == {}

    now = datetime.now(UTC)
    audit, hidden, shown = whole(now)
    send(broker, audit, hidden[: len(hidden) // 2])  # and here it was killed

    assert "Written." in said(*AS_THEY)
    public = lying(broker, topics.METRICS_PUBLIC)
    assert public.keys() == {one.key for one in (*hidden, *shown)}
    assert {decode(PublicMetric, one).decided_by for one in public.values()} == {"data-officer"}

    assert "Nothing was written." in said(*AS_THEY)
    assert lying(broker, topics.METRICS_PUBLIC) == public
    (kept,) = lying(broker, topics.AUDIT).values()
    assert decode(DecisionRecord, kept).decision is Decision.RELEASE

    is_open(settings, processes, f"{now.date()}.csv")


def is_open(settings: Settings, processes: Processes, name: str) -> None:
    """Whoever asks is shown what was released, and nothing of the inside."""
    listen = f"{LOOPBACK}:{free_ports(1)[0]}"
    environment = {
        **settings,
        "THROUGHLINE_PUBLISH_PUBLIC": listen,
        "THROUGHLINE_PUBLISH_PUBLIC_URL": "https://data.example.org",
    }
    command = [sys.executable, "-m", "services.publish", "public"]
    child = processes.start(Program("public", command, environment))
    assert child.wait_for("topic.caught_up", 60), child.account()
    with urlopen(f"http://{listen}/open-data/catalog.jsonld", timeout=10) as answer:
        catalogue = json.loads(answer.read())
    files = {
        one["dcat:downloadURL"]["@id"]
        for data_set in catalogue["dcat:dataset"]
        for one in data_set.get("dcat:distribution", [])
    }
    address = f"https://data.example.org/open-data/services/permits/2026-09/{name}"
    assert address in files
    path = address.removeprefix("https://data.example.org")
    with urlopen(f"http://{listen}{path}", timeout=10) as csv:
        assert csv.read().startswith(b"number,metric_id,")
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://{listen}/metrics", timeout=10)
    assert child.stop() == 0, child.account()
    processes.forget(child)
