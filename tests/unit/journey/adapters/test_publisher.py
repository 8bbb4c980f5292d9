"""Outputs on their way, on a Kafka in memory."""

import pytest

from schemas.topics import JOURNEYS, TOUCHPOINTS_REJECTED
from services.journey.adapters.owned_log import ForeignWrite, OwnedLog
from services.journey.adapters.publisher import KafkaPublisher, OutputTooLarge
from services.journey.domain.partition import Output
from services.journey.sessionise import Partition
from tests.journey_worker.counting import CountingState
from tests.journey_worker.memory_kafka import MemoryKafka


def output(name: str, size: int = 1, topic: str = JOURNEYS) -> Output:
    kind = "journey" if topic == JOURNEYS else None
    return Output(topic, name.encode(), b"x" * size, kind)


def publisher_on(kafka: MemoryKafka) -> KafkaPublisher:
    return KafkaPublisher(
        OwnedLog("journeys", kafka, kafka.open), {TOUCHPOINTS_REJECTED: "rejected"}, kafka
    )


def partition() -> Partition:
    return Partition(0, CountingState.empty(0))


async def test_journeys_go_in_one_batch_and_rejections_by_their_key() -> None:
    kafka, own = MemoryKafka(), partition()
    outputs = [output("a"), output("r", topic=TOUCHPOINTS_REJECTED), output("b")]
    expected = publisher_on(kafka).after(own, outputs)
    await publisher_on(kafka).publish(own, outputs)
    assert kafka.actions == ["append 2 to journeys", "send to rejected"]
    assert (own.next_output, expected) == (2, 2)


async def test_each_output_carries_its_kind() -> None:
    kafka = MemoryKafka()
    await publisher_on(kafka).publish(partition(), [output("a")])
    assert [(one.key, one.headers) for one in kafka.logs["journeys"]] == [
        (b"a", (("kind", b"journey"),))
    ]


async def test_what_fits_no_batch_goes_in_several() -> None:
    kafka, own = MemoryKafka(batch_bytes=100), partition()
    await publisher_on(kafka).publish(own, [output(name, 40) for name in "abcde"])
    assert kafka.actions == ["append 2 to journeys", "append 2 to journeys", "append 1 to journeys"]
    assert own.next_output == 5


async def test_an_output_larger_than_a_batch_is_never_sent_in_part() -> None:
    kafka = MemoryKafka(batch_bytes=100)
    with pytest.raises(OutputTooLarge):
        await publisher_on(kafka).publish(partition(), [output("a", 101)])
    assert kafka.logs == {}


async def test_nothing_to_publish_sends_nothing() -> None:
    kafka = MemoryKafka()
    await publisher_on(kafka).publish(partition(), [])
    assert kafka.actions == []


async def test_a_record_of_somebody_else_in_between_is_found_out() -> None:
    kafka, own = MemoryKafka(), partition()
    await publisher_on(kafka).publish(own, [output("a")])
    kafka.put("journeys", b"theirs", b"", [])
    with pytest.raises(ForeignWrite, match="journeys/0: expected 1, got 2"):
        await publisher_on(kafka).publish(own, [output("b")])
