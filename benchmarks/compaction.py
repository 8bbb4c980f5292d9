"""Has a broker compact a topic at once, as it does within hours in service."""

import time
from collections.abc import Callable

from confluent_kafka.admin import (  # type: ignore[attr-defined]  # theirs to export
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

from benchmarks.peers.life import DidNotFinish
from benchmarks.peers.reading import pairs

# A segment is closed by the next record once it is this old, and only closed ones are compacted.
_AT_ONCE = {
    "segment.ms": "1000",
    "min.cleanable.dirty.ratio": "0.01",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "1000",
}
_LOOK_SECONDS = 5.0


def compact(
    bootstrap: str, topic: str, most_records: int, seconds: float, is_written: Callable[[], bool]
) -> None:
    """Returns when at most so many records are left; somebody must go on writing to the topic, and
    `is_written` says that he does. Raises DidNotFinish.
    """
    resource = ConfigResource(
        ConfigResource.Type.TOPIC,
        topic,
        incremental_configs=[
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
            for name, value in _AT_ONCE.items()
        ],
    )
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.incremental_alter_configs([resource])[resource].result(30)
    limit = time.monotonic() + seconds
    while (left := sum(1 for _ in pairs(bootstrap, topic))) > most_records:
        if not is_written() or time.monotonic() > limit:
            raise DidNotFinish(f"{left:,} records of {topic} are left, not {most_records:,}")
        time.sleep(_LOOK_SECONDS)
