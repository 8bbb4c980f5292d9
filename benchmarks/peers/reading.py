"""What a peer says its sessions are: its topic to the end, and each format in a function."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from benchmarks.peers.truth import Sessions
from benchmarks.peers.visits import MARKER

# Key and value; no value is a tombstone.
Pair = tuple[bytes, bytes | None]
Read = Callable[[Iterable[Pair]], Sessions]


def upserted(pairs: Iterable[Pair]) -> Sessions:
    """`citizen@first@last` and the count as text; a tombstone takes a session back."""
    last = {key: value for key, value in pairs if not key.startswith(MARKER.encode())}
    return {_name(key): int(value) for key, value in last.items() if value is not None}


def _name(key: bytes) -> tuple[str, int, int]:
    citizen, first, last = key.decode().split("@")
    return citizen, int(first), int(last)


def tabled(pairs: Iterable[Pair]) -> Sessions:
    """A Faust table's changelog: the citizen, and the list of [first, last, count]."""
    last = {json.loads(key): json.loads(value or b"[]") for key, value in pairs}
    return {
        (citizen, first, end): events
        for citizen, known in last.items()
        for first, end, events in known
        if not citizen.startswith(MARKER)
    }


def pairs(bootstrap: str, topic: str) -> Iterator[Pair]:
    """All records of a topic, each partition in order; only committed ones."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "reading",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    ended = count(1)
    try:
        while True:
            for message in consumer.consume(10_000, timeout=1):
                if message.error() is None:
                    yield message.key() or b"", message.value()
                elif next(ended) == len(partitions):
                    return
    finally:
        consumer.close()
