"""Has the broker compact within a minute what it compacts within hours in service."""

import struct
from collections.abc import Collection, Mapping

from confluent_kafka.admin import (  # type: ignore[attr-defined]  # theirs to export
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

from schemas.topics import JOURNEY_STATE, JOURNEYS, METRICS_INTERNAL, TALLIES
from tests.system.topic import read_all

# As the contracts' hour is to a pause of a process: longer than any here, outages included.
_LAG_SECONDS = 45
_NODE = "1"
_COMPACTED = (JOURNEY_STATE, JOURNEYS, TALLIES, METRICS_INTERNAL)


def compact_soon(
    bootstrap: str, names: Collection[str] = _COMPACTED, lag_seconds: int = _LAG_SECONDS
) -> None:
    """From now on, and after every restart of the broker; what is younger than the lag stays."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    broker = _changes("BROKER", _NODE, {"log.cleaner.backoff.ms": "500"})
    soon = {
        "segment.ms": "3000",
        "min.cleanable.dirty.ratio": "0.01",
        "min.compaction.lag.ms": str(lag_seconds * 1000),
        "max.compaction.lag.ms": str(lag_seconds * 1000 + 1000),
    }
    topics = [_changes("TOPIC", name, soon) for name in names]
    for answer in admin.incremental_alter_configs([broker, *topics]).values():
        answer.result(30)


async def left_of_state(bootstrap: str) -> str:
    """How much of journey.state.v1 the cleaner has left, and how many foreign writes are seen."""
    records = await read_all(bootstrap, JOURNEY_STATE)
    ends, newest, foreign = dict[int, int](), dict[int, int](), 0
    for one in records:
        ends[one.partition] = one.offset + 1
        (upto,) = struct.unpack(">q", dict(one.headers)["upto"])
        foreign += upto < newest.get(one.partition, -1)
        newest[one.partition] = max(upto, newest.get(one.partition, -1))
    return f"{len(records)} records left of {sum(ends.values())}, {foreign} of them foreign"


def _changes(kind: str, name: str, values: Mapping[str, str]) -> ConfigResource:
    entries = [
        ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
        for key, value in values.items()
    ]
    return ConfigResource(ConfigResource.Type[kind], name, incremental_configs=entries)
