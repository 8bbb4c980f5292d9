"""The use case: what is published, in which order, and what is told when Kafka is away."""

from datetime import UTC, datetime
from functools import partial

import pytest

from schemas.codec import decode, encode
from schemas.control import Tick
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from services.ingest.collect import Collector, messages_of
from services.ingest.domain.admission import admit
from services.ingest.domain.outcome import Accepted, Ignored, Rejected
from services.ingest.domain.sealing import unseal
from services.ingest.domain.submission import Received
from services.ingest.feed import ClockFeeder
from services.ingest.sending import Message, PublishFailed
from tests.unit.ingest.world import (
    EDGE,
    NOW,
    RULES,
    RecordingWorld,
    arrival,
    batch,
    received,
    visit,
)

JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def collector(world: RecordingWorld) -> Collector:
    return Collector(RULES, world, world, EDGE)


async def test_an_accepted_event_is_published_under_its_pseudonym_and_counted_last() -> None:
    world = RecordingWorld()
    (outcome,) = await collector(world).collect(batch(received()))
    expected = admit(received(), arrival(size=len(b"original")), RULES)
    assert isinstance(expected, Accepted)
    assert outcome == expected
    assert world.actions == [
        Message(
            topic="touchpoints.v1",
            key=expected.record.subject.encode(),
            value=encode(expected.record),
            headers=(("content-type", b"application/cloudevents+json"),),
        ),
        ("counted", "web", "Accepted", NOW),
    ]


async def test_a_comment_is_published_with_its_event_and_before_anything_is_counted() -> None:
    world = RecordingWorld()
    (outcome,) = await collector(world).collect(batch(received(visit(text="ask a@town.example"))))
    assert isinstance(outcome, Accepted)
    (comment,) = outcome.comments
    key = outcome.record.subject.encode()
    assert world.actions == [
        Message(topic="comments.v1", key=key, value=encode(comment)),
        *messages_of(outcome)[1:],
        ("counted", "web", "Accepted", NOW),
    ]
    assert comment.text == "ask [email]"


async def test_a_comment_of_a_refused_event_is_not_published() -> None:
    world = RecordingWorld()
    await collector(world).collect(batch(received(visit(text="hello", service="parkin"))))
    assert [message.topic for message in world.messages] == ["touchpoints.rejected.v1"]


async def test_a_rejected_event_is_kept_sealed_with_its_reason() -> None:
    world = RecordingWorld()
    await collector(world).collect(batch(received(), received(visit(service="parkin"))))
    message = world.messages[1]
    rejection = decode(Rejection, message.value)
    assert (message.topic, message.key) == ("touchpoints.rejected.v1", b"web")
    assert rejection.original is not None
    assert unseal(RULES.sealing, rejection.original) == b"original"
    assert rejection.model_copy(update={"original": None}) == Rejection(
        reason=Reason.UNKNOWN_SERVICE,
        detail="service: unknown; did you mean 'parking'?",
        source="web",
        protocol="cloudevents",
        at=NOW,
        index=1,
    )


async def test_an_ignored_event_is_counted_and_published_nowhere() -> None:
    world = RecordingWorld()
    await collector(world).collect(batch(Received(b"", Ignored(IgnoredReason.EMPTY))))
    assert world.actions == [("counted", "web", "Ignored", NOW)]


async def test_outcomes_keep_the_order_of_the_events() -> None:
    ignored = Received(b"", Ignored(IgnoredReason.EMPTY))
    events = batch(received(visit(service="x")), ignored, received())
    found = await collector(RecordingWorld()).collect(events)
    assert [type(outcome) for outcome in found] == [Rejected, Ignored, Accepted]


async def test_nothing_is_counted_when_kafka_is_away() -> None:
    world = RecordingWorld(is_away=True)
    with pytest.raises(PublishFailed):
        await collector(world).collect(batch(received()))
    assert world.actions == []


async def test_explaining_publishes_and_counts_nothing() -> None:
    world = RecordingWorld()
    (told,) = collector(world).explain(batch(received()))
    assert (told["result"], world.actions) == ("accepted", [])


async def test_the_same_event_again_is_the_same_record_under_the_same_key() -> None:
    world = RecordingWorld()
    for _ in range(2):
        await collector(world).collect(batch(received()))
    first, second = (decode(TouchpointRecord, m.value) for m in world.messages)
    assert first == second


# -- clocks ---------------------------------------------------------------------------------------

tick = partial(Tick, clock="demo")


async def test_a_tick_goes_into_every_partition_without_a_key() -> None:
    world = RecordingWorld(partition_count=3)
    refusal = await ClockFeeder(world, world).tick(tick(time=JUNE))
    value = encode(tick(time=JUNE))
    assert refusal is None
    assert world.actions == [
        Message("touchpoints.v1", None, value, (("kind", b"tick"),), partition)
        for partition in range(3)
    ]


async def test_a_tick_before_the_newest_one_is_refused_and_not_sent() -> None:
    world = RecordingWorld(ticks={"demo": tick(time=JUNE)})
    refusal = await ClockFeeder(world, world).tick(tick(time=NOW))
    assert refusal == "the clock demo is already at 2026-06-01T00:00:00+00:00"
    assert world.actions == []


async def test_a_tick_is_not_sent_when_the_log_of_ticks_cannot_be_read() -> None:
    world = RecordingWorld(is_away=True)
    with pytest.raises(PublishFailed):
        await ClockFeeder(world, world).tick(tick(time=JUNE))
    assert world.actions == []
