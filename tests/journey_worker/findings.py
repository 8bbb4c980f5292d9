"""What source, state log and outputs of one group say, compared key by key.

Reads the logs by its own few lines, not with the worker's code.
"""

import json
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from schemas.topics import TOUCHPOINTS, topic
from services.journey.adapters.faust_app import Topics

PARTITIONS = topic(TOUCHPOINTS).partitions
Pair = tuple[int, int]
_APPLIED = b"\0applied"


@dataclass(frozen=True)
class Findings:
    """Of each key that differs: how often it is in the source, and how often it was counted.

    `foreign` are the records of the state log that lie behind newer ones, `copies` those of rows
    that have a later one, which a cleaner has not taken away yet.
    """

    events: int = 0
    wrong: Mapping[str, Pair] = field(default_factory=dict)
    published_wrong: Mapping[str, Pair] = field(default_factory=dict)
    behind: Mapping[int, Pair] = field(default_factory=dict)
    foreign: int = 0
    copies: int = 0
    counted: Mapping[str, int] = field(default_factory=dict)
    left_by_compaction: Mapping[str, int] = field(default_factory=dict)
    partition_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Every partition is applied to its end."""
        return not self.behind

    @property
    def is_right(self) -> bool:
        """Nothing was lost and nothing doubled, in the state and in what was published."""
        return self.is_done and not self.wrong and not self.published_wrong

    @property
    def first_difference(self) -> str:
        """For people."""
        for name, differences in (("state", self.wrong), ("journeys", self.published_wrong)):
            for key, (truth, counted) in sorted(differences.items()):
                return f"{name}: {key} is {truth} times in the source, counted {counted} times"
        return f"not applied to the end: {self.behind}" if self.behind else "none"


async def look(bootstrap: str, topics: Topics) -> Findings:
    """Read all three topics and compare."""
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=10
    ) as consumer:
        # In the order in which they are written, so that what is applied is also published.
        source = await read(consumer, topics.source)
        state = await read(consumer, topics.state)
        journeys = await read(consumer, topics.journeys)
    truth = Counter(record.key.decode() for record in source if not _kind(record))
    ends = Counter(record.partition for record in source)
    counted = Counted()
    for record in state:
        counted.read(record)
    return Findings(
        events=truth.total(),
        wrong=_differences(truth, counted.counts),
        published_wrong=_differences(truth, _published(journeys)),
        behind={
            partition: (count - 1, counted.applied.get(partition, -1))
            for partition, count in ends.items()
            if counted.applied.get(partition, -1) < count - 1
        },
        foreign=counted.foreign,
        copies=counted.rows - len(counted.last),
        counted=counted.counts,
        left_by_compaction=counted.last,
        partition_of={record.key.decode(): record.partition for record in source if record.key},
    )


async def read(consumer: AIOKafkaConsumer, name: str) -> Sequence[ConsumerRecord]:
    """All records of a topic, each partition in order."""
    places = [TopicPartition(name, number) for number in range(PARTITIONS)]
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    await consumer.seek_to_beginning(*places)
    records: list[ConsumerRecord] = []
    while not all([await consumer.position(place) >= ends[place] for place in places]):
        for fetched in (await consumer.getmany(timeout_ms=300)).values():
            records += fetched
    return records


class Counted:
    """What the state log comes to: a batch of a lower `upto` than before it counts for nothing."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self.applied: dict[int, int] = {}
        self.foreign = 0
        self.rows = 0

    def read(self, record: ConsumerRecord) -> None:
        """Take the next record in."""
        if record.key != _APPLIED:
            self.rows += 1
            self.last[record.key.decode()] = int(record.value.split()[0])
        upto = struct.unpack(">q", dict(record.headers)["upto"])[0]
        if upto < self.applied.get(record.partition, -1):
            self.foreign += 1
        elif record.key == _APPLIED:
            self.applied[record.partition] = upto
        else:
            self.counts[record.key.decode()] = int(record.value.split()[0])


def _published(records: Sequence[ConsumerRecord]) -> Mapping[str, int]:
    """The count a reader of the compacted topic is left with: each key's last record."""
    last = {record.key: json.loads(record.value) for record in records if record.value}
    return {journey["pseudonym"]: journey["entries"] for journey in last.values()}


def _differences(truth: Mapping[str, int], counted: Mapping[str, int]) -> Mapping[str, Pair]:
    keys = truth.keys() | counted.keys()
    return {
        key: (truth.get(key, 0), counted.get(key, 0))
        for key in sorted(keys)
        if truth.get(key, 0) != counted.get(key, 0)
    }


def _kind(record: ConsumerRecord) -> bytes | None:
    return dict(record.headers).get("kind")
