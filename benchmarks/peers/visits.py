"""The load of all peers: citizens' visits as JSON, by citizen, with markers in between."""

import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.peers.truth import Times

MARKER = "marker"
_SPAN = timedelta(hours=6)
_DISORDER = timedelta(seconds=60)
_CHANNELS = ("website", "mobile-app", "phone", "counter")
_ACTIONS = ("visited", "started", "saved", "submitted")


@dataclass(frozen=True)
class Record:
    """One event in a partition of the topic."""

    partition: int
    key: bytes
    value: bytes


@dataclass(frozen=True)
class Visits:
    """How much, of how many citizens, until when; the same ones each time for the same seed.

    A run of a share has fewer events of as many fewer citizens, so that its sessions are alike.
    """

    events: int
    citizens: int
    until: datetime
    partitions: int = 4
    rounds: int = 500
    seed: int = 1

    def share(self, part: float) -> "Visits":
        """As many events of each citizen, of fewer citizens."""
        events, citizens = round(self.events * part), max(1, round(self.citizens * part))
        return Visits(events, citizens, self.until, self.partitions, self.rounds, self.seed)

    def times(self) -> Times:
        """Who was seen when, in milliseconds since 1970, in the order in which they arrive."""
        chance = random.Random(self.seed)
        begin = int((self.until - _SPAN).timestamp() * 1000)
        span, disorder = (int(one / timedelta(milliseconds=1)) for one in (_SPAN, _DISORDER))
        for number in range(self.events):
            time = begin + number * span // self.events - chance.randrange(disorder)
            yield f"citizen-{chance.randrange(self.citizens):012d}", time

    def records(self) -> Iterator[Record]:
        """The events, and after each round of them a marker in every partition."""
        each = max(1, self.events // self.rounds)
        for number, (citizen, time) in enumerate(self.times(), 1):
            partition = zlib.crc32(citizen.encode()) % self.partitions
            yield Record(partition, citizen.encode(), _value(number, citizen, time))
            if number % each == 0 or number == self.events:
                yield from self._markers(number, time)

    def _markers(self, number: int, time: int) -> Iterator[Record]:
        for partition in range(self.partitions):
            citizen = marker(number, partition)
            yield Record(partition, citizen.encode(), _value(number, citizen, time))

    def last_markers(self) -> frozenset[str]:
        """What a program has written when it has seen everything."""
        return frozenset(marker(self.events, partition) for partition in range(self.partitions))


def marker(number: int, partition: int) -> str:
    """The name of the marker after so many events."""
    return f"{MARKER}-{number}-{partition}"


def _value(number: int, citizen: str, time: int) -> bytes:
    event = {
        "id": str(UUID(int=number)),
        "citizen": citizen,
        "time": time,
        "agency": "municipality",
        "service": "building-permit",
        "touchpoint": "application-form",
        "stage": "transaction",
        "action": _ACTIONS[number % len(_ACTIONS)],
        "channel": _CHANNELS[number % len(_CHANNELS)],
        "initiator": "citizen",
    }
    return json.dumps(event, separators=(",", ":")).encode()
