"""One message for many records, partition by partition."""

from faust.types import TP

from services.journey.adapters.chunks import RECORDS_IN_A_CHUNK, ChunkScheduler, chunk_of
from tests.journey_worker.memory_kafka import consumer_record


def lengths(fetched: dict[TP, int]) -> list[tuple[int, int]]:
    """Partition and number of records of each chunk, in the order they are handed over."""
    records = {
        place: [consumer_record(n) for n in range(count)] for place, count in fetched.items()
    }
    return [
        (place.partition, len(chunk.value)) for place, chunk in ChunkScheduler().iterate(records)
    ]


def test_a_chunk_has_at_most_a_thousand_records() -> None:
    assert lengths({TP("t", 0): 2_001}) == [(0, 1_000), (0, 1_000), (0, 1)]


def test_partitions_take_turns_so_that_a_long_one_starves_nobody() -> None:
    assert lengths({TP("t", 0): 2_500, TP("t", 1): 10, TP("t", 2): 1_200}) == [
        (0, 1_000),
        (1, 10),
        (2, 1_000),
        (0, 1_000),
        (2, 200),
        (0, 500),
    ]


def test_nothing_fetched_is_no_chunk() -> None:
    assert lengths({}) == []
    assert lengths({TP("t", 0): 0}) == []


def test_a_chunk_stands_where_its_last_record_does() -> None:
    records = [consumer_record(n) for n in range(7, 9)]
    chunk = chunk_of(records)
    assert (chunk.topic, chunk.partition, chunk.offset) == ("source", 0, 8)
    assert chunk.value == records


def test_the_order_within_a_partition_is_kept() -> None:
    records = {TP("t", 0): [consumer_record(n) for n in range(RECORDS_IN_A_CHUNK + 5)]}
    handed = [
        record.offset for _, chunk in ChunkScheduler().iterate(records) for record in chunk.value
    ]
    assert handed == list(range(RECORDS_IN_A_CHUNK + 5))
