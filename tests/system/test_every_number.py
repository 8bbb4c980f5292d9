"""From HTTP to the metric topic: every number, and an account that adds up at every hop."""

from collections import Counter

import pytest
from redis.asyncio import Redis

from deploy.demo.compare import accounted
from deploy.demo.play import CLOCK
from schemas.codec import decode
from schemas.comment import Comment
from schemas.journey import Progress
from schemas.rejection import Rejection
from schemas.topics import COMMENTS, JOURNEYS, JOURNEYS_REJECTED, TOUCHPOINTS, TOUCHPOINTS_REJECTED
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import IdentityKind, Redaction
from tests.system.conftest import Played
from tests.system.topic import kind_of, read_all

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.timeout(600)]


def test_every_number_equals_the_ground_truth(played: Played) -> None:
    assert played.verdict.differences == ()
    assert played.verdict.compared > 20_000
    assert {
        "trust",
        "path_share",
        "published",
        "pages",
        "counter",
    } <= played.verdict.families.keys()


async def test_what_kafka_holds_is_what_the_senders_were_told(played: Played) -> None:
    accepted = [
        decode(TouchpointRecord, record.value)
        for record in await read_all(played.stack.bootstrap, TOUCHPOINTS)
        if kind_of(record) is None
    ]
    refused = [
        decode(Rejection, record.value)
        for record in await read_all(played.stack.bootstrap, TOUCHPOINTS_REJECTED)
    ]
    by_ingest = Counter(
        r.reason.value for r in refused if r.origin is None and r.source.startswith("demo-")
    )
    tally = played.tally
    assert sum(record.data.clock == CLOCK for record in accepted) == tally.accepted
    assert by_ingest == tally.rejected
    assert tally.sent == tally.accepted + tally.ignored + tally.rejected.total()


async def test_journey_accounts_for_every_event_that_kafka_holds(played: Played) -> None:
    records = await read_all(played.stack.bootstrap, TOUCHPOINTS)
    in_kafka = Counter(
        (record.partition, decode(TouchpointRecord, record.value).data.clock)
        for record in records
        if kind_of(record) is None
    )
    newest = {
        (progress.partition, progress.clock): progress
        for record in await read_all(played.stack.bootstrap, JOURNEYS)
        if kind_of(record) == "progress"
        for progress in [decode(Progress, record.value)]
    }
    told = {key: accounted(progress.account) for key, progress in newest.items()}
    assert {key: n for key, n in told.items() if key[1] == CLOCK} == {
        key: n for key, n in in_kafka.items() if key[1] == CLOCK
    }


async def test_redis_has_read_every_journey_and_refused_none(played: Played) -> None:
    assert await read_all(played.stack.bootstrap, JOURNEYS_REJECTED) == []
    assert played.heard.progress is not None
    assert played.heard.progress.partitions_caught_up == played.heard.progress.partitions
    async with Redis.from_url(played.stack.redis_url) as redis:
        assert [key async for key in redis.scan_iter(f"{played.stack.redis_prefix}*")]


async def test_what_was_written_is_there_once_and_without_what_reaches_its_writer(
    played: Played,
) -> None:
    written = [one.id for one in played.plan.history.sendings if "text" in one.data]
    told = [decode(Comment, r.value) for r in await read_all(played.stack.bootstrap, COMMENTS)]
    comments = {one.id: one for one in told if one.clock == CLOCK}.values()
    assert len(comments) == len(set(written)) > 40
    assert {one.identity_kind for one in comments} >= {IdentityKind.CITIZEN, IdentityKind.ONCE}
    assert {kind.kind for one in comments for kind in one.redacted} >= {
        Redaction.EMAIL,
        Redaction.PHONE,
    }
