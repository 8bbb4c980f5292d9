"""Nobody shares out partitions that he does not know of."""

from typing import Any

import faust
import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata

from services.journey.adapters.assignor import PartitionsUnknown, knowing


class Ended(Exception):
    """Stands for the end of the process."""


def _end(_: str, why: object) -> None:
    raise Ended from why if isinstance(why, BaseException) else None


class Cluster(ClusterMetadata):  # type: ignore[misc]
    """A broker that knows of these topics and how many partitions each has."""

    def __init__(self, topics: dict[str, int]) -> None:
        super().__init__()
        self._told = topics

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return set(range(self._told[topic])) if topic in self._told else None


@pytest.fixture
def assignor(tmp_path: Any) -> Any:
    app = faust.App("test", datadir=str(tmp_path), broker="kafka://localhost:9092")
    return knowing(_end)(app)


def _members(assignor: Any) -> dict[str, Any]:
    metadata = assignor.metadata({"source"})
    return {"a": ConsumerProtocolMemberMetadata.decode(metadata.encode())}


def test_partitions_of_a_known_topic_are_shared_out(assignor: Any) -> None:
    given = assignor.assign(Cluster({"source": 3}), _members(assignor))
    assert given["a"].assignment == [("source", [0, 1, 2])]


def test_where_a_topic_is_not_known_yet_the_process_ends(assignor: Any) -> None:
    with pytest.raises(Ended) as ended:
        assignor.assign(Cluster({}), _members(assignor))
    assert isinstance(ended.value.__cause__, PartitionsUnknown)
