"""Who gets which partitions is decided only by a worker that knows which there are."""

from collections.abc import MutableMapping
from typing import Any

from aiokafka.cluster import ClusterMetadata
from faust.assignor import PartitionAssignor

from services.journey.adapters.exit import End


class PartitionsUnknown(Exception):
    """The broker did not say yet which partitions a topic has."""


def knowing(end: End) -> type[PartitionAssignor]:
    """Faust's assignor, but it calls `end` where that would give nothing to anybody.

    A broker that has just started may not know a topic yet. Faust leaves such a topic out, with a
    warning, and a static member that comes again is given the same nothing again: nobody would
    read until some other member joins.
    """

    class Knowing(PartitionAssignor):
        def assign(
            self, cluster: ClusterMetadata, member_metadata: MutableMapping[str, Any]
        ) -> Any:
            topics = {topic for one in member_metadata.values() for topic in one.subscription}
            unknown = sorted(t for t in topics if not cluster.partitions_for_topic(t))
            if unknown:
                end("assignment.impossible", PartitionsUnknown(", ".join(unknown)))
            return super().assign(cluster, member_metadata)

    return Knowing
