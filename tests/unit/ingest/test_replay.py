"""A rejection looked at again: by new rules, and as of when it came."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from schemas import catalogue
from schemas.codec import decode
from schemas.rejection import Origin, Rejection
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Quality, Reason
from services.ingest.collect import Batch, Collector
from services.ingest.domain.inbox import InboxRecord
from services.ingest.domain.outcome import Accepted, Rejected
from services.ingest.domain.protocols import PROTOCOLS
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.replay import Unreplayable, reconsider
from services.ingest.domain.rules import Rules
from tests.unit.ingest.world import (
    CATALOGUE,
    EDGE,
    NOW,
    RULES,
    RecordingWorld,
    cloudevent,
    json,
    source,
    visit,
)

BY_NAME = {protocol.name: protocol for protocol in PROTOCOLS}
BRANCH = "{id: branch, name: Branch, stage: information, channels: [website]}"
LETTER = "      - {id: letter, name: Letter"
MENDED = replace(
    RULES,
    catalogue=catalogue.load(
        [("town.yaml", CATALOGUE.replace(LETTER, f"      - {BRANCH}\n{LETTER}", 1))]
    ),
)
AT_BRANCH = visit(touchpoint="branch")


async def refused(
    body: bytes, protocol: str = "cloudevents", rules: Rules = RULES, **request: Any
) -> list[Rejection]:
    """What is kept of a request."""
    world, spoken = RecordingWorld(), BY_NAME[protocol]
    sent = Request(body=body, **{"headers": {}, "path": spoken.paths[0]} | request)
    events = spoken.read(sent)
    assert not isinstance(events, Malformed)
    nonces = (n.to_bytes(12, "big") for n in count())
    edge = replace(EDGE, nonce=lambda: next(nonces))
    batch = Batch(source(), protocol, spoken.version, events)
    await Collector(rules, world, world, edge).collect(batch)
    kept = (m for m in world.messages if m.topic == "touchpoints.rejected.v1")
    return [decode(Rejection, message.value) for message in kept]


def published(rejection: Rejection, rules: Rules = MENDED) -> TouchpointRecord:
    outcome = reconsider(rejection, rules)
    assert isinstance(outcome, Accepted)
    return outcome.record


async def test_a_mended_catalogue_accepts_what_it_refused() -> None:
    (kept,) = await refused(json(cloudevent(AT_BRANCH)))
    assert reconsider(kept, RULES) == Rejected(Reason.UNKNOWN_TOUCHPOINT, kept.detail)
    record = published(kept)
    assert (record.source, record.id, record.data.touchpoint) == ("/web/shop", "e-1", "branch")


async def test_it_counts_as_having_come_when_it_came() -> None:
    """Else all that waited for its rule would be too old, and without a time it would be now."""
    timed = cloudevent(AT_BRANCH, time=(NOW - timedelta(hours=23)).isoformat())
    for event, happened in ((timed, NOW - timedelta(hours=23)), (cloudevent(AT_BRANCH), NOW)):
        (kept,) = await refused(json(event))
        record = published(kept)
        assert (record.time, record.data.received_at) == (happened, NOW)


CALL = b'{"type": "track", "event": "x", "context": {"throughline": {"touchpoint": "branch"}}}'


async def test_every_look_finds_the_same_event_and_no_two_rejections_share_one() -> None:
    """Also where its client gives it no id."""
    kept = await refused(b'{"batch": [%s, %s]}' % (CALL, CALL), "segment")
    first, second = (published(one) for one in kept)
    assert published(kept[0]) == first
    assert first.id != second.id


async def test_an_event_that_its_client_repeated_stays_one() -> None:
    (first,), (second,) = [await refused(json(cloudevent(AT_BRANCH))) for _ in range(2)]
    assert published(first).id == published(second).id


async def test_a_crawler_is_still_one_when_its_request_is_gone() -> None:
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    (kept,) = await refused(CALL, "segment", path="/v1/track", headers={"user-agent": agent})
    assert published(kept).data.quality is Quality.BOT_SUSPECTED


async def test_an_event_of_another_application_stays_refused() -> None:
    """A source may not bring in what is not its own by mixing it into its batches."""
    events = '{"e": "pv", "aid": "town-app", "eid": "1"}, {"e": "pv", "aid": "other", "eid": "2"}'
    schema = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
    body = f'{{"schema": "{schema}", "data": [{events}]}}'
    (kept,) = await refused(body.encode(), "snowplow")
    assert reconsider(kept, MENDED) == Rejected(Reason.BAD_VALUE, kept.detail)


async def test_what_cannot_be_looked_at_again_says_why() -> None:
    (kept,) = await refused(json(cloudevent(AT_BRANCH)))
    assert kept.original is not None
    origin = Origin(topic="touchpoints.v1", partition=0, offset=7)
    late = kept.model_copy(update={"original": None, "origin": origin, "reason": Reason.LATE})
    foreign = kept.original.model_copy(update={"ciphertext": "AAAA" + kept.original.ciphertext[4:]})
    rejections = {
        Unreplayable.NO_ORIGINAL: late,
        Unreplayable.OTHER_KEY: kept.model_copy(update={"original": foreign}),
        Unreplayable.IMPORTED: kept.model_copy(update={"protocol": "csv_log"}),
        Unreplayable.FILLED_IN: kept.model_copy(update={"protocol": "desk"}),
        Unreplayable.UNREADABLE: kept.model_copy(update={"protocol": "ga4"}),
    }
    assert {why: reconsider(one, MENDED) for why, one in rejections.items()} == {
        why: why for why in Unreplayable
    }


async def test_a_source_that_has_left_the_file_sends_nothing_any_more() -> None:
    (kept,) = await refused(json(cloudevent(AT_BRANCH)))
    outcome = reconsider(kept, replace(MENDED, sources={"shy": RULES.sources["shy"]}))
    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.SERVICE_NOT_ALLOWED


async def test_what_came_by_kafka_is_sent_again_under_its_id() -> None:
    record = InboxRecord((), json(cloudevent(AT_BRANCH)))
    world = RecordingWorld()
    batch = Batch(source(), "kafka", "1.0", [record.received])
    await Collector(RULES, world, world, EDGE).collect(batch)
    again = published(decode(Rejection, world.messages[0].value))
    assert (again.source, again.id, again.data.touchpoint) == ("/web/shop", "e-1", "branch")
